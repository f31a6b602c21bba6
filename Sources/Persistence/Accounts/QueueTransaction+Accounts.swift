import Domain
import UseCases

/// A row of `account`, without its password.
enum AccountRow {
    static let columns: Query = "id, name, role, created_at, disabled_at, password IS NOT NULL"

    static func account(_ row: any Row) -> Account {
        Account(
            id: row.int(0) ?? 0, name: row.text(1) ?? "", role: Account.Role(rawValue: row.text(2) ?? "") ?? .user,
            hasPassword: row.int(5) == 1, createdAt: row.int(3) ?? 0, disabledAt: row.int(4))
    }
}

extension QueueTransaction {
    func account(_ id: Int64) throws -> Account {
        let account = try connection.first(
            "SELECT \(AccountRow.columns) FROM account WHERE id = \(id)", AccountRow.account)
        guard let account else { throw StoreError.notFound("there is no account \(id)") }
        return account
    }

    /// The administrator for whom tokens are made where nobody is named: the oldest that can be used. The first token of
    /// a database makes it.
    func firstAdmin() throws -> Account {
        let found = try connection.first(
            """
            SELECT \(AccountRow.columns) FROM account WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id LIMIT 1
            """, AccountRow.account)
        if let found { return found }
        return try insertAccount("admin", key: "admin", role: .admin, password: nil)
    }

    func insertAccount(_ name: String, key: String, role: Account.Role, password: String?) throws -> Account {
        try refuseTaken(name, key: key, by: nil)
        let id = try connection.insert(
            """
            INSERT INTO account (name, key, role, password, created_at)
            VALUES (\(name), \(key), \(role.rawValue), \(password), \(now))
            """)
        return try account(id)
    }

    func refuseTaken(_ name: String, key: String, by id: Int64?) throws {
        let holder = try connection.first("SELECT id FROM account WHERE key = \(key)") { $0.int(0) ?? 0 }
        guard holder == nil || holder == id else {
            throw StoreError.conflict("there is an account \"\(name)\" already")
        }
    }

    /// Throws `conflict` when this is the only administrator that can be used. The rows are locked where the engine locks
    /// rows, so that two who leave at once do not both find the other.
    func refuseLastAdmin(_ id: Int64) throws {
        let admins = try connection.all(
            """
            SELECT id FROM account WHERE role = 'admin' AND disabled_at IS NULL
            ORDER BY id\(Query.forUpdate(connection.dialect))
            """
        ) { $0.int(0) ?? 0 }
        guard admins != [id] else {
            throw StoreError.conflict("this is the last administrator; make another one first")
        }
    }
}
