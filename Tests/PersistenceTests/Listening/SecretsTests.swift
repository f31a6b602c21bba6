import Domain
import Foundation
import Testing
import UseCases

@testable import Persistence

@Suite struct SecretsTests {
    private static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }

    private static func secret(_ bench: OutboxBench, _ service: ServiceID = .lastfm) async throws -> String? {
        try await bench.connections.opened(service, account: bench.ada)?.account.secret.value
    }

    @Test(
        "A secret is kept encrypted, in a file that its owner alone may read lies the key", arguments: Engine.available)
    func kept(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        #expect(try bench.keyFile.read() == nil)
        try await bench.connect(secret: "the session key")
        #expect(try Self.mode(bench.keyFile.path) == 0o600)
        #expect(try await Self.secret(bench) == "the session key")
        let rows = try await bench.base.queue.database.read { connection in
            try connection.all("SELECT sealed FROM account_secret") { $0.bytes(0) ?? [] }
        }
        #expect(rows.count == 1)
        #expect(!String(decoding: rows[0], as: UTF8.self).contains("session"))
        let opened = try #require(try await bench.connections.opened(.lastfm, account: bench.ada))
        #expect(!"\(opened)".contains("the session key"))
    }

    @Test("A row that is copied to another account or service opens nothing", arguments: Engine.available)
    func swapped(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect(.lastfm, secret: "a")
        try await bench.connect(.listenbrainz, secret: "b")
        try await bench.base.queue.execute(
            """
            UPDATE account_secret SET sealed = (SELECT sealed FROM account_secret WHERE name = 'service:lastfm')
            WHERE name = 'service:listenbrainz'
            """)
        #expect(try await Self.secret(bench) == "a")
        await #expect(throws: StoreError.self) { try await Self.secret(bench, .listenbrainz) }
        try await bench.base.queue.execute("UPDATE account_secret SET account_id = \(bench.base.grace.id)")
        try await bench.base.queue.execute("UPDATE service_connection SET account_id = \(bench.base.grace.id)")
        await #expect(throws: StoreError.self) {
            try await bench.connections.opened(.lastfm, account: bench.base.grace.id)
        }
    }

    @Test("A new key opens all that the old one opened, which goes", arguments: Engine.available)
    func rotated(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect(.lastfm, secret: "a")
        try await bench.connect(.listenbrainz, secret: "b")
        let old = try #require(try bench.keyFile.read())
        let keys = try #require(bench.stores.secretKeys)
        let report = try await keys.rotate()
        let new = try #require(try bench.keyFile.read())
        #expect(report.secrets == 2 && new.keys.map(\.id) == [report.keyID] && new.current != old.current)
        #expect(try Self.mode(bench.keyFile.path) == 0o600)
        #expect(try await Self.secret(bench) == "a")
        #expect(try await Self.secret(bench, .listenbrainz) == "b")
    }

    @Test(
        "Killed between the file and the database, both before and after, everything can be read",
        arguments: Engine.available)
    func killed(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect(secret: "a")
        let old = try #require(try bench.keyFile.read())
        // The new key is in the file, no secret is sealed with it yet.
        let new = KeyRing.Key { 77 }
        try bench.keyFile.replace(with: KeyRing(new, others: old.keys))
        #expect(try await Self.secret(bench) == "a")
        try await bench.connect(.listenbrainz, secret: "b")
        let used = try await bench.base.queue.database.read { connection in
            Set(try connection.all("SELECT key_id FROM account_secret") { $0.text(0) ?? "" })
        }
        #expect(used == [old.current.id, new.id])
        // All is sealed anew, the old key is in the file still.
        let keys = try #require(bench.stores.secretKeys)
        try await keys.dropUnused()
        #expect(try bench.keyFile.read()?.keys.count == 2, "it is needed still")
        _ = try await keys.rotate()
        #expect(try bench.keyFile.read()?.keys.count == 1)
        #expect(try await Self.secret(bench) == "a")
        #expect(try await Self.secret(bench, .listenbrainz) == "b")
    }

    @Test("Secrets that are written while keys change are readable afterwards", arguments: Engine.available)
    func sideBySide(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect(secret: "0")
        let keys = try #require(bench.stores.secretKeys)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for _ in 0..<5 { _ = try await keys.rotate() } }
            group.addTask { for _ in 0..<5 { _ = try await keys.rotate() } }
            group.addTask { for number in 1...20 { try await bench.connect(secret: "\(number)") } }
            group.addTask { for _ in 0..<20 { _ = try #require(try await Self.secret(bench)) } }
            try await group.waitForAll()
        }
        #expect(try await Self.secret(bench) == "20")
        #expect(try bench.keyFile.read()?.keys.count == 1)
    }

    @Test("Without its key file nothing is opened, and no new key takes its place", arguments: Engine.available)
    func lost(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect(secret: "a")
        let kept = try #require(try bench.keyFile.read())
        try FileManager.default.removeItem(atPath: bench.keyFile.path)
        await #expect(throws: StoreError.self) { try await Self.secret(bench) }
        await #expect(throws: StoreError.self) { try await bench.connect(.listenbrainz) }
        await #expect(throws: StoreError.self) { try await bench.stores.secretKeys?.rotate() }
        #expect(try bench.keyFile.read() == nil)
        try bench.keyFile.replace(with: kept)
        #expect(try await Self.secret(bench) == "a")
        chmod(bench.keyFile.path, 0o644)
        await #expect(throws: StoreError.self) { try await Self.secret(bench) }
    }

    @Test("Text that is no key file is refused whole")
    func texts() {
        let key = KeyRing.Key { 3 }
        let ring = KeyRing(key, others: [KeyRing.Key { 4 }])
        #expect(KeyRing(text: ring.text) == ring)
        for text in ["", "# only words", "00 11", key.line + "\nrubbish", key.line + "\n" + key.line] {
            #expect(KeyRing(text: text) == nil)
        }
    }
}
