import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("Chains that were cut off")
struct CatalogueResumeTests {
    @Test("A later scan takes up tracks that an earlier one left half-way", arguments: [Scan.Stage.index, .analysis])
    func takenUp(stage: Scan.Stage) async throws {
        let bench = try await CatalogueBench(.sqlite)
        for number in 0..<3 { bench.put("/music/a/\(number).flac") }
        bench.put("/music/b/1.flac", content: "silence")
        try await bench.scan(until: stage)
        let result = try await bench.scan()
        #expect(result.progress.unchanged == 4 && result.progress.indexed == 0)
        #expect(result.progress.analyzed == (stage == .index ? 4 : 0))
        #expect(result.progress.vectorized == 3)
        #expect(try await bench.scan().tasks.isEmpty)
    }

    @Test("A task that is taken up has the key of the one that may still wait", arguments: Engine.available)
    func sameKey(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac")
        let index = try #require(try await bench.walk().tasks.first)
        let indexed = try #require(try await bench.outcome(of: index))
        let analyze = try await bench.apply([(index.payload, indexed, nil)]).flatMap(\.tasks)
        #expect(try await bench.walk().tasks.map(\.dedupeKey) == analyze.map(\.dedupeKey))
        let first = try #require(analyze.first)
        let analyzed = try #require(try await bench.outcome(of: first))
        let vectorize = try await bench.apply([(first.payload, analyzed, nil)]).flatMap(\.tasks)
        #expect(try await bench.walk().tasks.map(\.dedupeKey) == vectorize.map(\.dedupeKey))
        #expect(try await bench.walk("/music", until: .index).tasks.isEmpty)
        #expect(try await bench.walk("/music", until: .analysis).tasks.isEmpty)
    }

    @Test("Audio that cannot be analysed is not tried again by a quick scan", arguments: Engine.available)
    func givenUp(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac")
        try await bench.scan(until: .index)
        let analyze = try #require(try await bench.walk().tasks.first)
        let catalogue = bench.catalogue
        for (reason, isOver) in [(Failure.Reason.ioError, false), (.corruptFile, true)] {
            try await bench.database.write {
                try catalogue.recordDeath(of: analyze.payload, failure: Failure(reason, "x"), now: 1, in: $0)
            }
            #expect(try await bench.walk().tasks.isEmpty == isOver)
        }
        #expect(try await bench.scan(mode: .full).progress.analyzed == 1)
    }

    @Test("Unfinished tracks are found by their index", arguments: Engine.available)
    func plan(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let query = DatabaseCatalogue.unfinished(bench.scope("/music"), bench.database.dialect)
        let plan = try await bench.database.plan(of: query)
        #expect(plan.contains { $0.contains("track_pending") }, "\(plan)")
    }
}
