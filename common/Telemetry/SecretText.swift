/// Takes out of a text what opens something: it may come in an error of somebody else's.
package struct SecretText: Sendable {
    /// What the settings call secret, longest first.
    private let known: [String]

    /// Shorter ones would be found in ordinary words.
    private static let lengthMin = 6
    package static let hidden = "[hidden]"
    package static let none = SecretText([])

    package init(_ secrets: [String]) {
        known = Set(secrets).filter { $0.utf8.count >= Self.lengthMin }.sorted { $0.utf8.count > $1.utf8.count }
    }

    package func masked(_ text: String) -> String {
        var text = text
        for secret in known where text.contains(secret) { text = text.replacing(secret, with: Self.hidden) }
        // Nearly all texts end here.
        if text.utf8.contains(UInt8(ascii: "=")) { text = text.replacing(Self.parameters) { "\($0.1)\(Self.hidden)" } }
        if text.contains("://") { text = text.replacing(Self.passwords) { "\($0.1)\(Self.hidden)@" } }
        if text.contains("sillon_") { text = text.replacing(Self.tokens, with: Self.hidden) }
        if Self.schemes.contains(where: text.contains) {
            text = text.replacing(Self.authorizations) { "\($0.1)\(Self.hidden)" }
        }
        return text
    }

    private static let schemes = ["earer ", "asic ", "oken ", "EARER ", "ASIC ", "OKEN "]

    // Made anew for each use: a Regex is not Sendable.
    private static var parameters: Regex<(Substring, Substring)> {
        /((?i:api_?key|access_token|token|secret|password|passwd|signature|api_sig|session_key|sk|key)=)[^&\s"'<>]+/
    }
    private static var passwords: Regex<(Substring, Substring)> { /(:\/\/[^\/@\s:]*:)[^\/@\s]+@/ }
    private static var tokens: Regex<Substring> { /sillon_[A-Za-z0-9_\-]{16,}/ }
    private static var authorizations: Regex<(Substring, Substring)> {
        /((?i:bearer|basic|token) +)[A-Za-z0-9._~+\/=\-]{8,}/
    }
}
