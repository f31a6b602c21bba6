import Contracts
import Domain
import Foundation
import Testing
import UseCases

@testable import Persistence

@Suite struct ServiceConnectionTests {
    private static func status(_ bench: OutboxBench) async throws -> ServiceConnection {
        try #require(try await bench.connections.connections(account: bench.ada).first)
    }

    private static func opened(_ bench: OutboxBench, _ service: ServiceID = .napster) async throws -> OpenedConnection {
        try #require(try await bench.connections.opened(service, account: bench.ada))
    }

    @Test(
        "A batch that waits when its account is parted goes nowhere, whoever is connected next",
        arguments: Engine.available)
    func partedWaiting(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect()
        try await bench.listen(3)
        try await bench.connections.disconnect(.lastfm, account: bench.ada)
        #expect(try await bench.lease().isEmpty)
        try await bench.connect(secret: "another")
        #expect(try await bench.lease().isEmpty)
        try await bench.listen(1, from: 10)
        let next = try #require(try await bench.lease().first)
        #expect(next.payload.listens.count == 1 && next.payload.inDoubt == nil)
    }

    @Test(
        "A batch that is under way when its account is parted says nothing of the next one's listens",
        arguments: Engine.available)
    func partedRunning(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect()
        try await bench.listen(3)
        let first = try #require(try await bench.lease().first)
        try await bench.connections.disconnect(.lastfm, account: bench.ada)
        bench.base.queue.time.advance(seconds: 60)
        try await bench.connect(secret: "another")
        try await bench.listen(1, from: 10)
        #expect(try await bench.lease().isEmpty, "one task at a time, to its end")
        try await bench.settle(first) { outcome in
            (outcome.signInAgain, outcome.connectedAt) = ("error 9", 1)
        }
        #expect(try await Self.status(bench).problem == nil)
        try await bench.connections.wake()
        let next = try #require(try await bench.lease().first)
        #expect(next.payload.listens.count == 1)
        try await bench.sendAll(next)
        #expect(try await bench.states() == ["sent": 1])
    }

    @Test(
        "What was renewed takes the place of what it was renewed by, and of nothing else", arguments: Engine.available)
    func renewed(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        let connections = bench.connections
        func account(_ secret: String, name: String = "ada-outside") -> ServiceAccount {
            ServiceAccount(name: name, secret: HiddenText(secret), renewal: HiddenText("again " + secret), endsAt: 7)
        }
        _ = try await connections.connect(.napster, as: account("a"), account: bench.ada)
        let old = try await Self.opened(bench)
        try await connections.complain("no", of: old, .napster, account: bench.ada)
        #expect(try await Self.status(bench).problem == "no")
        #expect(try await connections.accounts(connectedTo: .napster) == [bench.ada])
        #expect(try await connections.accounts(connectedTo: .lastfm) == [])
        try await connections.keep(account("b", name: "countess"), of: old, .napster, account: bench.ada)
        let kept = try await Self.status(bench)
        #expect(kept.problem == nil && kept.problemAt == nil && kept.userName == "countess")
        #expect(try await Self.opened(bench).account == account("b", name: "countess"))
        #expect(try await Self.opened(bench).connectedAt == old.connectedAt)
        bench.base.queue.time.advance(seconds: 1)
        _ = try await connections.connect(.napster, as: account("c"), account: bench.ada)
        try await connections.keep(account("late"), of: old, .napster, account: bench.ada)
        try await connections.complain("late", of: old, .napster, account: bench.ada)
        #expect(try await Self.opened(bench).account == account("c"))
        #expect(try await Self.status(bench).problem == nil)
        try await connections.disconnect(.napster, account: bench.ada)
        try await connections.keep(account("late"), of: old, .napster, account: bench.ada)
        #expect(try await connections.opened(.napster, account: bench.ada) == nil)
    }

    @Test("Why listens still wait is told until one of them was sent", arguments: Engine.available)
    func waiting(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect()
        try await bench.listen(1)
        #expect(try await Self.status(bench).waitingBecause == nil)
        let first = try #require(try await bench.lease().first)
        let away = Failure(.serviceUnavailable, "Last.fm does not answer", retryAfterSeconds: 30)
        _ = try await bench.stores.broker.settle(
            [Settlement(lease: first.lease, result: .failed(away))], worker: 1)
        let waits = try await Self.status(bench)
        #expect(waits.waitingBecause == "Last.fm does not answer" && waits.waiting == 1 && waits.problem == nil)
        bench.base.queue.time.advance(seconds: 600)
        _ = await bench.stores.housekeeper.tick()
        try await bench.register()
        try await bench.sendAll(try #require(try await bench.lease().first))
        #expect(try await Self.status(bench).waitingBecause == nil)
    }

    @Test("A key file that others must read keeps its owner and its mode when keys change")
    func keyFileOwner() throws {
        let folder = NSTemporaryDirectory() + "sillon-keys-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { unlink(folder + "/key"); rmdir(folder) }
        let file = KeyFile(path: folder + "/key", isOwn: false)
        let first = try file.make(KeyRing(KeyRing.Key { 1 }))
        #expect(chmod(file.path, 0o640) == 0)
        // Only root may give a file away; others see that it stays theirs.
        let owner: uid_t = getuid() == 0 ? 65_534 : getuid()
        let group: gid_t = getuid() == 0 ? 65_534 : getgid()
        #expect(chown(file.path, owner, group) == 0)
        try file.replace(with: KeyRing(KeyRing.Key { 2 }, others: first.keys))
        var facts = stat()
        #expect(stat(file.path, &facts) == 0)
        #expect(facts.st_uid == owner && facts.st_gid == group && facts.st_mode & 0o777 == 0o640)
        #expect(try file.read()?.keys.count == 2)
    }
}
