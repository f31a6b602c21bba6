import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("What a scan makes of files that are gone")
struct CatalogueMissingTests {
    @Test("An absent or empty root marks nothing missing and says so", arguments: Engine.available)
    func absentRoot(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<5 { bench.put("/music/a/\(number).flac") }
        try await bench.scan()
        bench.disk = [:]
        let result = try await bench.scan(rootUnavailable: true)
        #expect(result.progress.missing == 0)
        #expect(result.notice?.contains("absent or empty") == true)
        let totals = try await bench.catalogue.totals()
        #expect(totals.tracks == 5 && totals.missing == 0)
    }

    @Test("A loss of more than 30 % marks nothing missing and says so", arguments: [(31, false), (30, true)])
    func limit(lost: Int, isMarked: Bool) async throws {
        let bench = try await CatalogueBench(.sqlite)
        for number in 0..<100 { bench.put("/music/\(number % 7)/\(number).flac") }
        try await bench.scan(until: .index)
        for number in 0..<lost { bench.disk.removeValue(forKey: "/music/\(number % 7)/\(number).flac") }
        let result = try await bench.scan(until: .index)
        #expect(result.progress.missing == (isMarked ? lost : 0))
        #expect((result.notice == nil) == isMarked)
        #expect(try await bench.catalogue.totals().missing == (isMarked ? lost : 0))
    }

    @Test("One file of a small library may be gone, half of it may not", arguments: Engine.available)
    func smallLibrary(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for name in ["a/1", "a/2", "b/1"] { bench.put("/music/\(name).flac") }
        try await bench.scan()
        bench.disk.removeValue(forKey: "/music/a/1.flac")
        let one = try await bench.scan()
        #expect(one.progress.missing == 1)
        #expect(one.notice == nil)
        bench.disk.removeValue(forKey: "/music/a/2.flac")
        bench.disk.removeValue(forKey: "/music/b/1.flac")
        let all = try await bench.scan()
        #expect(all.progress.missing == 0)
        #expect(all.notice?.contains("nothing was marked missing") == true)
    }

    @Test("The limit counts the tracks of the whole root, and moves are no loss", arguments: Engine.available)
    func scopeAndMoves(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<200 { bench.put("/music/\(number < 40 ? "small" : "big")/\(number).flac") }
        try await bench.scan(until: .index)
        for number in 0..<20 { bench.disk.removeValue(forKey: "/music/small/\(number).flac") }
        #expect(try await bench.scan("/music/small", until: .index).progress.missing == 20)
        #expect(try await bench.scan("/music", until: .index).progress.missing == 0)
        for number in 40..<200 { bench.move("/music/big/\(number).flac", "/music/other/\(number).flac") }
        let result = try await bench.scan(until: .index)
        #expect(result.progress.moved == 160)
        #expect(result.progress.missing == 0)
        #expect(result.notice == nil)
    }

    @Test(
        "A loss that the user confirms is believed, but not that of a root that is absent", arguments: Engine.available)
    func acceptMissing(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<10 { bench.put("/music/a/\(number).flac") }
        for number in 0..<10 { bench.put("/music/b/\(number).flac") }
        try await bench.scan(until: .index)
        for number in 0..<10 { bench.disk.removeValue(forKey: "/music/b/\(number).flac") }
        let refused = try await bench.scan("/music/b", until: .index)
        #expect(refused.progress.missing == 0)
        #expect(refused.notice?.contains("10 of the 20 tracks of /music") == true)
        #expect(refused.notice?.contains("--accept-missing") == true)
        let absent = try await bench.scan("/music", until: .index, rootUnavailable: true, acceptMissing: true)
        #expect(absent.progress.missing == 0)
        let accepted = try await bench.scan("/music", until: .index, acceptMissing: true)
        #expect(accepted.progress.missing == 10)
        #expect(accepted.notice == nil)
        #expect(try await bench.catalogue.totals().missing == 10)
    }

    @Test("A file that was lost long ago and comes back elsewhere is the same track", arguments: Engine.available)
    func lostAndFoundElsewhere(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac")
        bench.put("/music/b.flac")
        try await bench.scan()
        let id = try await bench.track("/music/a.flac")?.id
        let file = bench.disk.removeValue(forKey: "/music/a.flac")
        try await bench.scan()
        bench.disk["/music/new/a.flac"] = file
        let result = try await bench.scan()
        #expect(result.progress.moved == 1)
        #expect(result.foundAgain == [2: 1])
        #expect(result.tasks.isEmpty)
        #expect(try await bench.track("/music/new/a.flac")?.id == id)
    }

    @Test("Of several files with one size and time, each keeps its own id when they move", arguments: Engine.available)
    func sameSizeAndTime(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<20 { bench.put("/music/old/\(number).flac", size: 7) }
        try await bench.scan()
        var ids: [Int64?] = []
        for number in 0..<20 { ids.append(try await bench.track("/music/old/\(number).flac")?.id) }
        for number in 0..<20 { bench.move("/music/old/\(number).flac", "/music/new/x\(number).flac") }
        let result = try await bench.scan()
        #expect(result.progress.moved == 20)
        for number in 0..<20 { #expect(try await bench.track("/music/new/x\(number).flac")?.id == ids[number]) }
    }

    @Test("A renumbered album keeps its ids: every file follows its own track", arguments: Engine.available)
    func renumbered(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 1...5 { bench.put("/music/a/\(number).flac") { $0.album = "A" } }
        try await bench.scan()
        var ids: [Int64?] = []
        for number in 1...5 { ids.append(try await bench.track("/music/a/\(number).flac")?.id) }
        for number in (1...5).reversed() { bench.move("/music/a/\(number).flac", "/music/a/\(number + 1).flac") }
        let result = try await bench.scan()
        #expect(result.progress.moved == 5)
        #expect(result.tasks.isEmpty)
        for number in 1...5 { #expect(try await bench.track("/music/a/\(number + 1).flac")?.id == ids[number - 1]) }
    }

    @Test("Two files that swap their names keep their ids", arguments: Engine.available)
    func swapped(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let (first, second) = (bench.put("/music/1.flac"), bench.put("/music/2.flac"))
        try await bench.scan()
        let ids = [try await bench.track("/music/1.flac")?.id, try await bench.track("/music/2.flac")?.id]
        (bench.disk["/music/1.flac"], bench.disk["/music/2.flac"]) = (second, first)
        let result = try await bench.scan()
        #expect(result.progress.moved == 2)
        #expect([try await bench.track("/music/2.flac")?.id, try await bench.track("/music/1.flac")?.id] == ids)
    }

    @Test(
        "A file that is moved over another: the path keeps its track and is indexed again", arguments: Engine.available)
    func movedOver(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 1...4 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        let id = try await bench.track("/music/2.flac")?.id
        bench.move("/music/1.flac", "/music/2.flac")
        let result = try await bench.scan()
        #expect(result.progress.moved == 0)
        #expect(result.progress.missing == 1)
        #expect(try await bench.track("/music/1.flac")?.state == .missing)
        let track = try #require(try await bench.track("/music/2.flac"))
        #expect(track.id == id)
        #expect(track.metadata.title == "1.flac")
        #expect(track.contentKey == "content of /music/1.flac")
    }

    @Test("A walk that is killed and starts again ends the same", arguments: Engine.available)
    func restartedWalk(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<6 { bench.put("/music/a/\(number).flac") }
        try await bench.scan()
        bench.move("/music/a/0.flac", "/music/b/0.flac")
        let scope = bench.scope("/music")
        let (catalogue, listings) = (bench.catalogue, bench.listings)
        for _ in 0..<2 {
            // What is seen now is not there any more when the walk starts again.
            _ = try await bench.database.write { connection in
                try ScanCandidates(scanRowID: scope.rowID, connection: connection).forget(atMost: 1000)
                return try catalogue.reconcile(
                    [FolderListing(path: FilePath("/music/a"), files: [])], scope: scope, now: 1, in: connection)
            }
        }
        _ = try await bench.database.write { connection in
            try ScanCandidates(scanRowID: scope.rowID, connection: connection).forget(atMost: 1000)
            return try catalogue.reconcile(listings, scope: scope, now: 1, in: connection)
        }
        let end = ScanCompleteOutcome(scanID: scope.id, rootUnavailable: false, vanishedFolderIDs: [], problems: [])
        let found = try await bench.endWalk(end, scope)
        #expect(found.map(\.progress.moved).reduce(0, +) == 1)
        #expect(found.map(\.progress.missing).reduce(0, +) == 0)
        #expect(found.flatMap(\.tasks).isEmpty)
    }
}
