import Domain

package struct AccessToken: Hashable, Sendable {
    package var id: Int64
    /// Whose it is.
    package var accountID: Int64
    package var name: String
    /// What it opens: no more than its account may do.
    package var role: AccessRole
    package var createdAt: Int64
    package var expiresAt: Int64?
    package var lastUsedAt: Int64?
    /// Of a worker's token: the tasks it may lease; nil means every role.
    package var workRoles: Set<Role>?
    /// Of a browser's session: the token that somebody signed in with, and with which it ends at the latest, or
    /// `byPassword`.
    package var parentID: Int64?

    /// Whether its secret is kept so that digests of it can be checked: see `AppPasswordStore`.
    package var isAppPassword: Bool

    /// In the place of a parent: the session began with the account's password, and ends when that is changed.
    package static let byPassword: Int64 = 0

    package init(
        id: Int64, accountID: Int64, name: String, role: AccessRole, createdAt: Int64, expiresAt: Int64?,
        lastUsedAt: Int64?, workRoles: Set<Role>? = nil, parentID: Int64? = nil,
        isAppPassword: Bool = false
    ) {
        self.id = id
        self.accountID = accountID
        self.name = name
        self.role = role
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.workRoles = workRoles
        self.parentID = parentID
        self.isAppPassword = isAppPassword
    }

    package static let secretPrefix = "sillon_"
    /// Of an app password: no letter that looks like another, nor like a digit.
    package static let appPasswordLetters = "abcdefghjkmnpqrstuvwxyz23456789"
    package static let appPasswordGroups = 5
    package static let appPasswordGroupLength = 5

    /// Whether a text has the form of a token's secret; passwords of people have not.
    package static func mayBeSecret(_ text: String) -> Bool {
        if text.hasPrefix(secretPrefix) { return true }
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.count == appPasswordGroups
            && groups.allSatisfy { $0.count == appPasswordGroupLength && $0.allSatisfy(appPasswordLetters.contains) }
    }

    package var isSession: Bool { parentID != nil }

    /// Whether the bearer may lease tasks of this role.
    package func mayWork(as work: Role) -> Bool {
        switch role {
        case .admin: true
        case .worker: workRoles?.contains(work) ?? true
        case .user: false
        }
    }
}

/// Tokens are random 256-bit values; only their SHA-256 is kept.
package protocol TokenStore: Sendable {
    /// Answers the secret once; it cannot be read again. Throws `notFound` for an unknown account, `conflict` for a role
    /// that the account does not have.
    /// - Parameters:
    ///   - account: nil for the oldest administrator, who is made with the first token of all.
    ///   - workRoles: limits a worker's token; nil leaves it unlimited.
    func createToken(
        account: Int64?, name: String, role: AccessRole, workRoles: Set<Role>?, expiresAt: Int64?
    ) async throws -> (token: AccessToken, secret: String)
    /// A session for a browser: a token of its own that opens what its parent opens. The oldest sessions of a token end
    /// when there are too many. Throws `notFound` when the parent is revoked by now.
    func createSession(of parent: AccessToken, expiresAt: Int64) async throws -> (token: AccessToken, secret: String)
    /// Nil for an unknown, revoked or expired secret, and while its account is disabled.
    func verify(secret: String) async throws -> AccessToken?
    /// With sessions.
    func tokens() async throws -> [AccessToken]
    /// And its sessions with it.
    func revokeToken(id: Int64) async throws
    func hasAdminToken() async throws -> Bool
}

extension TokenStore {
    package func createToken(
        name: String, role: AccessRole, workRoles: Set<Role>? = nil, expiresAt: Int64?
    ) async throws -> (token: AccessToken, secret: String) {
        try await createToken(account: nil, name: name, role: role, workRoles: workRoles, expiresAt: expiresAt)
    }
}
