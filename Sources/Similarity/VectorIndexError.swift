/// Why a vector was refused.
package enum VectorIndexError: Error, Hashable, Sendable {
    case wrongDimension(expected: Int, actual: Int)
    /// A component is NaN or infinite, or so large that a score could overflow.
    case notFinite
}

extension VectorIndexError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongDimension(let expected, let actual):
            "the index holds vectors of \(expected) numbers, this one has \(actual)"
        case .notFinite:
            "the vector has a component that is not a usable number"
        }
    }
}
