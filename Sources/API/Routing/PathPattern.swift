/// `/v1/scans/{id}`: fixed parts, and parts in braces that match any one part of a path.
struct PathPattern: Hashable, Sendable, CustomStringConvertible {
    enum Part: Hashable, Sendable {
        case fixed(String)
        case variable(String)
    }

    let parts: [Part]
    let description: String

    init(_ text: String) {
        description = text
        parts = PathPattern.split(text).map { part in
            part.hasPrefix("{") ? .variable(String(part.dropFirst().dropLast())) : .fixed(part)
        }
    }

    /// How many parts are the same in every path that fits.
    var fixedCount: Int { parts.count { if case .fixed = $0 { true } else { false } } }

    var hasVariables: Bool { fixedCount < parts.count }

    /// The parts of a path that are matched: an empty part (`//`, or a slash at the end) never matches.
    static func split(_ path: String) -> [String] {
        path == "/" ? [] : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    /// The values of the variables, percent-decoded; nil when the path does not fit.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (part, text) in zip(parts, path) {
            switch part {
            case .fixed(let fixed):
                guard fixed == text else { return nil }
            case .variable(let name):
                guard !text.isEmpty, let value = PercentCoding.decode(text) else { return nil }
                values[name] = value
            }
        }
        return values
    }
}
