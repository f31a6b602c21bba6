import Contracts
import Domain
import Synchronization
import Testing
import UseCases

@testable import Persistence

@Suite("Facts of tracks for similarity")
struct CatalogueFactsTests {
    /// What a reader who follows the feed holds, by file name.
    private static func follow(_ bench: CatalogueBench, from start: Int64 = 0, step: Int = 2) async throws
        -> (facts: [Int64: TrackFacts], last: Int64, seen: Int)
    {
        var (facts, last, seen): ([Int64: TrackFacts], Int64, Int) = ([:], start, 0)
        while true {
            let changes = try await bench.catalogue.factsChanges(after: last, limit: step)
            guard let end = changes.last else { return (facts, last, seen) }
            for change in changes { facts[change.trackID] = change.facts }
            (last, seen) = (end.sequence, seen + changes.count)
        }
    }

    /// What a reader holds who takes all at once.
    private static func all(_ bench: CatalogueBench) async throws -> (facts: [Int64: TrackFacts], last: Int64) {
        let facts = Mutex<[Int64: TrackFacts]>([:])
        let last = try await bench.catalogue.allFacts { part in
            facts.withLock { facts in
                switch part {
                case .track(let id, let whole): facts[id] = whole
                case .artists(let id, let ofTrack, let ofAlbum):
                    facts[id]?.artistIDs = ofTrack
                    facts[id]?.albumArtistIDs = ofAlbum
                case .genres(let id, let genres): facts[id]?.genreIDs = genres
                }
            }
        }
        return (facts.withLock { $0 }, last)
    }

    @Test("All at once are what the changes add up to, one analysis of each content", arguments: Engine.available)
    func atOnce(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        #expect(try await Self.all(bench).last == 0)
        for (number, name) in ["a", "b", "c", "d"].enumerated() {
            bench.music[name] = (100 + Double(number), "C major")
            bench.put("/music/\(name)/\(name).flac", content: name) {
                ($0.title, $0.album, $0.artists) = (name, "Album", ["X", name, "Y"].prefix(number).map(\.self))
                ($0.albumArtists, $0.genres) = (number == 2 ? ["Z"] : [], number == 1 ? ["Rock", "Jazz"] : [])
            }
        }
        try await bench.scan()
        try await bench.database.write { connection in
            for version in ["ear-1", "ear-0"] {
                try connection.execute(
                    """
                    INSERT INTO analysis (content_key, version, status, duration_ms, sample_rate, channels, tempo_bpm,
                        analyzed_at, features, details)
                    SELECT content_key, \(version), status, 5, sample_rate, channels, 5, analyzed_at + 1000, features, details
                    FROM analysis WHERE version = \(AudioAnalysis.currentVersion)
                    """)
            }
        }
        bench.disk["/music/d/d.flac"] = nil
        try await bench.scan()
        let (changes, last, _) = try await Self.follow(bench)
        let atOnce = try await Self.all(bench)
        #expect(changes.count == 3 && atOnce.facts == changes && atOnce.last == last)
    }

    @Test("Facts are those of tags, place and analysis", arguments: Engine.available)
    func all(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.music["a"] = (123.5, "F# minor")
        bench.put("/music/x/a.flac", content: "a") {
            ($0.title, $0.album, $0.artists) = ("Song (Live)", "Album", ["A", "B"])
            ($0.albumArtists, $0.genres, $0.date) = (["C"], ["Rock", "ROCK", "Jazz"], "1997-05")
            $0.extra["itunesadvisory"] = ["1"]
        }
        bench.put("/music/b.flac", content: "b")
        try await bench.scan()
        let facts = try await Self.follow(bench).facts
        let track = try #require(try await bench.track("/music/x/a.flac"))
        let found = try #require(facts[track.id])
        #expect(found.folder == FilePath("/music/x"))
        #expect(found.albumID == track.albumID && track.albumID != nil)
        #expect(found.artistIDs == track.artistIDs && found.artistIDs.count == 2)
        #expect(found.albumArtistIDs.count == 1 && !found.artistIDs.contains(found.albumArtistIDs[0]))
        let genres = try await bench.catalogue.genreIDs(named: ["rock", "JAZZ", "polka"])
        #expect(Set(found.genreIDs) == Set(genres.prefix(2).compactMap(\.self)) && genres[2] == nil)
        #expect(found.year == 1997 && found.durationMs == 1000 && found.tempoBpm == 123.5)
        #expect(found.key == CamelotKey("F# minor"))
        #expect(found.traits == [.explicit, .live])
        #expect(found.recording.content == RecordingMark.hash("a") && found.recording.song != nil)
        let plain = try #require(facts.values.first { $0.folder == FilePath("/music") })
        #expect(plain.artistIDs.isEmpty && plain.genreIDs.isEmpty && plain.traits.isEmpty && plain.tempoBpm == nil)
        #expect(plain.recording.song == nil, "nobody's title is no song")
    }

    @Test(
        "A retag, a move, a loss and a return each reach who follows the feed, and nothing else does",
        arguments: Engine.available)
    func changes(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for name in ["a", "b", "c"] {
            bench.put("/music/\(name).flac", content: name) { ($0.album, $0.artists) = ("Album", ["X"]) }
        }
        try await bench.scan()
        var (facts, last, _) = try await Self.follow(bench)
        #expect(facts.count == 3)
        let id = try #require(try await bench.track("/music/a.flac")?.id)

        try await bench.scan(mode: .quick)
        #expect(try await Self.follow(bench, from: last).seen == 0, "nothing changed")

        bench.put("/music/a.flac", mtime: 2000, content: "a") {
            ($0.album, $0.artists, $0.genres) = ("Album", ["Y"], ["Polka"])
        }
        try await bench.scan()
        var next = try await Self.follow(bench, from: last)
        #expect(next.facts.keys.sorted() == [id])
        #expect(next.facts[id]?.genreIDs.count == 1 && next.facts[id]?.artistIDs != facts[id]?.artistIDs)
        (facts, last) = (next.facts, next.last)

        bench.move("/music/a.flac", "/music/other/a.flac")
        try await bench.scan()
        next = try await Self.follow(bench, from: last)
        #expect(next.facts[id]?.folder == FilePath("/music/other"))
        #expect(next.facts[id]?.albumID != facts[id]?.albumID, "albums hang on folders")
        last = next.last

        let file = bench.disk.removeValue(forKey: "/music/other/a.flac")
        try await bench.scan(acceptMissing: true)
        let gone = try await bench.catalogue.factsChanges(after: last, limit: 10)
        #expect(gone.map(\.trackID) == [id] && gone.first?.facts == nil)
        bench.disk["/music/other/a.flac"] = file
        try await bench.scan()
        #expect(try await Self.follow(bench, from: gone.last?.sequence ?? 0).facts[id] != nil)
    }

    @Test("A second listening that ends with the analysis tells of its tempo", arguments: Engine.available)
    func reanalysis(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac", content: "a")
        try await bench.scan()
        let last = try await Self.follow(bench).last
        _ = try await bench.database.write { try $0.execute("UPDATE analysis SET version = 'ear-0'") }
        bench.music["a"] = (99, "C major")
        try await bench.scan(mode: .full, until: .analysis)
        let facts = try await Self.follow(bench, from: last).facts
        #expect(facts.values.first?.tempoBpm == 99, "of the newer analysis, not of the old one that is still there")
    }

    @Test(
        "The same song is found by its name, however it is spelt and remastered; another version is another song",
        arguments: [
            ("Help!", "HELP!", true), ("Help! - Remastered 2009", "Help!", true),
            ("Help! (2009 Remaster)", "help!", true),
            ("Help! [Remastered]", "Help!", true), ("Help! (Live)", "Help!", false), ("Help", "Help!", false),
        ])
    func songs(one: String, other: String, areSame: Bool) {
        #expect((SongKey.hash(title: one, artist: "B") == SongKey.hash(title: other, artist: "b")) == areSame)
        #expect(SongKey.hash(title: one, artist: "B") != SongKey.hash(title: one, artist: "C"))
        #expect(SongKey.hash(title: nil, artist: "B") == nil && SongKey.hash(title: one, artist: nil) == nil)
    }

    @Test("A library of before has its traits read from the tags that are stored", arguments: Engine.available)
    func oldLibrary(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/1.flac") { $0.extra["itunesadvisory"] = ["1"] }
        bench.put("/music/2.flac") { $0.extra["releasetype"] = ["album", "live"] }
        bench.put("/music/3.flac") { ($0.title, $0.genres) = ("Bells [Live]", ["Christmas"]) }
        bench.put("/music/4.flac") { $0.title = "Alive (4)" }
        try await bench.scan()
        let traits: Query = "SELECT track_id, traits FROM track_trait ORDER BY track_id"
        func stored() async throws -> [[Int64]] {
            try await bench.database.read { try $0.all(traits) { [$0.int(0) ?? 0, $0.int(1) ?? 0] } }
        }
        let written = try await stored()
        #expect(written.map { $0[1] }.sorted() == [1, 2, 6])
        let migrator = Migrator(database: bench.database)
        try await migrator.down(to: 7)
        _ = try await migrator.up(now: 1)
        #expect(try await stored() == written)
    }

    @Test("A track that goes into another takes its traits along", arguments: Engine.available)
    func merged(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<4 { bench.put("/music/a/\(number).flac", content: "c\(number)") { $0.title = "x (live)" } }
        try await bench.scan()
        bench.disk.removeValue(forKey: "/music/a/1.flac")
        try await bench.scan()
        bench.put("/music/b/1.flac", mtime: 9999, content: "c1") { $0.title = "x christmas" }
        try await bench.scan()
        let id = try #require(try await bench.track("/music/b/1.flac")?.id)
        #expect(try await Self.follow(bench).facts[id]?.traits == .christmas)
    }
}
