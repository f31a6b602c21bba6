import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("The plane of the map")
struct MapStoreTests {
    private static let payload = ProjectMapPayload(
        model: "acoustic-v1", vectors: 3, mean: PackedFloats([0, 0]), covariance: PackedFloats([2, 0, 1]),
        previousAxes: nil)

    private static func outcome(_ mean: Float = 0) -> Outcome {
        let basis = MapBasis(mean: [mean, 0], axes: [[1, 0], [0, 1]], spread: 0.5)
        return .mapProjected(MapProjectedOutcome(model: "acoustic-v1", vectors: 3, basis: basis))
    }

    @Test("One task at once looks for a plane, and a dead letter holds up the next", arguments: Engine.available)
    func queued(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let store = bench.stores.map
        #expect(try await !store.hasProjection(model: "acoustic-v1"))
        #expect(try await store.queueProjection(Self.payload, replacing: nil))
        #expect(try await !store.queueProjection(Self.payload, replacing: nil))
        #expect(try await store.hasProjection(model: "acoustic-v1"))
        #expect(try await !store.hasProjection(model: "other"))
        let tasks = try await bench.lease(max: 1, kinds: [.projectMap: 1])
        #expect(tasks.count == 1)
        #expect(try await !store.queueProjection(Self.payload, replacing: nil))
        _ = try await bench.settle(tasks, .failed(Failure(.invalidPayload, "no")))
        #expect(try await store.hasProjection(model: "acoustic-v1"))
        #expect(try await !store.queueProjection(Self.payload, replacing: nil))
    }

    @Test("A plane is kept by model, each newer one under a higher number", arguments: Engine.available)
    func kept(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let store = try Stores(database: bench.database, lockFolder: nil, clock: { 5 }).map
        #expect(try await store.basis(model: "acoustic-v1") == nil)
        _ = try await bench.apply([(.projectMap(Self.payload), Self.outcome(), nil)])
        #expect(try await store.basis(model: "acoustic-v1")?.version == 1)
        _ = try await bench.apply([(.projectMap(Self.payload), Self.outcome(0.25), nil)])
        let second = try #require(try await store.basis(model: "acoustic-v1"))
        #expect(second.version == 2 && second.vectors == 3)
        #expect(second.basis == MapBasis(mean: [0.25, 0], axes: [[1, 0], [0, 1]], spread: 0.5))
        #expect(try await store.basis(model: "other") == nil)
        #expect(try await !store.queueProjection(Self.payload, replacing: 1), "another one came meanwhile")
        #expect(try await store.queueProjection(Self.payload, replacing: 2))
        var broken = MapProjectedOutcome(model: "acoustic-v1", vectors: 3, basis: second.basis)
        broken.spread = 0
        await #expect(throws: StoreError.self) {
            _ = try await bench.apply([(.projectMap(Self.payload), .mapProjected(broken), nil)])
        }
    }
}
