import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("Files that are met before the place is looked at that they left")
struct CatalogueArrivalTests {
    @Test(
        "A file keeps its id when only the place to which it was moved is scanned",
        arguments: Engine.available,
        [(scope: "/music/new", from: "/music/a/1.flac"), (scope: "/music", from: "/other/a/1.flac")])
    func movedIn(engine: Engine, move: (scope: String, from: String)) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put(move.from) { $0.album = "Debut" }
        bench.put("/music/a/2.flac") { $0.album = "Debut" }
        try await bench.scan("/other")
        try await bench.scan("/music")
        let old = try #require(try await bench.track(move.from))
        bench.move(move.from, "/music/new/x.flac")
        let result = try await bench.scan(move.scope)
        #expect(result.progress.moved == 1 && result.progress.missing == 0)
        #expect(result.tasks.isEmpty)
        let new = try #require(try await bench.track("/music/new/x.flac"))
        #expect(new.id == old.id && new.state == .present && new.hasVector)
        #expect(try await bench.track(move.from) == nil)
        for place in ["/music", "/other"] {
            let again = try await bench.scan(place)
            #expect(again.tasks.isEmpty && again.progress.missing == 0 && again.progress.moved == 0)
        }
    }

    @Test("A hard link, and a copy with the same time, are files of their own", arguments: Engine.available)
    func links(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.disk["/music/new/link.flac"] = bench.put("/music/a/1.flac")
        bench.copy("/music/a/1.flac", "/music/new/copy.flac")
        bench.disk["/music/new/2.flac"] = bench.put("/music/a/2.flac")
        let later = bench.disk.filter { $0.key.hasPrefix("/music/new") }
        for path in later.keys { bench.disk.removeValue(forKey: path) }
        try await bench.scan()
        let old = try #require(try await bench.track("/music/a/1.flac"))
        bench.disk.merge(later) { $1 }
        let result = try await bench.scan("/music/new")
        #expect(result.progress.moved == 0 && result.progress.indexed == 3)
        #expect(try await bench.track("/music/a/1.flac") == old)
        #expect(try await bench.catalogue.totals().tracks == 5)
    }

    @Test("What is gone from outside the scope is no loss of a scan that does not find it", arguments: Engine.available)
    func goneElsewhere(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for path in ["/music/a/1.flac", "/music/b/1.flac"] { bench.put(path) }
        try await bench.scan()
        let (scope, catalogue) = (bench.scope("/music/b"), bench.catalogue)
        try await bench.database.write {
            try catalogue.noteGone(
                ["/music/a/1.flac", "/music/a/2.flac", "/nowhere/1.flac"].map { FilePath($0) }, scope: scope, in: $0)
        }
        let end = ScanCompleteOutcome(scanID: scope.id, rootUnavailable: false, vanishedFolderIDs: [], problems: [])
        let found = try await bench.endWalk(end, scope)
        #expect(found.allSatisfy { $0.progress.missing == 0 && $0.tasks.isEmpty })
        #expect(try await bench.track("/music/a/1.flac")?.state == .present)
    }

    @Test("Nobody is asked to look after files whose inode is known nowhere else", arguments: Engine.available)
    func suspects(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<5 { bench.put("/music/a/\(number).flac", size: 7) }
        try await bench.scan()
        bench.put("/music/b/5.flac", size: 7)
        bench.copy("/music/a/0.flac", "/music/b/0.flac")
        bench.move("/music/a/1.flac", "/music/b/1.flac")
        for (path, expected) in [("/music", []), ("/music/b", ["/music/a/1.flac"])] {
            let (scope, catalogue) = (bench.scope(path), bench.catalogue)
            let listings = bench.listings.filter { scope.path.contains($0.path) }
            let report = try await bench.database.write {
                try catalogue.reconcile(listings, scope: scope, now: 1, in: $0)
            }
            #expect(report.suspects == expected.map { FilePath($0) })
        }
    }
}
