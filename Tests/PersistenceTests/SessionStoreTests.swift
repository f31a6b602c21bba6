import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("Sessions of browsers")
struct SessionStoreTests {
    @Test("A session opens what its token opens, and ends with it", arguments: Engine.available)
    func follows(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let store = bench.stores.tokens
        let now = bench.time.clock()
        let admin = try await store.createToken(name: "me", role: .admin, expiresAt: now + 60_000_000)
        let session = try await store.createSession(of: admin.token, expiresAt: now + 3600_000_000)
        #expect(session.token.expiresAt == now + 60_000_000 && session.token.parentID == admin.token.id)
        let found = try #require(try await store.verify(secret: session.secret))
        #expect(found.role == .admin && found.isSession && found.name == "me")
        #expect(try await store.verify(secret: admin.secret)?.isSession == false)
        let other = try await store.createSession(of: admin.token, expiresAt: now + 1)
        try await store.revokeToken(id: other.token.id)
        #expect(try await store.verify(secret: other.secret) == nil)
        #expect(try await store.verify(secret: session.secret) != nil)
        try await store.revokeToken(id: admin.token.id)
        #expect(try await store.verify(secret: session.secret) == nil)
        await #expect(throws: StoreError.self) {
            try await store.createSession(of: admin.token, expiresAt: now + 1)
        }
        #expect(try await !store.hasAdminToken())
    }

    @Test("The oldest session ends when a token has too many", arguments: Engine.available)
    func bounded(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let store = bench.stores.tokens
        let now = bench.time.clock()
        let user = try await store.createToken(name: "me", role: .user, expiresAt: nil)
        var secrets: [String] = []
        for _ in 0...DatabaseTokenStore.maxSessions {
            secrets.append(try await store.createSession(of: user.token, expiresAt: now + 3600_000_000).secret)
        }
        #expect(try await store.verify(secret: secrets[0]) == nil)
        #expect(try await store.verify(secret: secrets[1]) != nil)
        #expect(try await store.tokens().count == DatabaseTokenStore.maxSessions + 1)
    }
}
