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
    }
}
