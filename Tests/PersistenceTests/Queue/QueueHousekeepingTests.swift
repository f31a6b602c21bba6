import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct QueueHousekeepingTests {
    private static let day: Double = 86400

    @Test("History goes after two weeks, errors after three months, live tasks never", arguments: Engine.available)
    func pruning(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let done = try await bench.submitNoop()
        try await bench.complete(bench.lease())
        let dead = try await bench.submitIndex("a")
        _ = try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "broken")))
        let waiting = try await bench.submitNoop()

        bench.time.advance(seconds: 13 * Self.day)
        await pruneAll(bench)
        #expect(try await bench.state(done) == .done)
        bench.time.advance(seconds: 2 * Self.day)
        #expect(await pruneAll(bench) > 0)
        await #expect(throws: StoreError.self) { try await bench.state(done) }
        #expect(try await bench.state(dead) == .dead)
        #expect(try await bench.tasks.workers().isEmpty, "the dead worker's row went too")
        bench.time.advance(seconds: 80 * Self.day)
        await pruneAll(bench)
        await #expect(throws: StoreError.self) { try await bench.state(dead) }
        #expect(try await bench.state(waiting) == .ready)
        #expect(try await bench.number("SELECT COUNT(*) FROM task_run") == 0)
    }

    @Test(
        "Of each root the last scan stays, and of old ones nothing, not even their ledgers", arguments: Engine.available
    )
    func oldScans(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.scans.addLibraryRoot(FilePath("/other"))
        var ended: [String: String] = [:]
        for (name, path, isCancelled) in [
            ("replaced", "/music", false), ("folder", "/music/b", false), ("first", "/music", false),
            ("last", "/music/a", false), ("cancelled", "/music", true),
            ("later cancelled", "/music", true), ("other", "/other", false),
        ] {
            ended[name] = try await endedScan(path, isCancelled: isCancelled, bench)
        }
        bench.time.advance(seconds: 89 * Self.day)
        await pruneAll(bench)
        #expect(try await bench.scans.scans(PageRequest()).items.count == 7)
        bench.time.advance(seconds: 2 * Self.day)
        let waiting = try await bench.startScan("/other")
        await pruneAll(bench)
        let left = try await bench.scans.scans(PageRequest()).items.map(\.id)
        // A scan of a folder does not replace one of the whole root.
        #expect(
            Set(left)
                == Set([ended["first"], ended["last"], ended["later cancelled"], ended["other"], waiting.id]))
        #expect(try await bench.number("SELECT COUNT(DISTINCT scan_id) FROM scan_progress") == 5)
        #expect(try await bench.number("SELECT COUNT(*) FROM scan_candidate") == 4)
    }

    /// A scan with a row in each table that hangs on scans.
    private func endedScan(_ path: String, isCancelled: Bool, _ bench: QueueBench) async throws -> String {
        try await bench.register(7)
        let scan = try await bench.startScan(path)
        let walk = try await bench.lease(7)
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        try await bench.execute(
            """
            INSERT INTO scan_candidate (scan_id, folder_path, name, kind, size, mtime_ns, inode, device)
            SELECT id, path, path, 0, 1, 1, 1, 1 FROM scan WHERE uuid = \(scan.id)
            """)
        if isCancelled { _ = try await bench.scans.cancelScan(id: scan.id) }
        try await bench.complete(walk, worker: 7)
        #expect(await bench.housekeeper.tick().finishedScans == [scan.id])
        try await bench.broker.deregister(worker: 7)
        return scan.id
    }

    @Test("Tokens that open nothing any more go after three months", arguments: Engine.available)
    func oldTokens(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let tokens = bench.stores.tokens
        let revoked = try await tokens.createToken(name: "revoked", role: .user, expiresAt: nil).token.id
        _ = try await tokens.createToken(name: "expired", role: .user, expiresAt: bench.time.wall + 1)
        _ = try await tokens.createToken(name: "good", role: .admin, expiresAt: nil)
        try await tokens.revokeToken(id: revoked)
        bench.time.advance(seconds: 89 * Self.day)
        await pruneAll(bench)
        #expect(try await bench.number("SELECT COUNT(*) FROM token") == 3)
        bench.time.advance(seconds: 2 * Self.day)
        await pruneAll(bench)
        #expect(try await tokens.tokens().map(\.name) == ["good"])
        #expect(try await bench.number("SELECT COUNT(*) FROM token") == 1)
    }

    @discardableResult
    private func pruneAll(_ bench: QueueBench) async -> Int {
        var total = 0
        for _ in 0..<5 {
            let report = await bench.housekeeper.tick()
            #expect(report.problem == nil)
            total += report.pruned
        }
        return total
    }

    @Test("Scheduled tasks come due without any worker", arguments: Engine.available)
    func promotion(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let id = try await bench.submitNoop(runAt: bench.time.wall + 5_000_000)
        #expect(await bench.housekeeper.tick().promoted == 0)
        bench.time.advance(seconds: 6)
        #expect(await bench.housekeeper.tick().promoted == 1)
        #expect(try await bench.state(id) == .ready)
    }

    @Test("A cancelled scan that was left half-way is tidied up", arguments: Engine.available)
    func halfCancelled(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let scan = try await bench.startScan()
        try await bench.execute("UPDATE scan SET cancelled_at = 1")
        #expect(await bench.housekeeper.tick().finishedScans == [scan.id])
        #expect(try await bench.number("SELECT COUNT(*) FROM task") == 0)
    }

    @Test("Filling with tasks that do nothing fills the queue", arguments: Engine.available)
    func fill(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.tasks.fillNoops(count: 5003)
        #expect(try await bench.number("SELECT COUNT(*) FROM task WHERE state = 'ready'") == 5003)
        try await bench.tasks.loadNoops(count: 5003, runAt: .max)
        #expect(try await bench.number("SELECT COUNT(*) FROM task WHERE state = 'scheduled'") == 5003)
    }
}
