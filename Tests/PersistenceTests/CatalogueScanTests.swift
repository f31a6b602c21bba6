import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("The catalogue and the disk")
struct CatalogueScanTests {
    @Test("A new file becomes a track with analysis and vector", arguments: Engine.available)
    func wholeChain(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a/1.flac") { $0.artists = ["Björk"] }
        let result = try await bench.scan()
        #expect(result.progress.found == 1)
        #expect(result.progress.indexed == 1)
        #expect(result.progress.analyzed == 1)
        #expect(result.progress.vectorized == 1)
        let track = try #require(try await bench.track("/music/a/1.flac"))
        #expect(track.hasVector)
        #expect(track.analysis?.durationMs == 1000)
        #expect(track.analysis?.details == CatalogueBench.details)
        #expect(track.analysis?.loudnessHistogram == CatalogueBench.histogram)
        #expect(track.contentKey == "content of /music/a/1.flac")
        #expect(track.artistIDs.count == 1)
        let changes = try await bench.catalogue.vectorChanges(model: "acoustic-v1", after: 0, limit: 10)
        #expect(changes.map(\.trackID) == [track.id])
        #expect(changes.first?.vector == [0.6, 0.8])
    }

    @Test("A quick rescan of an unchanged tree writes nothing", arguments: Engine.available)
    func quickRescanWritesNothing(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<30 { bench.put("/music/\(number % 3)/\(number).flac") }
        try await bench.scan()
        let rows = try await bench.database.writeMark()
        let result = try await bench.scan()
        #expect(result.progress.unchanged == 30)
        #expect(result.tasks.isEmpty)
        #expect(try await bench.database.writeMark() == rows)
    }

    @Test("A renamed folder keeps ids, analyses and vectors without any task", arguments: Engine.available)
    func move(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<5 { bench.put("/music/old/\(number).flac") { $0.album = "Debut" } }
        try await bench.scan()
        var ids: [Int64?] = []
        for number in 0..<5 { ids.append(try await bench.track("/music/old/\(number).flac")?.id) }
        for number in 0..<5 { bench.move("/music/old/\(number).flac", "/music/new/\(number).flac") }
        let result = try await bench.scan()
        #expect(result.progress.moved == 5)
        #expect(result.progress.missing == 0)
        #expect(result.tasks.isEmpty)
        for number in 0..<5 {
            let track = try #require(try await bench.track("/music/new/\(number).flac"))
            #expect(track.id == ids[number])
            #expect(track.hasVector && track.state == .present)
        }
        #expect(try await bench.catalogue.totals().albums == 1)
    }

    @Test("A copy is a track of its own, and its analysis and vector cost nothing", arguments: Engine.available)
    func copy(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac")
        try await bench.scan()
        bench.copy("/music/a.flac", "/music/b.flac")
        let result = try await bench.scan()
        #expect(result.progress.moved == 0)
        #expect(result.progress.indexed == 1)
        #expect(result.progress.cached == 1)
        #expect(result.progress.vectorized == 1)
        let (first, second) = (try await bench.track("/music/a.flac"), try await bench.track("/music/b.flac"))
        #expect(first?.id != second?.id)
        #expect(second?.hasVector == true)
        #expect(try await bench.catalogue.totals().cacheHits == 1)
    }

    @Test("A retagged file keeps its id and content and needs no new vector", arguments: Engine.available)
    func retag(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac", content: "x") { $0.artists = ["Old"] }
        try await bench.scan()
        let before = try #require(try await bench.track("/music/a.flac"))
        bench.put("/music/a.flac", mtime: 2000, content: "x") { $0.artists = ["New"] }
        let result = try await bench.scan()
        let after = try #require(try await bench.track("/music/a.flac"))
        #expect(after.id == before.id)
        #expect(after.metadata.artists == ["New"])
        #expect(result.progress.cached == 1)
        let artists = try await bench.catalogue.artists(PageRequest()).items
        #expect(artists.map(\.name) == ["New"])
    }

    @Test("A vanished file is marked missing, and is present again when it is back", arguments: Engine.available)
    func vanishAndReappear(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<4 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        let gone = bench.disk.removeValue(forKey: "/music/2.flac")
        let lost = try await bench.scan()
        #expect(lost.progress.missing == 1)
        #expect(try await bench.track("/music/2.flac")?.state == .missing)
        #expect(try await bench.catalogue.search("2", limit: 5).isEmpty)
        bench.disk["/music/2.flac"] = gone
        let found = try await bench.scan()
        #expect(found.tasks.isEmpty)
        #expect(found.progress.unchanged == 4)
        let track = try #require(try await bench.track("/music/2.flac"))
        #expect(track.state == .present)
        let changes = try await bench.catalogue.vectorChanges(model: "acoustic-v1", after: 0, limit: 10)
        #expect(changes.last?.trackID == track.id)
        #expect(changes.last?.vector != nil)
    }
}
