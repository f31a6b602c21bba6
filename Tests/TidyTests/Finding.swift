/// A breach of a house rule.
struct Finding: Hashable, CustomStringConvertible {
    let path: String
    /// From 1; 0 stands for the whole file.
    let line: Int
    let rule: String

    var description: String { "\(path):\(line): \(rule)" }
}
