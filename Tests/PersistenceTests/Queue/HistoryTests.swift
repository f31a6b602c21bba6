import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("Deleting history, and tasks that do not move")
struct HistoryTests {
    @Test("Only what ended so, and before then, is deleted, with all that belongs to it", arguments: Engine.available)
    func prune(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let old = try await bench.submitNoop()
        try await bench.complete(bench.lease(kinds: [.noop: 1]))
        let dead = try await bench.submitNoop()
        _ = try await bench.settle(
            bench.lease(kinds: [.noop: 1]), .failed(Failure(.corruptFile, "broken")))
        bench.time.advance(seconds: 100)
        let between = bench.time.wall
        try await bench.beat()
        bench.time.advance(seconds: 1)
        let young = try await bench.submitNoop()
        try await bench.complete(bench.lease(kinds: [.noop: 1]))
        let waiting = try await bench.submitNoop()

        let prune = HistoryPrune(database: bench.database)
        #expect(try await prune.run(before: between, endings: [.cancelled]) == 0)
        #expect(try await prune.run(before: between, endings: [.done]) == 1)
        await #expect(throws: (any Error).self) { try await bench.state(old) }
        #expect(try await bench.state(dead) == .dead)
        #expect(try await prune.run(before: between, endings: [.dead, .done]) == 1)
        #expect(try await bench.number("SELECT COUNT(*) FROM task_run WHERE task_id = \(dead)") == 0)
        #expect(try await bench.state(young) == .done)
        #expect(try await bench.state(waiting) == .ready)
    }

    @Test(
        "Tasks without a worker for them are stuck at once, unless only old ones are asked for",
        arguments: Engine.available)
    func stuck(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let task = try await bench.submitNoop()
        // The server's own time counts on PostgreSQL.
        let later: @Sendable () -> Int64 = { Int64.max / 2 }
        let stuck = StuckTasks(database: bench.database, patienceSeconds: 0)
        let patient = StuckTasks(database: bench.database, patienceSeconds: 1000)
        try await bench.execute("UPDATE task SET created_at = \(Int64.max / 4)")
        #expect(try await patient.groups(clock: { Int64.max / 4 + 5 }).isEmpty)
        try await bench.execute("UPDATE task SET created_at = 1")
        let groups = try await stuck.groups(clock: later)
        #expect(groups.map(\.state) == ["ready"] && groups.map(\.oldestTask) == [task])
        try await bench.execute(
            "UPDATE task SET state = 'running', worker_id = 77, lease = 1, claimed_at = 1, deadline_at = 1")
        #expect(try await stuck.groups(clock: later).map(\.state) == ["running"])
        try await bench.register()
        #expect(try await stuck.groups(clock: later).map { $0.why.contains("worker is gone") } == [true])
        // Alive by the clock that the report looks at.
        let bootID = LeaseClock.suiting(bench.database.dialect).bootID
        try await bench.execute("UPDATE worker SET boot_id = \(bootID), lease_until = \(Int64.max / 2)")
        try await bench.execute("UPDATE task SET worker_id = 1")
        #expect(try await stuck.groups(clock: later).map { $0.why.contains("past their deadline") } == [true])
        try await bench.execute("DELETE FROM task")
        #expect(try await stuck.groups(clock: later).isEmpty)
    }

    @Test("Heavy work that all workers hold back is stuck, and the reason is theirs", arguments: Engine.available)
    func heldBack(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.submitNoop()
        try await bench.execute("UPDATE task SET kind = 'analyze_audio', created_at = 1")
        try await bench.register(hold: WorkHold(slots: 0, causes: [.hours]))
        let bootID = LeaseClock.suiting(bench.database.dialect).bootID
        try await bench.execute("UPDATE worker SET boot_id = \(bootID), lease_until = \(Int64.max / 2)")
        let stuck = StuckTasks(database: bench.database, patienceSeconds: 0)
        let groups = try await stuck.groups(clock: { Int64.max / 2 })
        #expect(groups.map(\.why) == ["no worker takes heavy work now: heavy work has its hours"])
        try await bench.execute("UPDATE task SET kind = 'noop'")
        #expect(try await stuck.groups(clock: { Int64.max / 2 }).isEmpty)
    }
}
