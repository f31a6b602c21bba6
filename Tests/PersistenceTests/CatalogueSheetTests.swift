import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("What a scan makes of files that sheets cut")
struct CatalogueSheetTests {
    private static let flac = "/music/a/Album.flac"
    private static let cue = "/music/a/Album.cue"

    private static func sheet(_ titles: [String], seconds: Int = 60, file: String = "Album.wav") -> String {
        var lines = ["PERFORMER Band", "TITLE Record", "FILE \"\(file)\" WAVE"]
        for (place, title) in titles.enumerated() {
            lines += ["TRACK \(place + 1) AUDIO", "TITLE \"\(title)\""]
            lines.append("INDEX 01 \(place * seconds / 60):\(place * seconds % 60):0")
        }
        return lines.joined(separator: "\n")
    }

    private func bench(_ engine: Engine) async throws -> CatalogueBench {
        let bench = try await CatalogueBench(engine)
        bench.put(Self.flac) { ($0.title, $0.genres) = ("Whole", ["Folk"]) }
        bench.disk[Self.flac]?.durationMs = 180_000
        for number in 0..<9 { bench.put("/music/b/\(number).mp3") }
        return bench
    }

    private func tracks(_ bench: CatalogueBench, _ path: String = flac) async throws -> [Track] {
        let all = try await bench.catalogue.tracks(
            TrackFilter(path: FilePath(path)), page: PageRequest(limit: PageRequest.maxLimit))
        return all.items
    }

    private func present(_ bench: CatalogueBench, _ path: String = flac) async throws -> [Track] {
        try await tracks(bench, path).filter { $0.state == .present }
    }

    @Test("A file with a sheet is as many tracks as it lists, each heard by itself", arguments: Engine.available)
    func split(engine: Engine) async throws {
        let bench = try await bench(engine)
        bench.sheets[Self.cue] = Self.sheet(["One", "Two", "Three"])
        try await bench.scan()
        let tracks = try await tracks(bench)
        #expect(tracks.map(\.metadata.title) == ["One", "Two", "Three"])
        #expect(tracks.allSatisfy { $0.path == FilePath(Self.flac) && $0.state == .present && $0.hasVector })
        #expect(tracks.map(\.segment?.number) == [1, 2, 3])
        #expect(tracks.map(\.segment?.stretch.endMs) == [60_000, 120_000, nil])
        #expect(tracks.map(\.properties.durationMs) == [60_000, 60_000, 60_000])
        #expect(Set(tracks.compactMap(\.contentKey)).count == 3)
        #expect(tracks.allSatisfy { $0.metadata.genres == ["Folk"] && $0.metadata.album == "Record" })
        #expect(Set(tracks.map(\.albumID)).count == 1)
        let again = try await bench.walk()
        #expect(again.tasks.isEmpty && again.progress.unchanged == 10)
        // A full scan looks at everything again, and finds it as it was.
        try await bench.scan(mode: .full)
        #expect(try await self.tracks(bench).map(\.id) == tracks.map(\.id))
        #expect(try await bench.walk().tasks.isEmpty)
    }

    @Test("The whole file steps back for its parts, and comes back when the sheet goes", arguments: Engine.available)
    func whole(engine: Engine) async throws {
        let bench = try await bench(engine)
        try await bench.scan()
        let whole = try #require(try await present(bench).first)
        bench.sheets[Self.cue] = Self.sheet(["One", "Two"])
        let split = try await bench.scan()
        #expect(split.progress.indexed == 1 && split.notice == nil)
        let parts = try await present(bench)
        #expect(parts.map(\.segment?.number) == [1, 2] && !parts.contains { $0.id == whole.id })
        #expect(try await bench.walk().tasks.isEmpty)
        bench.sheets = [:]
        try await bench.scan()
        #expect(try await present(bench).map(\.id) == [whole.id])
        #expect(try await present(bench).first?.segment == nil)
        #expect(try await bench.walk().tasks.isEmpty)
        bench.sheets[Self.cue] = Self.sheet(["One", "Two"])
        try await bench.scan()
        #expect(try await present(bench).map(\.id) == parts.map(\.id))
        #expect(try await bench.walk().tasks.isEmpty)
    }

    @Test(
        "Titles that change are read, times that change are heard, and a part that goes is missing",
        arguments: Engine.available)
    func edited(engine: Engine) async throws {
        let bench = try await bench(engine)
        bench.sheets[Self.cue] = Self.sheet(["One", "Two", "Three"])
        try await bench.scan()
        let before = try await tracks(bench)
        bench.sheets[Self.cue] = Self.sheet(["One", "Deux", "Three"])
        let renamed = try await bench.scan()
        #expect(renamed.progress.indexed == 1 && renamed.progress.analyzed == 0)
        #expect(try await present(bench).map(\.metadata.title) == ["One", "Deux", "Three"])
        bench.sheets[Self.cue] = Self.sheet(["One", "Deux"], seconds: 70)
        let moved = try await bench.scan()
        #expect(moved.progress.analyzed == 2)
        let after = try await tracks(bench)
        #expect(after.map(\.id) == before.map(\.id))
        #expect(after.map(\.state) == [.present, .present, .missing])
        #expect(after[1].contentKey != before[1].contentKey && after[1].properties.durationMs == 110_000)
        #expect(try await bench.walk().tasks.isEmpty)
        // Somebody who says nothing of sheets, as a request to the API does, changes nothing about them.
        let payload = IndexFilePayload(
            filePath: FilePath(Self.flac), rootPath: FilePath("/music"), scanID: nil, priority: nil)
        try await bench.drain([NewTask(payload: .indexFile(payload), priority: .normal)])
        #expect(try await present(bench).map(\.metadata.title) == ["One", "Deux"])
    }

    @Test("Ids stay when file and sheet are moved together, and when they were away", arguments: Engine.available)
    func moved(engine: Engine) async throws {
        let bench = try await bench(engine)
        try await bench.scan()
        let whole = try await present(bench).map(\.id)
        bench.sheets[Self.cue] = Self.sheet(["One", "Two"])
        try await bench.scan()
        let ids = try await present(bench).map(\.id)
        bench.move(Self.flac, "/music/c/Best.flac")
        bench.sheets = ["/music/c/Best.cue": Self.sheet(["One", "Two"], file: "Best.wav")]
        let result = try await bench.scan()
        #expect(result.progress.moved == 1 && result.progress.missing == 0)
        #expect(try await present(bench, "/music/c/Best.flac").map(\.id) == ids)
        #expect(try await tracks(bench).isEmpty)
        #expect(try await bench.walk().tasks.isEmpty)
        // Away, and back at another place without its sheet.
        let file = bench.disk.removeValue(forKey: "/music/c/Best.flac")
        bench.sheets = [:]
        #expect(try await bench.scan().progress.missing == 2)
        bench.disk["/music/d/Best.flac"] = file
        try await bench.scan()
        #expect(try await present(bench, "/music/d/Best.flac").map(\.id) == whole)
        #expect(try await bench.walk().tasks.isEmpty)
    }

    @Test("A copy beside a cut file takes nothing from it", arguments: Engine.available)
    func copied(engine: Engine) async throws {
        let bench = try await bench(engine)
        try await bench.scan()
        let whole = try await present(bench).map(\.id)
        bench.sheets[Self.cue] = Self.sheet(["One", "Two"])
        try await bench.scan()
        let ids = try await present(bench).map(\.id)
        bench.copy(Self.flac, "/music/c/Copy.flac")
        try await bench.scan()
        #expect(try await present(bench).map(\.id) == ids)
        #expect(try await present(bench, "/music/c/Copy.flac").count == 1)
        bench.sheets = [:]
        try await bench.scan()
        #expect(try await present(bench).map(\.id) == whole)
    }

    @Test("Nor does it from one that was away when its sheet came", arguments: Engine.available)
    func copiedAfterReturn(engine: Engine) async throws {
        let bench = try await bench(engine)
        try await bench.scan()
        let file = bench.disk.removeValue(forKey: Self.flac)
        #expect(try await bench.scan().progress.missing == 1)
        bench.disk[Self.flac] = file
        bench.sheets[Self.cue] = Self.sheet(["One", "Two"])
        try await bench.scan()
        let ids = try await present(bench).map(\.id)
        #expect(ids.count == 2)
        bench.copy(Self.flac, "/music/c/Copy.flac")
        try await bench.scan()
        #expect(try await present(bench).map(\.id) == ids)
        #expect(try await present(bench, "/music/c/Copy.flac").count == 1)
    }

    @Test("A sheet that does not fit its file is refused once, and the file stays a track", arguments: Engine.available)
    func refused(engine: Engine) async throws {
        let bench = try await bench(engine)
        bench.sheets[Self.cue] = Self.sheet(["One", "Two", "Three"], seconds: 120)
        let result = try await bench.walk()
        let rest = try await bench.drain(result.tasks)
        #expect(rest.notice?.contains("track 3 begins behind the end of the file") == true)
        #expect(try await present(bench).map(\.segment) == [nil])
        #expect(try await bench.walk().tasks.isEmpty)
        bench.sheets[Self.cue] = Self.sheet(["One", "Two", "Three"])
        try await bench.scan()
        #expect(try await present(bench).count == 3)
    }

    @Test("A sheet in the tags cuts the file unless one lies beside it", arguments: Engine.available)
    func embedded(engine: Engine) async throws {
        let bench = try await bench(engine)
        let file = try #require(bench.disk[Self.flac])
        bench.put(Self.flac, mtime: 2000, size: file.facts.size) {
            $0.extra["cuesheet"] = [Self.sheet(["In", "Side"])]
        }
        bench.disk[Self.flac]?.durationMs = 180_000
        try await bench.scan()
        #expect(try await present(bench).map(\.metadata.title) == ["In", "Side"])
        #expect(try await present(bench).allSatisfy { $0.metadata.extra["cuesheet"] == nil })
        #expect(try await bench.walk().tasks.isEmpty)
        bench.sheets[Self.cue] = Self.sheet(["Out", "Side", "Three"])
        try await bench.scan()
        #expect(try await present(bench).map(\.metadata.title) == ["Out", "Side", "Three"])
        bench.sheets = [:]
        try await bench.scan()
        #expect(try await present(bench).map(\.metadata.title) == ["In", "Side"])
        #expect(try await bench.walk().tasks.isEmpty)
    }

    @Test(
        "What was heard of the whole file, or of a part as it was, is not taken for the part",
        arguments: Engine.available)
    func stale(engine: Engine) async throws {
        let bench = try await bench(engine)
        bench.sheets[Self.cue] = Self.sheet(["One", "Two"])
        let tasks = try await bench.walk().tasks
        try await bench.drain(
            tasks.filter { if case .indexFile = $0.payload { true } else { false } }.map { task in
                guard case .indexFile(var payload) = task.payload else { return task }
                payload.until = .index
                return NewTask(payload: .indexFile(payload), priority: .normal)
            })
        let part = try #require(try await present(bench).last)
        let stretch = try #require(part.segment?.stretch)
        func settle(_ asked: Stretch, heardFrom: Int64?) async throws -> [Consequence] {
            let payload = AnalyzeAudioPayload(
                trackID: part.id, filePath: part.path, rootPath: FilePath("/music"), scanID: nil, stretch: asked)
            let outcome = AnalysisCompleteOutcome(
                trackID: part.id, contentKey: "of whoever", analysis: nil, beginUs: heardFrom)
            return try await bench.apply([(.analyzeAudio(payload), .analysisComplete(outcome), nil)])
        }
        let old = try await settle(stretch, heardFrom: nil)
        #expect(old.contains { $0.notice?.contains("a worker of an older version heard as a whole") == true })
        let earlier = try #require(Stretch(beginUs: 1, endUs: nil))
        _ = try await settle(earlier, heardFrom: 1)
        #expect(try await present(bench).last?.contentKey == nil)
        _ = try await settle(stretch, heardFrom: stretch.beginUs)
        #expect(try await present(bench).last?.contentKey == "of whoever")
    }

    @Test("Names of rows are of one file, and of no other")
    func names() {
        #expect(PartName(file: Array("a.flac".utf8), number: 3).stored == Array("a.flac/03".utf8))
        #expect(PartName(stored: Array("a.flac/12".utf8)) == PartName(file: Array("a.flac".utf8), number: 12))
        #expect(PartName(stored: Array("a.flac".utf8)).number == nil)
    }

    @Test("Files whose names lie between a file and its parts are their own", arguments: Engine.available)
    func neighbours(engine: Engine) async throws {
        let bench = try await bench(engine)
        for name in ["Album.flac!.mp3", "Album.flac.mp3", "Album.flac0.mp3", "Album.fla"] {
            bench.put("/music/a/" + name)
        }
        bench.sheets[Self.cue] = Self.sheet(["One", "Two"], file: "Album.flac")
        try await bench.scan()
        #expect(try await tracks(bench).count == 2)
        #expect(try await tracks(bench, "/music/a/Album.flac.mp3").count == 1)
        #expect(try await bench.walk().tasks.isEmpty)
        bench.disk[Self.flac] = nil
        #expect(try await bench.scan().progress.missing == 2)
    }
}
