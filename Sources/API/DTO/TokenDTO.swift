import Domain
import UseCases

extension Shape where Value == AccessToken {
    static let token = Shape.object("Token") {
        Field("id", .integer) { $0.id }
        Field("account_id", .integer, "Whose it is.") { $0.accountID }
        Field("name", .text) { $0.name }
        Field("role", .choice, "No more than its account may do.") { $0.role }
        workRoles
        Field(
            optional: "session_of", .integer,
            "Of a browser's session: the token that somebody signed in with, 0 for a password; else null."
        ) { $0.parentID }
        Field("app_password", .flag, "Whether it is a password for players of the Subsonic protocol.") {
            $0.isAppPassword
        }
        Field("created_at", .time) { $0.createdAt }
        Field(optional: "expires_at", .time, "Null when it does not expire.") { $0.expiresAt }
        Field(optional: "last_used_at", .time) { $0.lastUsedAt }
    }

    static let whoami = Shape.object("Whoami") {
        Field("token_id", .integer) { $0.id }
        Field("account_id", .integer) { $0.accountID }
        Field("name", .text) { $0.name }
        Field("role", .choice) { $0.role }
        workRoles
        Field(optional: "expires_at", .time) { $0.expiresAt }
    }

    private static let workRoles = Field<AccessToken>(
        optional: "work_roles", Shape<Role>.choice.list, "Of a worker's token; null when it may lease every task."
    ) { token in token.workRoles.map { roles in Role.allCases.filter(roles.contains) } }
}

/// A token together with its secret, which is shown this once.
struct IssuedToken: Sendable {
    let token: AccessToken
    let secret: String
}

extension Shape where Value == IssuedToken {
    static let issued = Shape.object("IssuedToken") {
        Field("token", .token) { $0.token }
        Field("secret", .text, "Goes into the Authorization header; cannot be read again.") { $0.secret }
    }
}
