import Domain
import UseCases

/// `TokenStore` on the database.
package struct DatabaseTokenStore: TokenStore {
    let context: QueueContext

    static let maxNameBytes = 100
    /// The time of last use is kept this coarse, so that reading the library does not write.
    static let usePrecisionSeconds: Int64 = 3600

    package func createToken(
        account: Int64?, name: String, role: AccessRole, workRoles: Set<Role>?, expiresAt: Int64?
    ) async throws -> (token: AccessToken, secret: String) {
        try Self.check(name: name)
        let secret = SessionSecret(random: context.random)
        let hash = secret.hash
        let token = try await context.write(durable: true) { transaction in
            let owner = try account.map { try transaction.account($0) } ?? transaction.firstAdmin()
            guard role != .admin || owner.role == .admin else {
                throw StoreError.conflict("the account \"\(owner.name)\" is no administrator's")
            }
            let id = try transaction.connection.first(
                """
                INSERT INTO token (account_id, name, role, hash, created_at, expires_at, work_roles)
                VALUES (\(owner.id), \(name), \(role.rawValue), \(hash), \(transaction.now), \(expiresAt),
                    \(workRoles.map(Self.text))) RETURNING id
                """
            ) { $0.int(0) ?? 0 }
            return AccessToken(
                id: id ?? 0, accountID: owner.id, name: name, role: role, createdAt: transaction.now,
                expiresAt: expiresAt, lastUsedAt: nil, workRoles: workRoles)
        }
        return (token, secret.text)
    }

    static func check(name: String) throws {
        guard !name.isEmpty, name.utf8.count <= maxNameBytes else {
            throw StoreError.preconditionFailed("a token's name has 1 to \(maxNameBytes) bytes")
        }
    }

    package func createSession(
        of parent: AccessToken, expiresAt: Int64
    ) async throws -> (token: AccessToken, secret: String) {
        let secret = SessionSecret(random: context.random)
        let expiresAt = min(expiresAt, parent.expiresAt ?? .max)
        let token = try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            // Locked where the engine locks rows: it must not be revoked beside this.
            let lock = Query.forUpdate(connection.dialect)
            let isThere = try connection.first(
                "SELECT 1 FROM token WHERE id = \(parent.id) AND revoked_at IS NULL\(lock)"
            ) { _ in true }
            guard isThere == true else { throw StoreError.notFound("there is no token \(parent.id)") }
            try transaction.endSessions("parent_id = \(parent.id)", butNewest: Self.maxSessions - 1)
            return try transaction.insertSession(
                AccessToken(
                    id: 0, accountID: parent.accountID, name: parent.name, role: parent.role,
                    createdAt: transaction.now, expiresAt: expiresAt, lastUsedAt: nil, parentID: parent.id),
                secret)
        }
        return (token, secret.text)
    }

    /// Browsers that may be signed in with one token, or with one account's password.
    static let maxSessions = 100

    package func verify(secret: String) async throws -> AccessToken? {
        let hash = SessionSecret.hash(secret)
        let now = context.clock()
        let found = try await context.database.read { connection in
            try connection.first(
                """
                \(Self.tokens) WHERE hash = \(hash) AND revoked_at IS NULL
                    AND (expires_at IS NULL OR expires_at > \(now)) AND account.disabled_at IS NULL
                """
            ) { Self.token($0) } ?? nil
        }
        guard let found else { return nil }
        if now - (found.lastUsedAt ?? 0) > Self.usePrecisionSeconds * 1_000_000 {
            noteUse(of: found.id, at: now)
        }
        return found
    }

    /// Beside the request: nobody waits for the note, and a busy or full database must not shut people out.
    private func noteUse(of id: Int64, at now: Int64) {
        let context = context
        Task {
            try? await context.write { transaction in  // the next use after this one makes the note
                try transaction.connection.execute("UPDATE token SET last_used_at = \(now) WHERE id = \(id)")
            }
        }
    }

    package func tokens() async throws -> [AccessToken] {
        try await context.database.read { connection in
            try connection.all(
                "\(Self.tokens) WHERE revoked_at IS NULL ORDER BY token.id"
            ) { Self.token($0) }.compactMap { $0 }
        }
    }

    package func revokeToken(id: Int64) async throws {
        try await context.write(durable: true) { transaction in
            let revoked = try transaction.connection.execute(
                "UPDATE token SET revoked_at = \(transaction.now) WHERE id = \(id) AND revoked_at IS NULL")
            guard revoked > 0 else { throw StoreError.notFound("there is no token \(id)") }
            try transaction.connection.execute(
                "UPDATE token SET revoked_at = \(transaction.now) WHERE parent_id = \(id) AND revoked_at IS NULL")
            try transaction.connection.execute(
                """
                DELETE FROM account_secret WHERE name = \(DatabaseAppPasswords.secretName(id))
                    AND account_id = (SELECT account_id FROM token WHERE id = \(id))
                """)
        }
    }

    package func hasAdminToken() async throws -> Bool {
        let now = context.clock()
        return try await context.database.read { connection in
            try connection.first(
                """
                SELECT 1 FROM token JOIN account ON account.id = token.account_id
                WHERE token.role = 'admin' AND account.role = 'admin' AND account.disabled_at IS NULL
                    AND parent_id IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > \(now))
                LIMIT 1
                """
            ) { _ in true } ?? false
        }
    }

    private static let tokens: Query = """
        SELECT token.id, token.account_id, token.name, token.role, token.created_at, expires_at, last_used_at,
            work_roles, account.role, parent_id,
            EXISTS (SELECT 1 FROM account_secret WHERE account_secret.account_id = token.account_id
                AND account_secret.name = \(DatabaseAppPasswords.prefix) || token.id)
        FROM token JOIN account ON account.id = token.account_id
        """

    /// Nil for a role that a newer build wrote.
    private static func token(_ row: any Row) -> AccessToken? {
        guard let role = AccessRole(rawValue: row.text(3) ?? ""), let owner = Account.Role(rawValue: row.text(8) ?? "")
        else { return nil }
        return AccessToken(
            id: row.int(0) ?? 0, accountID: row.int(1) ?? 0, name: row.text(2) ?? "", role: role.limited(to: owner),
            createdAt: row.int(4) ?? 0, expiresAt: row.int(5), lastUsedAt: row.int(6),
            workRoles: row.text(7).map(workRoles), parentID: row.int(9),
            isAppPassword: row.int(10) == 1)
    }

    private static func text(_ roles: Set<Role>) -> String {
        Role.allCases.filter(roles.contains).map(\.rawValue).joined(separator: ",")
    }

    /// A role that only a newer build knows opens nothing here.
    private static func workRoles(_ text: String) -> Set<Role> {
        Set(text.split(separator: ",").compactMap { Role(rawValue: String($0)) })
    }
}
