/// The address of a page elsewhere, to which a browser is sent: http or https, and nothing that ends an attribute.
struct OutsideAddress: Hashable, Sendable {
    let text: String

    /// Longer ones are refused, in bytes.
    static let maxLength = 8000

    init?(_ text: String) {
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count <= Self.maxLength,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Self.forbidden.contains($0) })
        else { return nil }
        self.text = text
    }

    /// Of a literal.
    init(known text: StaticString) {
        guard let address = OutsideAddress(text.description) else {
            preconditionFailure("a known address is one of http or https")
        }
        self = address
    }

    private static let forbidden = Set("\"'<>\\^`{|}".utf8)
}

/// Where a page leads by itself, at once.
///
/// A redirect would not do in two places: a policy for forms holds for what a form is redirected to, and a session's
/// cookie does not come along where another site has sent the browser. A page that goes on by itself is ours.
enum Onward: Hashable, Sendable {
    case here(LocalPath)
    case outside(OutsideAddress)

    var text: String {
        switch self {
        case .here(let path): path.text
        case .outside(let address): address.text
        }
    }
}
