/// Somebody who listens: plays, stars, ratings and connected services are an account's own.
package struct Account: Hashable, Sendable {
    package enum Role: String, Codable, CaseIterable, Sendable {
        case user, admin

        /// What a session opens that begins with the account's password.
        package var access: AccessRole { self == .admin ? .admin : .user }
    }

    package var id: Int64
    package var name: String
    package var role: Role
    package var hasPassword: Bool
    /// Microseconds since the epoch, as the other.
    package var createdAt: Int64
    /// Since when nothing of it opens anything; nil while it may be used.
    package var disabledAt: Int64?

    package init(
        id: Int64, name: String, role: Role, hasPassword: Bool, createdAt: Int64, disabledAt: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.hasPassword = hasPassword
        self.createdAt = createdAt
        self.disabledAt = disabledAt
    }

    package static let maxNameBytes = 64
    package static let minPasswordCharacters = 8
    /// Longer ones are not worth the hashing.
    package static let maxPasswordBytes = 1024

    /// Names stand in addresses, headers and lines of text: no control characters, no blanks at the ends, no colon,
    /// which ends a name in HTTP's Basic sign-in.
    package static func isName(_ text: String) -> Bool {
        (1...maxNameBytes).contains(text.utf8.count)
            && text.first?.isWhitespace == false && text.last?.isWhitespace == false
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0 != ":" }
    }

    package static func isPassword(_ text: String) -> Bool {
        text.count >= minPasswordCharacters && text.utf8.count <= maxPasswordBytes && !text.utf8.contains(0)
    }
}

extension AccessRole {
    /// What a token opens, when its account may do no more than this.
    package func limited(to role: Account.Role) -> AccessRole { self == .admin && role == .user ? .user : self }
}
