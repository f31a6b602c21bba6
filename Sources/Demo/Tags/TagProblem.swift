/// Why tags cannot be written into a file.
package enum TagProblem: Error, Hashable, CustomStringConvertible {
    case unexpected(format: String, what: String)

    package var description: String {
        switch self {
        case .unexpected(let format, let what): "this is not the \(format) that was expected: \(what)"
        }
    }
}
