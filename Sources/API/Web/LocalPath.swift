/// A path on this server with its query, as links and redirects carry it. Never a way to another site.
struct LocalPath: Hashable, Sendable, ExpressibleByStringLiteral {
    let text: String

    /// Longer ones are refused, in bytes.
    static let maxLength = 2000

    /// Nil for what a browser could take for an address elsewhere, and for what does not belong into a header.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= LocalPath.maxLength,
            bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }),
            bytes.count == 1 || bytes[1] != UInt8(ascii: "/")
        else { return nil }
        self.text = text
    }

    init(stringLiteral text: StaticString) {
        guard let path = LocalPath(text.description) else { preconditionFailure("a literal path lies on this server") }
        self = path
    }

    /// With one query parameter more.
    func with(_ name: StaticString, _ value: String) -> LocalPath {
        let pair = "\(name)=\(PercentCoding.encode(value))"
        return LocalPath(text + (text.contains("?") ? "&" : "?") + pair) ?? self
    }
}
