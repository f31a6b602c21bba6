import UseCases

/// Where a database is and how to sign in. Its description can be shown to anybody.
package struct PostgresURL: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// libpq's keywords.
    let parameters: [String: String]

    package static func looksLikeOne(_ text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    /// Throws `preconditionFailed` with a sentence that does not repeat the text.
    package init(_ text: String) throws(StoreError) {
        guard Self.looksLikeOne(text), var parts = LibPQ.parse(text) else {
            if let name = Self.unknownOption(in: text) {
                throw .preconditionFailed("the database URL has an option that PostgreSQL does not know: \(name)")
            }
            throw .preconditionFailed(
                "the database URL cannot be read; it looks like postgres://user:password@host:5432/database")
        }
        guard Self.isUnambiguous(text) else {
            throw .preconditionFailed(
                "the database URL can be read in two ways: in the user's name and the password write %40 for @, "
                    + "%2F for /, %3F for ? and %3A for :")
        }
        for (key, value) in Self.defaults where parts[key] == nil { parts[key] = value }
        parts["client_encoding"] = "UTF8"
        parameters = parts
    }

    /// libpq takes a bare @ or / in a password for the end of it, and would show the rest as a host or a port.
    private static func isUnambiguous(_ text: String) -> Bool {
        let place = text.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1).first ?? text.utf8[...]
        let signs = place.indices.filter { place[$0] == UInt8(ascii: "@") }
        guard let sign = signs.first else { return true }
        let user = place[..<sign].drop { $0 != UInt8(ascii: "/") }.dropFirst(2)
        return signs.count == 1 && !user.contains(UInt8(ascii: "/"))
    }

    /// Only a word in a place where nobody can have meant a password: one with a bare ? in it goes on in the options.
    private static func unknownOption(in text: String) -> String? {
        let halves = text.split(separator: "?", maxSplits: 1)
        guard halves.count == 2, !halves[1].contains("@"),
            halves[0].contains("@") || halves[0].count(where: { $0 == ":" }) < 2
        else { return nil }
        let names = halves[1].split(separator: "&").map { $0.prefix { $0 != "=" } }
        let unknown = names.first { !LibPQ.options.contains(String($0)) }
        return unknown.flatMap { name in name.allSatisfy { $0.isLetter || $0 == "_" } ? "\(name)" : nil }
    }

    /// A server that froze or a cable that was pulled is noticed within half a minute.
    private static let defaults = [
        "application_name": "sillon", "connect_timeout": "5", "keepalives": "1", "keepalives_idle": "15",
        "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "20000",
        // Kerberos only for those who ask for it: its library is loaded, and torn down, for nothing.
        "gssencmode": "disable",
    ]

    package var password: String? { parameters["password"].flatMap { $0.isEmpty ? nil : $0 } }

    /// The same place without secrets.
    package var description: String {
        let user = parameters["user"].map { "\($0)@" } ?? ""
        let host = parameters["host"] ?? parameters["hostaddr"] ?? ""
        let port = parameters["port"].map { ":\($0)" } ?? ""
        return "postgres://\(user)\(host)\(port)/\(parameters["dbname"] ?? "")"
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Takes the password out of a text that others wrote.
    func withoutPassword(_ text: String) -> String {
        guard let password else { return text }
        return text.split(separator: password, omittingEmptySubsequences: false).joined(separator: "[hidden]")
    }

    /// The same server and user, another database.
    package func withDatabase(_ name: String) -> PostgresURL {
        var parts = parameters
        parts["dbname"] = name
        return PostgresURL(parameters: parts)
    }

    /// The same database; its server shows connections under this name.
    package func named(_ applicationName: String) -> PostgresURL {
        var parts = parameters
        parts["application_name"] = applicationName
        return PostgresURL(parameters: parts)
    }

    init(parameters: [String: String]) {
        self.parameters = parameters
    }
}
