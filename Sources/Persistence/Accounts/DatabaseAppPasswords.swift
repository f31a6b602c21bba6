import Domain
import UseCases

/// `AppPasswordStore` on the database: rows of `token` whose secret lies sealed in `account_secret`.
package struct DatabaseAppPasswords: AppPasswordStore {
    let context: QueueContext
    let keys: KeyFile

    /// Of one account: each digest is compared with all of them.
    static let maxPerAccount = 50

    package func createAppPassword(
        account: Int64, name: String, role: AccessRole
    ) async throws -> (token: AccessToken, secret: String) {
        try DatabaseTokenStore.check(name: name)
        let secret = AppPassword(random: context.random).text
        let token = try await context.write(durable: true) { transaction in
            let owner = try transaction.account(account)
            guard role == .user || (role == .admin && owner.role == .admin) else {
                throw StoreError.conflict("the account \"\(owner.name)\" has no role \(role.rawValue)")
            }
            let connection = transaction.connection
            let count = try connection.first(
                """
                SELECT COUNT(*) FROM token JOIN account_secret ON account_secret.account_id = token.account_id
                    AND account_secret.name = \(Self.prefix) || token.id
                WHERE token.account_id = \(account) AND token.revoked_at IS NULL
                """
            ) { $0.int(0) ?? 0 }
            guard (count ?? 0) < Self.maxPerAccount else {
                throw StoreError.conflict("there are \(Self.maxPerAccount) app passwords already; revoke some first")
            }
            let id = try connection.first(
                """
                INSERT INTO token (account_id, name, role, hash, created_at)
                VALUES (\(account), \(name), \(role.rawValue), \(SessionSecret.hash(secret)), \(transaction.now))
                RETURNING id
                """
            ) { $0.int(0) ?? 0 }
            let token = AccessToken(
                id: id ?? 0, accountID: account, name: name, role: role, createdAt: transaction.now, expiresAt: nil,
                lastUsedAt: nil, isAppPassword: true)
            try transaction.putSecret(
                Array(secret.utf8), account: account, name: Self.secretName(token.id), keys: keys)
            return token
        }
        return (token, secret)
    }

    package func appPasswords(ofAccountNamed name: String) async throws -> [OpenedAppPassword] {
        let key = NameKey.identity(NameKey.cut(name, toBytes: Account.maxNameBytes))
        let sealed = try await context.database.read { connection in
            try connection.all(
                """
                SELECT token.id, token.account_id, account_secret.key_id, account_secret.sealed
                FROM account JOIN token ON token.account_id = account.id AND token.revoked_at IS NULL
                    AND token.parent_id IS NULL
                JOIN account_secret ON account_secret.account_id = token.account_id
                    AND account_secret.name = \(Self.prefix) || token.id
                WHERE account.key = \(key) AND account.disabled_at IS NULL ORDER BY token.id LIMIT \(Self.maxPerAccount)
                """
            ) { row in
                (
                    token: row.int(0) ?? 0, account: row.int(1) ?? 0,
                    secret: SealedSecret(keyID: row.text(2) ?? "", sealed: row.bytes(3) ?? [])
                )
            }
        }
        guard !sealed.isEmpty else { return [] }
        guard let ring = try keys.read() else {
            throw StoreError.fatal("the key file \(keys.path) is gone, and there are app passwords that it opens")
        }
        return try sealed.map { row in
            let clear = try row.secret.open(account: row.account, name: Self.secretName(row.token), with: ring)
            return OpenedAppPassword(
                tokenID: row.token, accountID: row.account, secret: String(decoding: clear, as: UTF8.self))
        }
    }

    static let prefix = "app_password "

    static func secretName(_ token: Int64) -> String { "\(prefix)\(token)" }
}

/// What people type into a player: 25 letters and digits, 123 bits, none of which looks like another.
struct AppPassword: Sendable {
    let text: String

    init(random: () -> UInt64) {
        let letters = Array(AccessToken.appPasswordLetters)
        let picked = (0..<AccessToken.appPasswordGroups * AccessToken.appPasswordGroupLength).map { _ in
            letters[Int(random() % UInt64(letters.count))]
        }
        text = stride(from: 0, to: picked.count, by: AccessToken.appPasswordGroupLength)
            .map { String(picked[$0..<$0 + AccessToken.appPasswordGroupLength]) }.joined(separator: "-")
    }
}
