import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("Hostile names, tags and searches")
struct CatalogueHostileTests {
    static let texts = [
        "", " ", "\u{0}", "a\u{0}b", "\u{202E}txt.exe", "👩‍👩‍👧‍👦 family", "'; DROP TABLE track; --", "\"quoted\"",
        "100% _under_ *star*",
        "AND OR NOT NEAR", "title:", "^caret", "{col}:", "(", ")", "\\", "\n\t", "<script>alert(1)</script>",
        "e\u{301}\u{301}\u{301}\u{301}", "\u{FEFF}bom", "\u{FFFF}", String(repeating: "x", count: 65_536),
        String(repeating: "é", count: 40_000), String(repeating: "word ", count: 13_000),
    ]

    @Test("Any tag survives: what was written is read back exactly", arguments: Engine.available)
    func tagsSurvive(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for (number, text) in Self.texts.enumerated() {
            bench.put("/music/\(number).flac") { metadata in
                metadata.title = text
                (metadata.artists, metadata.albumArtists, metadata.genres) = ([text, text], [text], [text])
                (metadata.album, metadata.artistCredit, metadata.date) = (text, text, text)
                metadata.extra = [text: [text], "lyrics": [text, ""]]
                (metadata.musicBrainz.release, metadata.musicBrainz.artists) = (text, [text])
                (metadata.bpm, metadata.replayGain.trackPeak) = (1.1e300, 0.1 + 0.2)
                (metadata.trackNumber, metadata.discNumber) = (Int.max, Int.min)
            }
        }
        try await bench.scan()
        for (number, text) in Self.texts.enumerated() {
            let track = try #require(try await bench.track("/music/\(number).flac"))
            let written = try #require(bench.disk["/music/\(number).flac"]).metadata
            #expect(track.metadata == written, "\(text.prefix(20))")
            #expect(Array((track.metadata.title ?? "").utf8) == Array(text.utf8))
        }
        _ = try await bench.catalogue.albums(artistID: nil, page: PageRequest())
        _ = try await bench.catalogue.artists(PageRequest())
        try await bench.scan(mode: .full)
        #expect(try await bench.catalogue.totals().tracks == Self.texts.count)
    }

    @Test("A number that JSON lacks is left out of the stored tags", arguments: [Double.nan, .infinity, -.infinity])
    func noNumbers(number: Double) async throws {
        let bench = try await CatalogueBench(.sqlite)
        bench.put("/music/a.flac") { ($0.bpm, $0.replayGain.trackGainDb) = (number, number) }
        try await bench.scan()
        let track = try #require(try await bench.track("/music/a.flac"))
        #expect(track.metadata.bpm == nil && track.metadata.replayGain.trackGainDb == nil)
    }

    @Test(
        "A name is bytes: latin-1, NFC and NFD, quotes and newlines are all different files",
        arguments: Engine.available)
    func names(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let names: [[UInt8]] = [
            [0xFF, 0xFE], Array("é.flac".utf8), Array("e\u{301}.flac".utf8), Array("a'b\".flac".utf8),
            Array("a\nb".utf8),
            Array("%_*.flac".utf8), [0xC3], Array(repeating: 0x61, count: 255), Array("\u{202E}cilf.a".utf8),
        ]
        let folder = FilePath(bytes: Array("/music/".utf8) + [0xE9, 0x20, 0xFF])
        let files = names.enumerated().map { number, name in
            ListedFile(name: name, facts: FileFacts(size: 1, mtimeNs: Int64(number), inode: Int64(number), device: 1))
        }
        let (scope, catalogue) = (bench.scope("/music"), bench.catalogue)
        let report: @Sendable (any Connection) throws -> Consequence = { connection in
            try catalogue.reconcile(
                [FolderListing(path: folder, files: files)], scope: scope, now: 1, in: connection)
        }
        let first = try await bench.database.write(report)
        #expect(first.tasks.count == names.count)
        #expect(Set(first.tasks.map(\.dedupeKey)).count == names.count)
        for (task, file) in zip(first.tasks, files.sorted { $0.name.lexicographicallyPrecedes($1.name) }) {
            guard case .indexFile(let payload) = task.payload else { continue }
            #expect(payload.filePath == folder.appending(file.name))
            let outcome = IndexCompleteOutcome(
                filePath: payload.filePath, rootPath: FilePath("/music"), facts: file.facts,
                metadata: TrackMetadata(), properties: AudioProperties(codec: "mp3"), cover: nil)
            _ = try await bench.apply([(task.payload, .indexComplete(outcome), nil)])
        }
        let again = try await bench.database.write(report)
        #expect(again.tasks.isEmpty)
        #expect(again.progress.unchanged == names.count)
        let tracks = try await bench.catalogue.tracks(TrackFilter(), page: PageRequest()).items
        #expect(Set(tracks.map(\.path)) == Set(names.map { folder.appending($0) }))
    }

    @Test(
        "No search text breaks the search",
        arguments: texts + ["\"", "a\"b", "AND", "a OR", "NEAR(a b)", "-a", "a*", "*"])
    func anySearch(text: String) async throws {
        let bench = try await CatalogueBench(.sqlite)
        bench.put("/music/a.flac") { ($0.title, $0.artists) = ("And or not", ["Near"]) }
        try await bench.scan()
        _ = try await bench.catalogue.search(text, limit: 10)
    }

    @Test(
        "A refused file is not tried again by a quick scan, until it changes or a full scan asks",
        arguments: Engine.available)
    func refused(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/good.flac")
        bench.put("/music/bad.flac")
        let first = try await bench.walk()
        for task in first.tasks {
            guard case .indexFile(let payload) = task.payload else { continue }
            if payload.filePath == FilePath("/music/bad.flac") {
                let catalogue = bench.catalogue
                try await bench.database.write {
                    try catalogue.recordDeath(
                        of: task.payload, failure: Failure(.corruptFile, "bad.flac is broken"), now: 1, in: $0)
                }
            } else {
                try await bench.drain([task])
            }
        }
        #expect(try await bench.catalogue.totals().rejected == 1)
        let quick = try await bench.walk()
        #expect(quick.tasks.isEmpty)
        #expect(quick.progress.unchanged == 1 && quick.progress.refused == 1)
        #expect(try await bench.walk(mode: .full).tasks.count == 2)
        bench.put("/music/bad.flac", mtime: 5000)
        let changed = try await bench.scan()
        #expect(changed.progress.indexed == 1)
        #expect(try await bench.catalogue.totals().rejected == 0)
    }

    @Test(
        "A file that may not be read is tried again by a quick scan: size and time do not tell that this was mended",
        arguments: Engine.available)
    func unreadable(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/locked.flac")
        let failure = Failure(.unreadable, "locked.flac cannot be opened: Permission denied")
        let catalogue = bench.catalogue
        let first = try await bench.walk()
        try await bench.database.write { connection in
            for task in first.tasks {
                try catalogue.recordDeath(of: task.payload, failure: failure, now: 1, in: connection)
            }
        }
        #expect(try await bench.catalogue.totals().rejected == 0)
        let mended = try await bench.scan(until: .index)
        #expect(mended.progress.refused == 0 && mended.progress.indexed == 1)
        let analyze = try #require(try await bench.walk().tasks.first)
        try await bench.database.write {
            try catalogue.recordDeath(of: analyze.payload, failure: failure, now: 1, in: $0)
        }
        #expect(try await bench.scan().progress.analyzed == 1)
    }

    @Test("A file that was refused and is gone is forgotten", arguments: Engine.available)
    func refusedAndGone(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/good.flac")
        let bad = bench.put("/music/bad.flac")
        let catalogue = bench.catalogue
        let payload = IndexFilePayload(
            filePath: FilePath("/music/bad.flac"), rootPath: nil, scanID: nil, priority: nil, size: bad.facts.size,
            mtimeNs: bad.facts.mtimeNs)
        for reason in [Failure.Reason.ioError, .fileGone, .parserTimeout] {
            try await bench.database.write {
                try catalogue.recordDeath(of: .indexFile(payload), failure: Failure(reason, "x"), now: 1, in: $0)
            }
        }
        #expect(try await bench.catalogue.totals().rejected == 1)
        bench.disk.removeValue(forKey: "/music/bad.flac")
        try await bench.scan()
        #expect(try await bench.catalogue.totals().rejected == 0)
    }

    @Test(
        "A slow attempt that saw an older file changes nothing; a backup that was put back counts",
        arguments: Engine.available)
    func olderFacts(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let old = bench.put("/music/a.flac", mtime: 1000) { $0.title = "Old" }
        try await bench.scan()
        bench.put("/music/a.flac", mtime: 2000) { $0.title = "New" }
        try await bench.scan()
        let payload = IndexFilePayload(
            filePath: FilePath("/music/a.flac"), rootPath: nil, scanID: nil, priority: nil, until: .index)
        _ = try await bench.apply([
            (.indexFile(payload), .indexComplete(bench.indexOutcome("/music/a.flac", old)), nil)
        ])
        #expect(try await bench.track("/music/a.flac")?.metadata.title == "New")
        bench.disk["/music/a.flac"] = old
        try await bench.scan()
        #expect(try await bench.track("/music/a.flac")?.metadata.title == "Old")
        #expect(try await bench.scan().tasks.isEmpty)
    }
}
