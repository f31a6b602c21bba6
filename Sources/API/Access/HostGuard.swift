import Domain
import HTTPTypes

/// Refuses requests whose Host header names another site, so that a web page cannot reach an API on loopback by
/// letting its own name point there (DNS rebinding).
struct HostGuard: Sendable {
    /// Nil when every name is allowed.
    private let allowed: Set<String>?

    init(boundTo host: String, allowedHosts: [String]) {
        allowed =
            Loopback.contains(host)
            ? Set(HostGuard.loopbackNames + allowedHosts.map { $0.lowercased() }) : nil
    }

    /// `authority` is the Host header: a name or an address, with or without a port.
    func allows(_ authority: String?) -> Bool {
        guard let allowed else { return true }
        guard let authority, let name = HostGuard.name(of: authority) else { return false }
        return allowed.contains(name)
    }

    static let refusal = Problem(
        .misdirectedRequest, "this server does not answer to the name in the Host header")

    private static let loopbackNames = ["localhost", "127.0.0.1", "[::1]"]

    /// The name in lower case without the port; nil when the rest is no port.
    private static func name(of authority: String) -> String? {
        let text = authority.lowercased()
        let end =
            text.hasPrefix("[")
            ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":") ?? text.endIndex
        guard let end else { return nil }
        let port = text[end...]
        guard port.isEmpty || (port.first == ":" && port.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }) else {
            return nil
        }
        return String(text[..<end])
    }
}
