import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct QueueSettleTests {
    @Test(
        "A completed task leaves the queue, keeps its history and starts the next of its chain",
        arguments: Engine.available)
    func completion(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine, mintsChains: true)
        try await bench.register()
        let id = try await bench.submitIndex("a")
        #expect(try await bench.complete(bench.lease()) == [.accepted])
        let (task, runs, _) = try await bench.tasks.task(id: id)
        #expect(task.state == .done && task.kind == .indexFile && task.runs == 1)
        #expect(runs.map(\.end) == [.succeeded])
        #expect(task.payload.contains("/music/a"))
        let next = try await bench.lease()
        #expect(next.map(\.kind) == [.analyzeAudio])
        #expect(try await bench.tasks.task(id: next[0].lease.taskID).task.parentID == id)
    }

    @Test("A result whose lease was lost changes no table", arguments: Engine.available)
    func fencing(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine, mintsChains: true)
        try await bench.register(1)
        try await bench.register(2)
        try await bench.submitIndex("a")
        let late = try await bench.lease(1)
        bench.time.advance(seconds: 200)
        try await bench.beat(2)
        #expect(await bench.housekeeper.tick().rescued == 1)
        let current = try await bench.lease(2)
        #expect(current.count == 1 && current[0].lease != late[0].lease)

        let before = try await Snapshot.all(bench.database)
        #expect(try await bench.complete(late, worker: 1) == [.stale])
        #expect(try await bench.settle(late, .failed(Failure(.ioError, "late")), worker: 1) == [.stale])
        #expect(try await bench.settle(late, .released, worker: 1) == [.stale])
        #expect(try await Snapshot.all(bench.database) == before)

        #expect(try await bench.complete(current, worker: 2) == [.accepted])
        #expect(try await bench.complete(current, worker: 2) == [.stale])
        #expect(try await bench.number("SELECT SUM(count) FROM effect") == 1)
    }

    @Test("The same lease twice in one call is applied once", arguments: Engine.available)
    func twiceInOneCall(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.submitNoop()
        let leased = try await bench.lease()
        #expect(try await bench.complete(leased + leased) == [.accepted, .stale])
        #expect(try await bench.number("SELECT SUM(count) FROM effect") == 1)
    }

    @Test("Transient failures back off as the policy says and end as a dead letter", arguments: Engine.available)
    func backOff(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitIndex("a")
        let policy = TaskKind.indexFile.retryPolicy
        for failure in 1...policy.maxFailures {
            let leased = try await bench.lease()
            #expect(leased.count == 1, "attempt \(failure)")
            let verdicts = try await bench.settle(leased, .failed(Failure(.ioError, "no luck")))
            #expect(verdicts == [.accepted])
            guard failure < policy.maxFailures else { break }
            let task = try await bench.tasks.task(id: id).task
            let delay = Double(try #require(task.runAt) - bench.time.wall) / 1_000_000
            let full = policy.baseSeconds * Double(1 << (failure - 1))
            #expect(task.state == .scheduled && task.failures == failure)
            #expect(delay >= full / 2 && delay <= full)
            bench.time.advance(seconds: delay - 0.001)
            #expect(try await bench.lease().isEmpty)
            bench.time.advance(seconds: 0.002)
        }
        let (task, runs, _) = try await bench.tasks.task(id: id)
        #expect(task.state == .dead && task.failures == policy.maxFailures)
        #expect(runs.map(\.end) == [.retried, .retried, .died])
        #expect(task.lastFailure == Failure(.ioError, "no luck"))
        #expect(try await bench.number("SELECT count FROM effect WHERE stage = 'death of /music/a'") == 1)
    }

    @Test("A fatal failure is a dead letter at once", arguments: Engine.available)
    func fatal(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitIndex("a")
        _ = try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "broken")))
        #expect(try await bench.state(id) == .dead)
    }

    @Test("A task that is handed back is ready again and not charged", arguments: Engine.available)
    func release(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitNoop()
        _ = try await bench.settle(bench.lease(), .released)
        let task = try await bench.tasks.task(id: id).task
        #expect(task.state == .ready && task.failures == 0 && task.crashes == 0)
        let again = try await bench.lease()
        #expect(again.map(\.run) == [2])
    }

    @Test("A worker that leaves hands back what it holds", arguments: Engine.available)
    func deregister(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitNoop()
        _ = try await bench.lease()
        try await bench.broker.deregister(worker: 1)
        let task = try await bench.tasks.task(id: id).task
        #expect(task.state == .ready && task.crashes == 0)
        #expect(try await bench.tasks.workers().isEmpty)
    }

    @Test("A settle that is torn down in the middle leaves nothing behind", arguments: Engine.available)
    func torn(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine, mintsChains: true)
        try await bench.register()
        for index in 0..<5 { try await bench.submitIndex("\(index)") }
        let leased = try await bench.lease()
        let before = try await Snapshot.all(bench.database)
        bench.sink.tearDown { _ in StoreError.retryable(afterSeconds: 1, "pulled the plug") }
        await #expect(throws: StoreError.self) { try await bench.complete(leased) }
        #expect(try await Snapshot.all(bench.database) == before)
        bench.sink.tearDown { _ in nil }
        #expect(try await bench.complete(leased).allSatisfy { $0 == .accepted })
        #expect(try await bench.number("SELECT MAX(count) FROM effect") == 1)
    }

    @Test("One poisonous result does not sink its batch", arguments: Engine.available)
    func poison(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        var ids: [Int64] = []
        for index in 0..<5 { ids.append(try await bench.submitIndex("\(index)")) }
        let bad = ids[2]
        bench.sink.tearDown { $0.taskID == bad ? RecordingSink.Fault() : nil }
        let verdicts = try await bench.complete(bench.lease())
        #expect(verdicts.allSatisfy { $0 == .accepted })
        for id in ids where id != bad { #expect(try await bench.state(id) == .done) }
        let task = try await bench.tasks.task(id: bad).task
        #expect(task.state == .scheduled && task.lastFailure?.reason == .internalError && task.failures == 1)
        #expect(try await bench.number("SELECT COUNT(*) FROM effect") == 4)
    }

    @Test("A death that the catalogue cannot note is a death all the same", arguments: Engine.available)
    func unnotedDeath(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitIndex("a")
        bench.sink.refuseDeaths()
        #expect(try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "broken"))) == [.accepted])
        #expect(try await bench.state(id) == .dead)
    }
}

/// Every row of every table, as text: two equal snapshots mean that nothing at all was written.
enum Snapshot {
    private static let tables = [
        "task", "task_run", "task_event", "task_dead", "scan", "scan_progress", "worker", "idempotency", "effect",
    ]

    static func all(_ database: any Database) async throws -> [String] {
        try await database.read { connection in
            try tables.flatMap { table in
                let row = try row(table, connection)
                return try connection.all(Query(stringLiteral: "SELECT \(row) FROM \(table) ORDER BY 1")) {
                    table + ":" + ($0.text(0) ?? "")
                }
            }
        }
    }

    /// All columns of a table as one text.
    private static func row(_ table: String, _ connection: any Connection) throws -> String {
        guard connection.dialect == .sqlite else { return "CAST(\(table) AS text)" }
        let names = try connection.all(Query(stringLiteral: "SELECT name FROM pragma_table_info('\(table)')")) {
            $0.text(0) ?? ""
        }
        return names.map { "COALESCE(quote(\($0)), '')" }.joined(separator: " || ',' || ")
    }
}
