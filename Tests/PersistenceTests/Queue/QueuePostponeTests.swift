import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// Tasks whose service is away wait, and it costs them nothing.
struct QueuePostponeTests {
    private let away = Failure(.serviceUnavailable, "Ollama is away", retryAfterSeconds: 60)

    @Test(
        "A task waits for its service as often as it must, says why, and no attempt is charged",
        arguments: Engine.available)
    func postponed(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitNoop()
        for round in 1...20 {
            let leased = try await bench.lease()
            #expect(leased.map(\.run) == [round])
            #expect(try await bench.settle(leased, .failed(away)) == [.accepted])
            let task = try await bench.tasks.task(id: id)
            #expect(task.task.state == .scheduled && task.task.failures == 0)
            #expect(task.task.lastFailure?.reason == .serviceUnavailable)
            #expect(task.runs.count == round && task.runs.allSatisfy { $0.end == .released })
            bench.time.advance(seconds: 59)
            #expect(try await bench.lease().isEmpty, "not before the time that the service named")
            bench.time.advance(seconds: 32)
            try await bench.beat()
        }
        try await bench.complete(try await bench.lease())
        #expect(try await bench.state(id) == .done)
    }

    @Test(
        "The same result again, because the answer was lost, is accepted and changes nothing",
        arguments: Engine.available)
    func repeated(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitNoop()
        let leased = try #require(try await bench.lease().first)
        let settlement = Settlement(lease: leased.lease, result: .failed(away), run: leased.run)
        for _ in 0..<2 { #expect(try await bench.broker.settle([settlement], worker: 1) == [.accepted]) }
        #expect(try await bench.tasks.task(id: id).runs.count == 1)
    }

    @Test("A task that somebody cancels while it waits is cancelled", arguments: Engine.available)
    func cancelled(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitNoop()
        _ = try await bench.settle(try await bench.lease(), .failed(away))
        _ = try await bench.tasks.cancel(id: id, actor: "me")
        #expect(try await bench.state(id) == .cancelled)
    }

    @Test(
        "An answer that makes no sense is charged, and eight of them bury a task of a service",
        arguments: Engine.available)
    func charged(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let task = NewTask(
            payload: .vectorizeText(VectorizeTextPayload(trackID: 1, model: "test:words", text: "a")), priority: .normal
        )
        let id = try await bench.tasks.submit(task, idempotencyKey: nil).id
        for failures in 1...8 {
            let leased = try await bench.lease()
            _ = try await bench.settle(leased, .failed(Failure(.serviceError, "nonsense")))
            #expect(try await bench.tasks.task(id: id).task.failures == failures)
            bench.time.advance(seconds: 7200)
            try await bench.beat(seconds: 3600)
        }
        #expect(try await bench.state(id) == .dead)
    }
}
