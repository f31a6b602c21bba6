import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct QueueDeadLetterTests {
    @Test(
        "A dead letter that is cancelled is dismissed, and its life stays in the history", arguments: Engine.available)
    func dismiss(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await die(bench, try await bench.submitIndex("a"))
        let cancelled = try await bench.tasks.cancel(id: id, actor: "me")
        #expect(cancelled.state == .cancelled && cancelled.runs == 1 && cancelled.lastFailure?.reason == .corruptFile)
        #expect(try await bench.tasks.cancel(id: id, actor: "me").state == .cancelled, "idempotent")
        let (_, runs, events) = try await bench.tasks.task(id: id)
        #expect(runs.map(\.end) == [.died])
        #expect(events.map(\.type) == ["cancelled"] && events.first?.actor == "me")
        await #expect(throws: StoreError.self) { try await bench.tasks.retry(id: id, actor: "me") }
        #expect(try await QueueInvariants.breaches(bench, acknowledged: [id]).isEmpty)
    }

    @Test("All that match are cancelled at once, and nothing that is over", arguments: Engine.available)
    func cancelAll(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.submitNoop()
        try await bench.complete(bench.lease())
        for index in 0..<4 { try await bench.submitIndex("\(index)") }
        try await bench.submitNoop()
        _ = try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "broken")))
        try await bench.submitNoop()
        #expect(try await bench.tasks.cancelAll(TaskFilter(state: .dead, kind: .indexFile), actor: "me") == 4)
        #expect(try await listed(bench, .dead).map(\.kind) == [.noop])
        #expect(try await bench.tasks.cancelAll(TaskFilter(state: .done), actor: "me") == 0)
        #expect(try await bench.tasks.cancelAll(TaskFilter(), actor: "me") == 2)
        #expect(try await listed(bench, .cancelled).count == 6)
        #expect(try await listed(bench, .done).count == 1)
    }

    @Test(
        "Of two tasks that died over one file only the newer stays dead, and a success clears it",
        arguments: Engine.available)
    func superseded(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine, mintsChains: true)
        try await bench.register()
        let first = try await die(bench, try await bench.submitIndex("a"))
        let other = try await die(bench, try await bench.submitIndex("b"))
        let second = try await die(bench, try await refresh(bench, "a"))
        #expect(try await bench.state(first) == .cancelled)
        #expect(try await listed(bench, .dead).map(\.id) == [second, other])
        let third = try await bench.submitIndex("a")
        try await bench.complete(bench.lease())
        #expect(try await listed(bench, .dead).map(\.id) == [other])
        let (task, runs, events) = try await bench.tasks.task(id: second)
        #expect(task.state == .cancelled && runs.map(\.end) == [.died])
        #expect(events.map(\.type) == ["superseded"] && events.first?.detail == "task \(third) did the same work")
        #expect(try await QueueInvariants.breaches(bench, acknowledged: [first, second, third, other]).isEmpty)
    }

    @Test("Tasks without a file are the same by their key, and strangers without one", arguments: Engine.available)
    func keys(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let stranger = try await die(bench, try await bench.submitNoop())
        let first = try await die(bench, try await bench.submitNoop(key: "k"))
        let second = try await die(bench, try await bench.submitNoop(key: "k"))
        #expect(try await bench.state(first) == .cancelled)
        #expect(try await listed(bench, .dead).map(\.id) == [second, stranger])
        try await bench.submitNoop(key: "k")
        try await bench.submitNoop(key: "k2")
        try await bench.submitNoop()
        try await bench.complete(bench.lease())
        #expect(try await listed(bench, .dead).map(\.id) == [stranger])
    }

    private func die(_ bench: QueueBench, _ id: Int64) async throws -> Int64 {
        let leased = try await bench.lease()
        #expect(leased.map(\.lease.taskID) == [id])
        _ = try await bench.settle(leased, .failed(Failure(.corruptFile, "broken")))
        return id
    }

    /// As a full scan queues it: the same file under another key.
    private func refresh(_ bench: QueueBench, _ name: String) async throws -> Int64 {
        let payload = IndexFilePayload(
            filePath: FilePath("/music/\(name)"), rootPath: FilePath("/music"), scanID: nil, priority: nil,
            refresh: true)
        let task = NewTask(payload: .indexFile(payload), priority: .normal, dedupeKey: "refresh \(name)")
        return try await bench.tasks.submit(task, idempotencyKey: nil).id
    }

    private func listed(_ bench: QueueBench, _ state: TaskState) async throws -> [TaskRecord] {
        try await bench.tasks.tasks(TaskFilter(state: state), page: PageRequest(limit: 100)).items
    }
}
