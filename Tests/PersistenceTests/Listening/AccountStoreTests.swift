import Dispatch
import Domain
import TestSupport
import Testing
import UseCases

@testable import Persistence

@Suite struct AccountStoreTests {
    /// Cheap, since not its cost is tested here.
    private static let cost = PasswordHash.Cost(doublings: 4, blockSize: 8, passes: 1)

    private func store(_ engine: Engine) async throws -> (DatabaseAccountStore, QueueBench) {
        let bench = try await QueueBench(engine)
        return (DatabaseAccountStore(context: bench.stores.accounts.context, cost: Self.cost), bench)
    }

    @Test("A name is taken whatever its case, and the first account is an administrator", arguments: Engine.available)
    func names(engine: Engine) async throws {
        let (accounts, _) = try await store(engine)
        let first = try await accounts.addAccount(NewAccount(name: "Björk", role: .user, password: nil))
        #expect(first.role == .admin && !first.hasPassword && first.disabledAt == nil)
        await #expect(throws: StoreError.conflict("there is an account \"BJÖRK\" already")) {
            try await accounts.addAccount(NewAccount(name: "BJÖRK", role: .user, password: nil))
        }
        let second = try await accounts.addAccount(NewAccount(name: "ada", role: .user, password: nil))
        #expect(second.role == .user && second.id > first.id)
        #expect(try await accounts.account(named: "ADA") == second)
        await #expect(throws: StoreError.self) {
            try await accounts.changeAccount(id: second.id, AccountChange(name: "björk"))
        }
        #expect(try await accounts.changeAccount(id: second.id, AccountChange(name: "Ada")).name == "Ada")
        await #expect(throws: StoreError.self) {
            try await accounts.addAccount(NewAccount(name: "a:b", role: .user, password: nil))
        }
        #expect(try await accounts.accounts().map(\.name) == ["Björk", "Ada"])
    }

    @Test("A password opens its account alone, and not while that is disabled", arguments: Engine.available)
    func passwords(engine: Engine) async throws {
        let (accounts, bench) = try await store(engine)
        let ada = try await accounts.addAccount(NewAccount(name: "ada", role: .admin, password: "correct horse"))
        let grace = try await accounts.addAccount(NewAccount(name: "grace", role: .user, password: "battery staple"))
        _ = try await accounts.addAccount(NewAccount(name: "none", role: .user, password: nil))
        #expect(try await accounts.verify(name: "Ada", password: "correct horse")?.id == ada.id)
        #expect(try await accounts.verify(name: "ada", password: "battery staple") == nil)
        #expect(try await accounts.verify(name: "none", password: "") == nil)
        #expect(try await accounts.verify(name: "nobody", password: "correct horse") == nil)
        let kept = try await bench.database.read { connection in
            try connection.all("SELECT password FROM account WHERE password IS NOT NULL") { $0.text(0) ?? "" }
        }
        #expect(kept.count == 2 && kept.allSatisfy { $0.hasPrefix("$scrypt$4,8,1$") && !$0.contains("horse") })
        _ = try await accounts.changeAccount(id: grace.id, AccountChange(isDisabled: true))
        #expect(try await accounts.verify(name: "grace", password: "battery staple") == nil)
        let enabled = try await accounts.changeAccount(
            id: grace.id, AccountChange(isDisabled: false, password: "new password"))
        #expect(enabled.disabledAt == nil)
        #expect(try await accounts.verify(name: "grace", password: "battery staple") == nil)
        #expect(try await accounts.verify(name: "grace", password: "new password")?.id == grace.id)
        await #expect(throws: StoreError.self) {
            try await accounts.changeAccount(id: grace.id, AccountChange(password: "short"))
        }
    }

    @Test("Who knows the password gets a session, which a new password ends; tokens stay", arguments: Engine.available)
    func sessions(engine: Engine) async throws {
        let (accounts, bench) = try await store(engine)
        let tokens = bench.stores.tokens
        let ada = try await accounts.addAccount(NewAccount(name: "ada", role: .admin, password: "correct horse"))
        let end = bench.time.clock() + 3600_000_000
        #expect(try await accounts.signIn(name: "ada", password: "wrong horse", expiresAt: end) == nil)
        #expect(try await accounts.signIn(name: "nobody", password: "correct horse", expiresAt: end) == nil)
        let kept = try #require(try await accounts.signIn(name: "Ada", password: "correct horse", expiresAt: end))
        let other = try #require(try await accounts.signIn(name: "ada", password: "correct horse", expiresAt: end))
        let found = try #require(try await tokens.verify(secret: kept.secret))
        #expect(found == kept.token && found.isSession && found.role == .admin && found.expiresAt == end)
        #expect(found.accountID == ada.id && found.parentID == AccessToken.byPassword)
        let token = try await tokens.createToken(
            account: ada.id, name: "hers", role: .user, workRoles: nil, expiresAt: nil)
        let third = try await tokens.createSession(of: token.token, expiresAt: end)
        let change = AccountChange(password: "battery staple", keptSession: kept.token.id)
        _ = try await accounts.changeAccount(id: ada.id, change)
        #expect(try await tokens.verify(secret: kept.secret) != nil)
        for secret in [other.secret, third.secret] { #expect(try await tokens.verify(secret: secret) == nil) }
        #expect(try await tokens.verify(secret: token.secret) != nil)
        #expect(try await !tokens.hasAdminToken(), "a session is none")
        _ = try await accounts.changeAccount(id: ada.id, AccountChange(password: "third time lucky"))
        #expect(try await tokens.verify(secret: kept.secret) == nil)
    }

    @Test("The oldest session by password ends when an account has too many", arguments: Engine.available)
    func bounded(engine: Engine) async throws {
        let (accounts, bench) = try await store(engine)
        _ = try await accounts.addAccount(NewAccount(name: "ada", role: .admin, password: "correct horse"))
        var secrets: [String] = []
        for _ in 0...DatabaseTokenStore.maxSessions {
            let session = try await accounts.signIn(
                name: "ada", password: "correct horse", expiresAt: bench.time.clock() + 3600_000_000)
            secrets.append(try #require(session).secret)
        }
        #expect(try await bench.stores.tokens.verify(secret: secrets[0]) == nil)
        #expect(try await bench.stores.tokens.verify(secret: secrets[1]) != nil)
        #expect(try await bench.stores.tokens.tokens().count == DatabaseTokenStore.maxSessions)
    }

    @Test("The last administrator cannot go, whichever way", arguments: Engine.available)
    func lastAdmin(engine: Engine) async throws {
        let (accounts, _) = try await store(engine)
        let ada = try await accounts.addAccount(NewAccount(name: "ada", role: .admin, password: nil))
        for change in [AccountChange(role: .user), AccountChange(isDisabled: true)] {
            await #expect(throws: StoreError.self) { try await accounts.changeAccount(id: ada.id, change) }
        }
        await #expect(throws: StoreError.self) { try await accounts.removeAccount(id: ada.id) }
        let grace = try await accounts.addAccount(NewAccount(name: "grace", role: .admin, password: nil))
        // Both at once: one of them stays.
        await withTaskGroup(of: Void.self) { group in
            for id in [ada.id, grace.id] {
                group.addTask { _ = try? await accounts.removeAccount(id: id) }  // one of the two is refused
            }
        }
        #expect(try await accounts.accounts().count == 1)
    }

    @Test("A token opens what its account may do, and nothing while that is disabled", arguments: Engine.available)
    func tokens(engine: Engine) async throws {
        let (accounts, bench) = try await store(engine)
        let tokens = bench.stores.tokens
        let (first, _) = try await tokens.createToken(name: "first", role: .admin, expiresAt: nil)
        #expect(try await accounts.account(id: first.accountID).name == "admin")
        let grace = try await accounts.addAccount(NewAccount(name: "grace", role: .admin, password: nil))
        let (_, secret) = try await tokens.createToken(
            account: grace.id, name: "hers", role: .admin, workRoles: nil, expiresAt: nil)
        #expect(try await tokens.verify(secret: secret)?.role == .admin)
        _ = try await accounts.changeAccount(id: grace.id, AccountChange(role: .user))
        let token = try #require(try await tokens.verify(secret: secret))
        #expect(token.role == .user && token.accountID == grace.id)
        await #expect(throws: StoreError.self) {
            try await tokens.createToken(account: grace.id, name: "x", role: .admin, workRoles: nil, expiresAt: nil)
        }
        _ = try await accounts.changeAccount(id: grace.id, AccountChange(isDisabled: true))
        #expect(try await tokens.verify(secret: secret) == nil)
        try await accounts.removeAccount(id: grace.id)
        #expect(try await tokens.tokens().map(\.name) == ["first"])
        await #expect(throws: StoreError.notFound("there is no account 99")) {
            try await tokens.createToken(account: 99, name: "x", role: .user, workRoles: nil, expiresAt: nil)
        }
    }

    @Test("Tokens of an older schema belong to the account admin", arguments: Engine.available)
    func adopted(engine: Engine) async throws {
        let database = try await engine.openEmpty()
        let migrator = Migrator(database: database)
        try await migrator.up(to: Migration.listening.version - 1, now: 1)
        try await database.write { connection in
            for (name, role) in [("a", "admin"), ("w", "worker")] {
                try connection.execute(
                    """
                    INSERT INTO token (name, role, hash, created_at) VALUES (\(name), \(role), \(Array(name.utf8)), 5)
                    """)
            }
        }
        try await migrator.up(now: 2)
        let owners = try await database.read { connection in
            try connection.all(
                """
                SELECT account.name, account.role, account.created_at FROM token
                JOIN account ON account.id = token.account_id
                """
            ) { "\($0.text(0) ?? "") \($0.text(1) ?? "") \($0.int(2) ?? 0)" }
        }
        #expect(owners == ["admin admin 5", "admin admin 5"])
        try await migrator.down(to: Migration.listening.version - 1)
        try await migrator.up(now: 3)
        #expect(
            try await database.read {
                try $0.first("SELECT COUNT(*) FROM token WHERE account_id IS NULL") { $0.int(0) }
            }
                == 0)
    }

    @Test("A hash is read back from its text, and what is none is refused")
    func hashText() throws {
        let hash = try PasswordHash("secret words", cost: Self.cost) { 7 }
        let read = try #require(PasswordHash(hash.text))
        #expect(read == hash)
        #expect(try read.matches("secret words") && !read.matches("secret word"))
        for text in ["", "$scrypt$", "$scrypt$99,8,1$00$00", "$scrypt$4,8,1$00$00", hash.text + "0", "plain"] {
            #expect(PasswordHash(text) == nil)
        }
    }

    @Test("Beyond a bound, passwords are not hashed but turned away for the moment")
    func bounded() async throws {
        let workshop = PasswordWorkshop()
        let limit = PasswordWorkshop.maxAtOnce + PasswordWorkshop.maxWaiting
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<limit { group.addTask { try await workshop.run { gate.wait() } } }
            try await until("all have come") { workshop.count == limit }
            await #expect(throws: StoreError.self) { try await workshop.run {} }
            for _ in 0..<limit { gate.signal() }
            try await group.waitForAll()
        }
        try await workshop.run {}
    }
}
