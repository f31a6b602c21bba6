import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct HistoryStoreTests {
    private static let hour = 3600.0

    private static func range(
        _ bench: QueueBench, _ resolution: HistoryRange.Resolution, hours: Int64 = 48
    ) throws -> HistoryRange {
        let end = bench.time.wall + HistoryRange.hourUs
        return try #require(HistoryRange(resolution, from: end - hours * HistoryRange.hourUs, to: end))
    }

    /// All periods together.
    private static func sum(_ bench: QueueBench, _ resolution: HistoryRange.Resolution) async throws -> TaskTally {
        let history = try await bench.stores.history.history(range(bench, resolution))
        return (history.tasks[.noop] ?? [:]).values.reduce(into: TaskTally()) { $0 += $1 }
    }

    private static func work(_ bench: QueueBench, count: Int = 3, seconds: Double = 2) async throws {
        for _ in 0..<count { try await bench.submitNoop() }
        bench.time.advance(seconds: 1)
        let leased = try await bench.lease()
        bench.time.advance(seconds: seconds)
        try await bench.complete(leased)
    }

    @Test("What became of tasks is kept by hour, with how long they waited and ran", arguments: Engine.available)
    func kept(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await Self.work(bench)
        try await bench.submitNoop()
        _ = try await bench.settle(bench.lease(), .failed(Failure(.internalError, "odd")))
        try await bench.stores.history.look()
        try await bench.stores.history.flush()
        let history = try await bench.stores.history.history(Self.range(bench, .hour))
        let tally = try #require(history.tasks[.noop]?.values.first)
        #expect(history.tasks.count == 1 && history.tasks[.noop]?.count == 1)
        #expect(tally.enqueued == 4 && tally.succeeded == 3 && tally.retried == 1 && tally.failures == 1)
        #expect(tally.run.histogram.total == 4 && tally.wait.histogram.total == 4)
        #expect(abs((tally.run.histogram.seconds(atShare: 0.9) ?? 0) / 2 - 1) < 0.2)
        #expect(tally.run.milliseconds == 6000 && tally.wait.milliseconds == 3000)
        #expect(history.queues[.indexer]?.values.first?.looks == 1)
    }

    @Test("To write twice is to write once, and nothing to write writes nothing", arguments: Engine.available)
    func idempotent(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await Self.work(bench)
        try await bench.stores.history.flush()
        try await Self.work(bench)
        try await bench.stores.history.flush()
        try await bench.stores.history.flush()
        #expect(try await Self.sum(bench, .hour).succeeded == 6)
        let mark = try await bench.database.writeMark()
        try await bench.stores.history.flush()
        #expect(try await bench.database.writeMark() == mark)
    }

    @Test("Several processes add up, before and after their hours are folded", arguments: Engine.available)
    func folded(engine: Engine) async throws {
        let one = try await QueueBench(engine)
        let other = try await QueueBench(one.database, seed: 2, time: one.time, isFirst: false)
        try await one.register()
        for _ in 0..<3 {
            try await Self.work(one)
            try await Self.work(other, count: 2, seconds: 9)
            try await one.stores.history.flush()
            try await other.stores.history.flush()
            one.time.advance(seconds: Self.hour)
        }
        let before = try await Self.sum(one, .hour)
        #expect(before.succeeded == 15 && before.run.histogram.total == 15)
        #expect(try await Self.sum(one, .day) == before)
        #expect(try await Self.sum(one, .week) == before)
        #expect(try await one.stores.history.fold() == 0, "they may still be written")
        one.time.advance(seconds: 5 * Self.hour)
        #expect(try await one.stores.history.fold() == 6)
        #expect(try await other.stores.history.fold() == 0)
        for resolution in HistoryRange.Resolution.allCases {
            #expect(try await Self.sum(one, resolution) == before, "by \(resolution)")
        }
        #expect(try await one.number("SELECT COUNT(*) FROM task_period WHERE writer <> 0") == 0)
        #expect(try await one.number("SELECT COUNT(*) FROM task_period WHERE span = 1") == 3)
    }

    @Test("Two that fold at once count nothing twice", arguments: Engine.available)
    func atOnce(engine: Engine) async throws {
        let one = try await QueueBench(engine)
        let other = try await QueueBench(one.database, seed: 2, time: one.time, isFirst: false)
        try await one.register()
        try await Self.work(one)
        try await one.stores.history.flush()
        let before = try await Self.sum(one, .hour)
        one.time.advance(seconds: 8 * Self.hour)
        let (first, second) = (one.stores.history, other.stores.history)
        async let here = first.fold()
        async let there = second.fold()
        #expect(try await here + there == 1)
        #expect(try await Self.sum(one, .day) == before)
    }

    @Test("What comes too late for its hour is left out rather than counted twice", arguments: Engine.available)
    func late(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await Self.work(bench)
        try await bench.stores.history.flush()
        try await Self.work(bench)
        bench.time.advance(seconds: 6 * Self.hour)
        #expect(try await bench.stores.history.fold() == 1)
        try await bench.stores.history.flush()
        #expect(try await Self.sum(bench, .day).succeeded == 3)
    }

    @Test("What could not be written is written the next time", arguments: Engine.available)
    func putBack(engine: Engine) async throws {
        let database = MortalDatabase(try await engine.open())
        let bench = try await QueueBench(database)
        try await bench.register()
        try await Self.work(bench)
        database.die(afterWrites: 0)
        await #expect(throws: (any Error).self) { try await bench.stores.history.flush() }
        database.revive()
        try await bench.stores.history.flush()
        #expect(try await Self.sum(bench, .hour).succeeded == 3)
    }

    @Test("A year stays, and what is older goes", arguments: Engine.available)
    func pruned(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await Self.work(bench)
        try await bench.stores.history.look()
        try await bench.stores.history.flush()
        bench.time.advance(seconds: 360 * 24 * Self.hour)
        #expect(try await bench.stores.history.fold() > 0)
        while await bench.housekeeper.tick().pruned > 0 {}
        #expect(try await bench.number("SELECT COUNT(*) FROM task_period") == 2)
        bench.time.advance(seconds: 8 * 24 * Self.hour)
        while await bench.housekeeper.tick().pruned > 0 {}
        #expect(try await bench.number("SELECT COUNT(*) FROM task_period") == 0)
        #expect(try await bench.number("SELECT COUNT(*) FROM queue_period") == 0)
    }
}
