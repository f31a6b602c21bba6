import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("App passwords: tokens whose secret can be read again")
struct AppPasswordTests {
    @Test("One opens the account as a token does, and lies sealed until it is revoked", arguments: Engine.available)
    func life(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        let (stores, account, store) = (bench.stores, bench.ada, try #require(bench.stores.appPasswords))
        let made = try await store.createAppPassword(account: account, name: "phone", role: .user)
        #expect(AccessToken.mayBeSecret(made.secret) && made.secret.count == 29)
        let name = try await stores.accounts.account(id: account).name
        let opened = try await store.appPasswords(ofAccountNamed: name.uppercased())
        #expect(opened.map(\.secret) == [made.secret] && opened.map(\.tokenID) == [made.token.id])
        let token = try #require(try await stores.tokens.verify(secret: made.secret))
        #expect(token.isAppPassword && token.role == .user && token.accountID == account)
        #expect(try await stores.tokens.tokens().contains { $0.id == token.id && $0.isAppPassword })
        let plain = try await stores.tokens.createToken(
            account: account, name: "plain", role: .user, workRoles: nil, expiresAt: nil)
        #expect(try await stores.tokens.verify(secret: plain.secret)?.isAppPassword == false)
        #expect(try await secrets(bench) == 1)

        try await stores.tokens.revokeToken(id: made.token.id)
        #expect(try await store.appPasswords(ofAccountNamed: name).isEmpty)
        #expect(try await stores.tokens.verify(secret: made.secret) == nil)
        #expect(try await secrets(bench) == 0, "what opens nothing is kept nowhere")
    }

    @Test("Nobody has more than they may, nor more of them than are compared", arguments: Engine.available)
    func bounds(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        let store = try #require(bench.stores.appPasswords)
        let user = try await bench.stores.accounts.addAccount(NewAccount(name: "dora", role: .user, password: nil))
        for role in [AccessRole.admin, .worker] {
            await #expect(throws: StoreError.self) {
                try await store.createAppPassword(account: user.id, name: "x", role: role)
            }
        }
        for name in ["", String(repeating: "x", count: 101)] {
            await #expect(throws: StoreError.self) {
                try await store.createAppPassword(account: user.id, name: name, role: .user)
            }
        }
        await #expect(throws: StoreError.self) {
            try await store.createAppPassword(account: 4711, name: "x", role: .user)
        }
        for _ in 0..<DatabaseAppPasswords.maxPerAccount {
            _ = try await store.createAppPassword(account: user.id, name: "x", role: .user)
        }
        await #expect(throws: StoreError.self) {
            try await store.createAppPassword(account: user.id, name: "x", role: .user)
        }
        let all = try await store.appPasswords(ofAccountNamed: "dora")
        #expect(Set(all.map(\.secret)).count == DatabaseAppPasswords.maxPerAccount)
        _ = try await bench.stores.accounts.changeAccount(id: user.id, AccountChange(isDisabled: true))
        #expect(try await store.appPasswords(ofAccountNamed: "dora").isEmpty)
        #expect(try await store.appPasswords(ofAccountNamed: "nobody").isEmpty)
    }

    @Test("Another key for secrets changes no app password", arguments: Engine.available)
    func rotation(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        let store = try #require(bench.stores.appPasswords)
        let made = try await store.createAppPassword(account: bench.ada, name: "phone", role: .user)
        _ = try await bench.stores.secretKeys?.rotate()
        let name = try await bench.stores.accounts.account(id: bench.ada).name
        #expect(try await store.appPasswords(ofAccountNamed: name).map(\.secret) == [made.secret])
    }

    private func secrets(_ bench: OutboxBench) async throws -> Int64 {
        try await bench.base.queue.database.read { connection in
            try connection.first("SELECT COUNT(*) FROM account_secret") { $0.int(0) ?? 0 } ?? 0
        }
    }
}
