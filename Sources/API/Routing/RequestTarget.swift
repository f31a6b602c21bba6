import HTTPTypes

/// The path and query of a request line.
struct RequestTarget: Sendable {
    /// As it was sent: not percent-decoded.
    let path: String
    let query: [String: String]

    /// Longer targets are refused, in bytes.
    static let maxLength = 12 * 1024
    static let maxQueryParameters = 64

    init(_ target: String) throws(Problem) {
        guard target.utf8.count <= RequestTarget.maxLength else {
            throw Problem.targetTooLong(false)
        }
        let withoutFragment = target.prefix { $0 != "#" }
        let path = withoutFragment.prefix { $0 != "?" }
        self.path = String(RequestTarget.withoutOrigin(path))
        query = try RequestTarget.parse(query: withoutFragment.dropFirst(path.count + 1))
    }

    /// The path alone, as it was sent.
    static func path(of target: String) -> Substring { withoutOrigin(target.prefix { $0 != "#" && $0 != "?" }) }

    /// The absolute form that proxies use, `http://host/path`, means `/path`.
    private static func withoutOrigin(_ path: Substring) -> Substring {
        guard !path.hasPrefix("/"), let scheme = path.firstRange(of: "://") else { return path }
        let rest = path[scheme.upperBound...]
        return rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
    }

    /// Names and values, percent-decoded.
    static func parse(query: Substring) throws(Problem) -> [String: String] {
        let pairs = query.split(separator: "&")
        guard pairs.count <= maxQueryParameters else {
            throw .badRequest("more than \(maxQueryParameters) parameters")
        }
        var values: [String: String] = [:]
        for pair in pairs {
            let name = pair.prefix { $0 != "=" }
            guard let key = PercentCoding.decode(name, plusIsSpace: true),
                let value = PercentCoding.decode(pair.dropFirst(name.count + 1), plusIsSpace: true)
            else { throw .badRequest("the parameters are not percent-encoded UTF-8 without NUL") }
            guard values.updateValue(value, forKey: key) == nil else {
                throw .badRequest("a parameter is given twice")
            }
        }
        return values
    }
}
