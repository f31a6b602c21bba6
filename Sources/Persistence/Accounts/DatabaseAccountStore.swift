import Domain
import UseCases

/// `AccountStore` on the database.
package struct DatabaseAccountStore: AccountStore {
    let context: QueueContext
    private let workshop = PasswordWorkshop()
    private let cost: PasswordHash.Cost

    /// More than a household has.
    static let maxAccounts = 1000

    init(context: QueueContext, cost: PasswordHash.Cost = .usual) {
        self.context = context
        self.cost = cost
    }

    package func addAccount(_ account: NewAccount) async throws -> Account {
        let key = try Self.key(account.name)
        let password = try await hash(account.password)
        return try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            let count = try connection.first("SELECT COUNT(*) FROM account") { $0.int(0) ?? 0 } ?? 0
            guard count < Self.maxAccounts else {
                throw StoreError.conflict("there are \(count) accounts already, which is the limit")
            }
            let role = count == 0 ? .admin : account.role
            return try transaction.insertAccount(account.name, key: key, role: role, password: password)
        }
    }

    package func accounts() async throws -> [Account] {
        try await context.database.read { connection in
            try connection.all("SELECT \(AccountRow.columns) FROM account ORDER BY id", AccountRow.account)
        }
    }

    package func account(id: Int64) async throws -> Account {
        try await find("id = \(id)", "there is no account \(id)")
    }

    package func account(named name: String) async throws -> Account {
        try await find("key = \(NameKey.identity(name))", "there is no account \"\(name)\"")
    }

    private func find(_ condition: Query, _ absence: String) async throws -> Account {
        let account = try await context.database.read { connection in
            try connection.first("SELECT \(AccountRow.columns) FROM account WHERE \(condition)", AccountRow.account)
        }
        guard let account else { throw StoreError.notFound(absence) }
        return account
    }

    package func changeAccount(id: Int64, _ change: AccountChange) async throws -> Account {
        let key = try change.name.map(Self.key)
        let password = try await hash(change.password)
        return try await context.write(durable: true) { transaction in
            if change.endsAdministration { try transaction.refuseLastAdmin(id) }
            let connection = transaction.connection
            if let name = change.name, let key {
                try transaction.refuseTaken(name, key: key, by: id)
                try connection.execute("UPDATE account SET name = \(name), key = \(key) WHERE id = \(id)")
            }
            if let role = change.role {
                try connection.execute("UPDATE account SET role = \(role.rawValue) WHERE id = \(id)")
            }
            if let password {
                try connection.execute("UPDATE account SET password = \(password) WHERE id = \(id)")
                try transaction.endSessions(ofAccount: id, but: change.keptSession)
            }
            if let isDisabled = change.isDisabled {
                let time: Query = isDisabled ? "COALESCE(disabled_at, \(transaction.now))" : "NULL"
                try connection.execute("UPDATE account SET disabled_at = \(time) WHERE id = \(id)")
            }
            return try transaction.account(id)
        }
    }

    package func removeAccount(id: Int64) async throws {
        try await context.write(durable: true) { transaction in
            try transaction.refuseLastAdmin(id)
            guard try transaction.connection.execute("DELETE FROM account WHERE id = \(id)") > 0 else {
                throw StoreError.notFound("there is no account \(id)")
            }
        }
    }

    package func verify(name: String, password: String) async throws -> Account? {
        try await known(name, password)?.account
    }

    package func signIn(
        name: String, password: String, expiresAt: Int64
    ) async throws -> (token: AccessToken, secret: String)? {
        guard let known = try await known(name, password) else { return nil }
        let (account, secret) = (known.account, SessionSecret(random: context.random))
        let session = try await context.write(durable: true) { transaction -> AccessToken? in
            let connection = transaction.connection
            // Locked where the engine locks rows: a password that is changed meanwhile opens nothing more.
            let isStill = try connection.first(
                """
                SELECT 1 FROM account
                WHERE id = \(account.id) AND password = \(known.kept) AND disabled_at IS NULL
                \(Query.forUpdate(connection.dialect))
                """
            ) { _ in true }
            guard isStill == true else { return nil }
            try transaction.endSessions(
                "account_id = \(account.id) AND parent_id = \(AccessToken.byPassword)",
                butNewest: DatabaseTokenStore.maxSessions - 1)
            return try transaction.insertSession(
                AccessToken(
                    id: 0, accountID: account.id, name: account.name, role: account.role.access,
                    createdAt: transaction.now, expiresAt: expiresAt, lastUsedAt: nil,
                    parentID: AccessToken.byPassword), secret)
        }
        return session.map { ($0, secret.text) }
    }

    /// An account with what is kept of its password, for who knows that. Takes as long for everybody else.
    private func known(_ name: String, _ password: String) async throws -> (account: Account, kept: String)? {
        guard password.utf8.count <= Account.maxPasswordBytes else { return nil }
        let key = NameKey.identity(NameKey.cut(name, toBytes: Account.maxNameBytes))
        let found = try await context.database.read { connection in
            try connection.first(
                "SELECT \(AccountRow.columns), password FROM account WHERE key = \(key) AND disabled_at IS NULL"
            ) { (account: AccountRow.account($0), hash: $0.text(6)) }
        }
        let kept = found?.hash.flatMap { PasswordHash($0) }
        guard let kept else {
            // As long as for a name that is known, so that time tells nobody which names are.
            _ = try await workshop.run { [cost] in try PasswordHash(password, cost: cost) { 0 } }
            return nil
        }
        guard try await workshop.run({ try kept.matches(password) }), let found, let text = found.hash else {
            return nil
        }
        return (found.account, text)
    }

    /// What is kept of a password. Throws `preconditionFailed` for one that is too short or too long.
    private func hash(_ password: String?) async throws -> String? {
        guard let password else { return nil }
        guard Account.isPassword(password) else {
            throw StoreError.preconditionFailed(
                "a password has at least \(Account.minPasswordCharacters) characters and at most "
                    + "\(Account.maxPasswordBytes) bytes")
        }
        return try await workshop.run { [cost, context] in
            try PasswordHash(password, cost: cost, random: context.random).text
        }
    }

    private static func key(_ name: String) throws -> String {
        guard Account.isName(name) else {
            throw StoreError.preconditionFailed(
                "an account's name has 1 to \(Account.maxNameBytes) bytes, no colon, no control characters, and no "
                    + "blank at its ends")
        }
        return NameKey.identity(name)
    }
}
