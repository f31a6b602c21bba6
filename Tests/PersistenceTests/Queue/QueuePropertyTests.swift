import TestSupport
import Testing
import UseCases

@testable import Persistence

@Suite struct QueuePropertyTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4]
    private static let steps = 3000
    private static let stepsBetweenChecks = 10

    @Test("Whatever happens, nothing is lost and nothing is doubled", arguments: Engine.available, seeds)
    func randomLife(_ engine: Engine, _ seed: UInt64) async throws {
        let bench = try await QueueBench(engine, mintsChains: true, seed: seed)
        var simulation = try await QueueSimulation(bench)
        for step in 1...Self.steps {
            try await simulation.step()
            guard step.isMultiple(of: Self.stepsBetweenChecks) else { continue }
            let breaches = try await QueueInvariants.breaches(bench, acknowledged: simulation.acknowledged)
            try #require(breaches.isEmpty, "seed \(seed), step \(step): \(breaches)")
        }
        try await simulation.drain()
        let breaches = try await QueueInvariants.breaches(bench, acknowledged: simulation.acknowledged)
        #expect(breaches.isEmpty, "seed \(seed), drained: \(breaches)")
        #expect(try await bench.number("SELECT COUNT(*) FROM task") == 0, "seed \(seed): everything ends")
        #expect(try await bench.number("SELECT COUNT(*) FROM scan WHERE finished_at IS NULL") == 0)
        // The run was worth something only if late results were among it.
        #expect(simulation.staleResults > 0 && simulation.acceptedResults > 100)
    }

    @Test("Without the fence the same life doubles effects", arguments: Engine.available)
    func negativeControl(_ engine: Engine) async throws {
        for seed in Self.seeds where try await doublesWithoutFence(engine, seed) { return }
        Issue.record("no doubled effect in \(Self.steps) steps of any seed: the simulation is too tame")
    }

    private func doublesWithoutFence(_ engine: Engine, _ seed: UInt64) async throws -> Bool {
        let unfenced = UnfencedDatabase(try await engine.open())
        let bench = try await QueueBench(unfenced, mintsChains: true, seed: seed)
        var simulation = try await QueueSimulation(bench, unfenced: unfenced)
        for _ in 1...Self.steps {
            do {
                try await simulation.step()
            } catch is StoreError {}  // without the fence the tables contradict each other before long
            let doubled = try await bench.number("SELECT COUNT(*) FROM effect WHERE count > 1 AND task_id > 0")
            if doubled > 0 { return true }
        }
        return false
    }
}
