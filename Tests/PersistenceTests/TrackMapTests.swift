import Contracts
import Domain
import Logging
import Testing

@testable import Persistence
@testable import UseCases

@Suite("The map of a library")
struct TrackMapTests {
    private struct Library {
        let bench: CatalogueBench
        let stores: Stores
        let map: TrackMap

        init(_ engine: Engine) async throws {
            bench = try await CatalogueBench(engine)
            stores = try Stores(database: bench.database, lockFolder: nil, clock: { 5 })
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let similar = SimilarTracks(catalogue: bench.catalogue, model: "acoustic-v1", dimension: 2, logger: logger)
            map = TrackMap(similarity: similar, store: stores.map, logger: logger)
        }

        /// Files on a slope, each further up than the one before.
        func put(_ numbers: ClosedRange<Int>, genre: String) async throws {
            for number in numbers {
                bench.vectors["\(number)"] = [Float(number) * 0.02, Float(number) * 0.01]
                bench.put("/music/\(number).flac", content: "\(number)") { $0.genres = [genre] }
            }
            try await bench.scan()
        }

        /// The payload of the task that waits.
        func waiting() async throws -> ProjectMapPayload? {
            let task = try await stores.tasks.tasks(TaskFilter(kind: .projectMap), page: PageRequest(limit: 10)).items
            #expect(task.count <= 1)
            guard let json = task.first?.payload,
                case .projectMap(let payload) = try TaskPayload.decode(kind: .projectMap, version: 1, json: json)
            else { return nil }
            return payload
        }

        /// What a worker does with the task, and its end.
        func work() async throws {
            let payload = try #require(try await waiting())
            _ = try await bench.apply([(.projectMap(payload), .mapProjected(try ProjectMap().run(payload)), nil)])
            try await bench.database.write { _ = try $0.execute("DELETE FROM task") }
        }
    }

    @Test(
        "It is drawn as soon as three were heard, and anew when there are half as many more",
        arguments: Engine.available)
    func drawn(engine: Engine) async throws {
        let library = try await Library(engine)
        try await library.put(1...2, genre: "Jazz")
        await #expect(throws: MapProblem.tooFew(tracks: 2, needed: 3)) {
            try await library.map.map(model: nil)
        }
        try await library.map.look()
        #expect(try await library.waiting() == nil)
        try await library.put(3...4, genre: "Folk <b>")
        await #expect(throws: MapProblem.notDrawn) { try await library.map.map(model: nil) }
        for _ in 0..<3 { try await library.map.look() }
        #expect(try await library.waiting()?.vectors == 4)
        try await library.work()
        let map = try await library.map.map(model: nil)
        #expect(map.ids.count == 4 && Set(map.genres.map(\.name)) == ["Jazz", "Folk <b>"])
        let order = zip(map.ids, map.x).sorted { $0.0 < $1.0 }.map(\.1)
        #expect(order == order.sorted() || order == order.sorted(by: >), "along the slope")
        #expect(try await library.map.mark(model: "acoustic-v1") == map.mark)
        await #expect(throws: MapProblem.unknownModel(known: "acoustic-v1")) {
            try await library.map.map(model: "other")
        }

        try await library.put(5...5, genre: "Jazz")
        try await library.map.look()
        #expect(try await library.waiting() == nil, "five are not half as many more than four")
        let more = try await library.map.map(model: nil)
        #expect(more.ids.count == 5 && more.mark != map.mark, "a new track is on the map at once")
        try await library.put(6...6, genre: "Jazz")
        _ = try await library.map.map(model: nil)
        try await library.map.look()
        let payload = try #require(try await library.waiting())
        #expect(payload.vectors == 6 && payload.previousAxes != nil)
        try await library.work()
        let again = try await library.map.map(model: nil)
        let turned = zip(again.ids, again.x).sorted { $0.0 < $1.0 }.map(\.1)
        #expect((order == order.sorted()) == (turned == turned.sorted()), "it points the same way")
    }
}
