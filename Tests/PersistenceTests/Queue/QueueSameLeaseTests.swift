import Contracts
import Domain
import TestSupport
import Testing
import UseCases

@testable import Persistence

/// One worker that asks again while its first request is still on the way, through this orchestrator or another.
@Suite(.timeLimit(.minutes(2))) struct QueueSameLeaseTests {
    /// Two orchestrators on one database.
    private func orchestrators(_ engine: Engine) async throws -> [QueueBench] {
        let first = try await QueueBench(engine)
        let second = try await QueueBench(first.database, seed: 2, time: first.time, isFirst: false)
        return [first, second]
    }

    private static func lease(_ bench: QueueBench, token: Int64) async throws -> [LeasedTask] {
        try await bench.broker.lease(
            LeaseRequest(worker: 1, kinds: QueueBench.everyKind, max: 3, waitSeconds: 0, token: token))
    }

    @Test("The same lease, asked for several times at once, is one lease", arguments: Engine.available)
    func sameToken(_ engine: Engine) async throws {
        let benches = try await orchestrators(engine)
        try await benches[0].register()
        for _ in 0..<60 { try await benches[0].submitNoop() }
        for token in Int64(1)...20 {
            let answers = try await withThrowingTaskGroup(of: [LeasedTask].self) { group in
                for bench in benches + benches { group.addTask { try await Self.lease(bench, token: token) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers[0].count == 3 && answers.allSatisfy { $0 == answers[0] }, "token \(token)")
        }
        #expect(try await Self.lease(benches[1], token: 21).isEmpty)
    }

    @Test("Leases, heartbeats, results and a farewell of one worker at once do not wait for each other in a ring")
    func noDeadlock() async throws {
        let base = try await Engine.postgres.open()
        let strict = StrictDatabase(try #require(base as? DisposableDatabase))
        let first = try await QueueBench(strict)
        let second = try await QueueBench(strict, seed: 2, time: first.time, isFirst: false)
        for _ in 0..<200 { try await first.submitNoop() }
        for round in Int64(0)..<15 {
            try await first.register()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, bench) in [first, second, first, second].enumerated() {
                    group.addTask { try await Self.work(bench, token: round * 100 + Int64(number) + 1) }
                }
                group.addTask { try await second.broker.deregister(worker: 1) }
                try await group.waitForAll()
            }
        }
    }

    private static func work(_ bench: QueueBench, token: Int64) async throws {
        do {
            let tasks = try await lease(bench, token: token)
            let held = tasks.map(\.lease.taskID)
            _ = try await bench.broker.renew(
                Heartbeat(worker: 1, running: held, leaseSeconds: 40, draining: false))
            _ = try await bench.settle(tasks, .completed(.noopComplete))
        } catch StoreError.preconditionFailed {
            // After the farewell the worker is not known any more, which is an answer.
        }
    }
}
