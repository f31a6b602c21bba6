import Domain
import Synchronization
import Testing
import UseCases

@testable import Persistence

@Suite("The library in lists whose places have numbers")
struct LibraryBrowserTests {
    /// Five albums; the track of `Ends` is gone from the disk.
    private func filled(_ engine: Engine) async throws -> (CatalogueBench, DatabaseLibraryBrowser) {
        let bench = try await CatalogueBench(engine)
        let albums = [
            ("Dune", "zoë", "Jazz", 1970, 2), ("Bow", "Abba", "jazz", 1980, 1), ("cut", "Édith", "Folk", 1980, 1),
            ("Ends", "Abba", "Folk", 1990, 1), ("Axe", "Édith", "Rock", 2001, 3),
        ]
        for (album, artist, genre, year, count) in albums {
            for number in 1...count {
                bench.put("/music/\(album)/\(number).flac") {
                    ($0.title, $0.album, $0.artists) = ("Song \(number)", album, [artist])
                    ($0.albumArtists, $0.genres, $0.date) = ([artist], [genre], String(year))
                }
            }
            try await bench.scan(until: .index)
        }
        _ = try await bench.database.write { try $0.execute("UPDATE track SET state = 1 WHERE album_id = 4") }
        return (bench, DatabaseLibraryBrowser(database: bench.database, random: FixedNumbers().next))
    }

    @Test("Each list of albums has its order, and leaves out whose files are gone", arguments: Engine.available)
    func orders(engine: Engine) async throws {
        let (_, browser) = try await filled(engine)
        func titles(_ list: AlbumList, _ piece: Piece = Piece(limit: 10)) async throws -> [String] {
            try await browser.albums(list, rootID: nil, piece).map(\.title)
        }
        #expect(try await titles(.byTitle) == ["Axe", "Bow", "cut", "Dune"])
        #expect(try await titles(.byTitle, Piece(offset: 1, limit: 2)) == ["Bow", "cut"])
        #expect(try await titles(.byTitle, Piece(offset: 9, limit: 2)).isEmpty)
        #expect(try await titles(.newest) == ["Axe", "cut", "Bow", "Dune"])
        #expect(try await titles(.years(first: 1975, last: 2010)) == ["Bow", "cut", "Axe"])
        #expect(try await titles(.years(first: 2010, last: 1975)) == ["Axe", "Bow", "cut"])
        #expect(try await titles(.genre("JAZZ")) == ["Bow", "Dune"])
        #expect(try await titles(.genre("nothing")).isEmpty)
        #expect(try await titles(.byArtist) == ["Bow", "Axe", "cut", "Dune"], "É is an E")
        #expect(Set(try await titles(.random)) == ["Axe", "Bow", "cut", "Dune"])
        #expect(try await titles(.random, Piece(limit: 2)).count == 2)
    }

    @Test("What an account did orders the albums for it alone", arguments: Engine.available)
    func personal(engine: Engine) async throws {
        let (bench, browser) = try await filled(engine)
        _ = try await bench.database.write { connection in
            try connection.execute(
                "INSERT INTO account (id, name, key, role, created_at) VALUES (5, 'Ada', 'ada', 'user', 0)")
            try connection.execute(
                """
                INSERT INTO album_mark (account_id, album_id, starred_at, rating)
                VALUES (5, 1, 10, 3), (5, 2, 20, NULL), (5, 4, 30, 5), (5, 5, NULL, 4)
                """)
            try connection.execute(
                """
                INSERT INTO track_mark (account_id, track_id, plays, last_played_at)
                SELECT 5, id, CASE WHEN album_id = 1 THEN 2 ELSE 3 END, album_id * 100 + id FROM track
                WHERE album_id IN (1, 2, 4)
                """)
        }
        func titles(_ list: AlbumList) async throws -> [String] {
            try await browser.albums(list, rootID: nil, Piece(limit: 10)).map(\.title)
        }
        #expect(try await titles(.starred(account: 5)) == ["Bow", "Dune"])
        #expect(try await titles(.bestRated(account: 5)) == ["Axe", "Dune"])
        #expect(try await titles(.recentlyPlayed(account: 5)) == ["Bow", "Dune"])
        #expect(try await titles(.mostPlayed(account: 5)) == ["Dune", "Bow"], "two tracks, twice each")
        #expect(try await titles(.starred(account: 6)).isEmpty)
    }

    @Test("Tracks have places; pieces put together are the whole, none twice", arguments: Engine.available)
    func pieces(engine: Engine) async throws {
        let (_, browser) = try await filled(engine)
        var ids: [Int64] = []
        for offset in stride(from: 0, to: 9, by: 2) {
            ids += try await browser.tracks(rootID: nil, Piece(offset: offset, limit: 2)).map(\.id)
        }
        #expect(ids == ids.sorted() && Set(ids).count == 7 && ids.count == 7)
        let jazz = try await browser.tracks(ofGenre: "jazz", rootID: nil, Piece(offset: 1, limit: 5))
        #expect(jazz.map(\.metadata.album) == ["Dune", "Bow"])
        #expect(try await browser.searchTracks("song", rootID: nil, Piece(offset: 5, limit: 5)).count == 2)
        #expect(try await browser.searchTracks("", rootID: nil, Piece(limit: 5)).isEmpty)
    }

    @Test("Artists and genres are counted without what is gone", arguments: Engine.available)
    func counts(engine: Engine) async throws {
        let (_, browser) = try await filled(engine)
        let artists = try await browser.artists(rootID: nil, Piece(limit: 10))
        #expect(artists.map(\.name) == ["Abba", "Édith", "zoë"])
        #expect(artists.map(\.trackCount) == [1, 4, 2] && artists.map(\.albumCount) == [1, 2, 1])
        #expect(try await browser.artists(rootID: nil, Piece(offset: 2, limit: 1)).map(\.name) == ["zoë"])
        let genres = try await browser.genres()
        #expect(
            genres == [
                GenreTally(name: "Folk", tracks: 1, albums: 1), GenreTally(name: "Jazz", tracks: 3, albums: 2),
                GenreTally(name: "Rock", tracks: 3, albums: 1),
            ])
    }

    @Test("Tracks by chance: none twice, all that fit where few do, each about as often", arguments: Engine.available)
    func chance(engine: Engine) async throws {
        let (_, browser) = try await filled(engine)
        let all = try await browser.randomTracks(TrackChoice(), count: 50).map(\.id)
        #expect(Set(all).count == 7 && all.count == 7)
        let folk = try await browser.randomTracks(TrackChoice(genre: "folk"), count: 5)
        #expect(folk.map(\.metadata.album) == ["cut"])
        let years = try await browser.randomTracks(TrackChoice(firstYear: 1975, lastYear: 1985), count: 5)
        #expect(Set(years.compactMap(\.metadata.album)) == ["Bow", "cut"])
        var times: [Int64: Int] = [:]
        for _ in 0..<350 {
            for track in try await browser.randomTracks(TrackChoice(), count: 1) { times[track.id, default: 0] += 1 }
        }
        // 50 each on average; the seed is fixed, so the bounds hold or they do not.
        #expect(times.count == 7 && times.values.allSatisfy { (25...80).contains($0) })
    }

    @Test("The tracks of an artist that are heard most come first", arguments: Engine.available)
    func top(engine: Engine) async throws {
        let (bench, browser) = try await filled(engine)
        let axe = try await browser.searchTracks("axe", rootID: nil, Piece(limit: 3)).map(\.id).sorted()
        let artist = try #require(try await browser.artists(rootID: nil, Piece(offset: 1, limit: 1)).first)
        _ = try await bench.database.write { connection in
            try connection.execute(
                "INSERT INTO account (id, name, key, role, created_at) VALUES (5, 'Ada', 'ada', 'user', 0)")
            try connection.execute(
                """
                INSERT INTO track_mark (account_id, track_id, plays, rating)
                VALUES (5, \(axe[2]), 4, NULL), (5, \(axe[1]), 0, 5)
                """)
        }
        let top = try await browser.topTracks(ofArtist: artist.id, count: 3).map(\.id)
        #expect(Array(top.prefix(2)) == [axe[2], axe[1]] && top.count == 3)
    }

    @Test("A root holds what lies in its folder, and one that there is not is not found", arguments: Engine.available)
    func roots(engine: Engine) async throws {
        let (bench, browser) = try await filled(engine)
        _ = try await bench.database.write { connection in
            for (id, path) in [(1, "/music/Axe"), (2, "/music/Bow")] {
                try connection.execute(
                    "INSERT INTO library_root (id, path, created_at) VALUES (\(id), \(FilePath(path).bytes), 0)")
            }
        }
        #expect(try await browser.roots().map(\.name) == ["Axe", "Bow"])
        let piece = Piece(limit: 10)
        #expect(try await browser.albums(.byTitle, rootID: 2, piece).map(\.title) == ["Bow"])
        #expect(try await browser.albums(.random, rootID: 2, piece).map(\.title) == ["Bow"])
        #expect(try await browser.tracks(rootID: 1, piece).count == 3)
        #expect(try await browser.artists(rootID: 1, piece).map(\.name) == ["Édith"])
        #expect(try await browser.searchTracks("song", rootID: 1, piece).count == 3)
        #expect(try await browser.randomTracks(TrackChoice(rootID: 2), count: 5).count == 1)
        #expect(try await browser.tracks(ofGenre: "rock", rootID: 2, piece).isEmpty)
        #expect(try await browser.searchArtists("édith", rootID: nil, piece).map(\.trackCount) == [4])
        #expect(try await browser.searchArtists("édith", rootID: 1, piece).map(\.trackCount) == [3])
        #expect(try await browser.searchArtists("édith", rootID: 2, piece).isEmpty)
        #expect(try await browser.searchAlbums("édith", rootID: 2, piece).isEmpty)
        #expect(try await browser.searchAlbums("bow", rootID: 2, piece).map(\.title) == ["Bow"])
        #expect(try await browser.searchAlbums("bow", rootID: 1, piece).isEmpty)
        let inBow = try await browser.tracks(rootID: 2, piece).map(\.id)
        let inAxe = try await browser.tracks(rootID: 1, piece).map(\.id)
        #expect(try await browser.these(.track, inBow + inAxe, within: 2) == Set(inBow))
        #expect(try await browser.these(.album, Array(1...5), within: 1) == [5])
        let artists = try await browser.artists(rootID: nil, piece)
        #expect(
            try await browser.these(.artist, artists.map(\.id), within: 1)
                == Set(artists.filter { $0.name == "Édith" }.map(\.id)))
        #expect(try await browser.these(.artist, [], within: 1).isEmpty)
        await #expect(throws: StoreError.notFound("there is no library root 9")) {
            try await browser.tracks(rootID: 9, piece)
        }
    }

    @Test("What a root holds is found however much else fits the words", arguments: Engine.available)
    func deepInRoot(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<2100 {
            bench.put("/music/many/\(number).flac") { ($0.title, $0.album, $0.artists) = ("Song", "Song", ["Song"]) }
        }
        bench.put("/music/few/last.flac") {
            ($0.title, $0.album, $0.artists, $0.genres) = ("Long title with a song in it", "Other", ["Other"], ["x"])
        }
        try await bench.scan(until: .index)
        _ = try await bench.database.write { connection in
            for (id, path) in [(1, "/music/many"), (2, "/music/few")] {
                try connection.execute(
                    "INSERT INTO library_root (id, path, created_at) VALUES (\(id), \(FilePath(path).bytes), 0)")
            }
        }
        let browser = DatabaseLibraryBrowser(database: bench.database, random: FixedNumbers().next)
        let found = try await browser.searchTracks("song", rootID: 2, Piece(limit: 5))
        #expect(found.map(\.displayTitle) == ["Long title with a song in it"])
    }

    @Test("Names are found to the last, whatever else fits the words, the best first", arguments: Engine.available)
    func names(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<550 {
            bench.put("/music/\(number)/1.flac") {
                ($0.title, $0.album, $0.artists) = ("Bulk", "Bulk \(number)", ["Maker \(number % 60) of bulk"])
            }
        }
        for (number, name) in [
            "!!!", "Bulk", "BULK Order", "The Bulk", "Sulky bulk", "Björk", "Bulkhead", "100% [x]_y",
        ]
        .enumerated() {
            bench.put("/music/named/\(number).flac") { ($0.title, $0.artists) = ("Song", [name]) }
        }
        try await bench.scan(until: .index)
        let browser = DatabaseLibraryBrowser(database: bench.database, random: FixedNumbers().next)
        func artists(_ text: String, _ piece: Piece = Piece(limit: 5)) async throws -> [String] {
            try await browser.searchArtists(text, rootID: nil, piece).map(\.name)
        }
        #expect(try await artists("bulk", Piece(limit: 4)) == ["Bulk", "BULK Order", "Bulkhead", "Maker 0 of bulk"])
        #expect(try await artists("bulk", Piece(limit: 5000)).count == 65)
        #expect(try await artists("ulk").isEmpty, "words are found by their beginnings")
        #expect(try await artists("!!!") == ["!!!"])
        #expect(try await artists("BJORK") == ["Björk"])
        #expect(try await artists("the  Bulk") == ["The Bulk"])
        for text in ["100%", "100% [x]_y"] { #expect(try await artists(text) == ["100% [x]_y"]) }
        for text in ["%", "% %"] { #expect(try await artists(text) == ["100% [x]_y"]) }
        for text in ["", " "] { #expect(try await artists(text).isEmpty) }
        var titles: [String] = []
        for offset in stride(from: 0, to: 600, by: 100) {
            titles += try await browser.searchAlbums("bulk", rootID: nil, Piece(offset: offset, limit: 100)).map(
                \.title)
        }
        #expect(titles.count == 550 && Set(titles).count == 550)
        let mixed = try await browser.searchAlbums("bulk 549 maker", rootID: nil, Piece(limit: 5)).map(\.title)
        #expect(mixed == ["Bulk 549"])
        #expect(try await browser.searchTracks("bulk", rootID: nil, Piece(offset: 540, limit: 5000)).count > 9)
        let known = try await bench.catalogue.artist(named: "BULK")
        #expect(known?.name == "Bulk" && known?.trackCount == 1)
        #expect(try await bench.catalogue.artist(named: "!!!")?.name == "!!!")
        for name in ["bul", "Bjork", "", "Bulk Order Maker"] {
            #expect(try await bench.catalogue.artist(named: name) == nil, "\(name)")
        }
    }

    @Test("What stood there before the schema knew it is sorted by its artist, too", arguments: Engine.available)
    func migrated(engine: Engine) async throws {
        let database = try await engine.openEmpty()
        let migrator = Migrator(database: database)
        try await migrator.up(to: 21, now: 1)
        try await database.write { connection in
            try connection.execute("INSERT INTO artist (key, name, name_key) VALUES ('é', 'Édith', 'edith')")
            try connection.execute(
                """
                INSERT INTO album (key, title, title_key, artist)
                VALUES ('1', 'A', 'a', 'Édith'), ('2', 'B', 'b', 'Two & More'), ('3', 'C', 'c', NULL)
                """)
        }
        try await migrator.up(now: 2)
        let keys = try await database.read { connection in
            try connection.all("SELECT artist_key FROM album ORDER BY id") { $0.text(0) ?? "?" }
        }
        #expect(keys == ["edith", "two & more", ""])
    }

    @Test("No list reads the rows of all tracks", arguments: Engine.available)
    func plans(engine: Engine) async throws {
        let (bench, _) = try await filled(engine)
        let scope = try await bench.database.read { try BrowsedScope(nil, $0) }
        let piece = Piece(offset: 90_000, limit: 500)
        guard engine == .sqlite else { return }
        for query in [
            DatabaseLibraryBrowser.trackList(scope, piece), DatabaseLibraryBrowser.genreList(scope.dialect),
            DatabaseLibraryBrowser.artistList(scope, piece),
        ] {
            let lines = try await bench.database.plan(of: query).filter { $0.contains(" track ") }
            #expect(!lines.isEmpty && lines.allSatisfy { $0.contains("COVERING INDEX track_present") })
        }
        for list in [AlbumList.byTitle, .byArtist, .newest, .years(first: 1900, last: 2000)] {
            let lines = try await bench.database.plan(of: DatabaseLibraryBrowser.albumIDs(list, scope))
            #expect(lines.contains { $0.contains("track_album (album_id=?)") }, "\(lines)")
        }
        let search = try #require(NameSearch("two words"))
        let artists = try await bench.database.plan(of: search.artistNames(scope))
        #expect(artists.contains { $0.contains("artist USING COVERING INDEX artist_name") }, "\(artists)")
        #expect(artists.contains { $0.contains("track_artist_artist (artist_id=?)") }, "\(artists)")
        let albums = try await bench.database.plan(of: search.albumNames(scope))
        #expect(albums.contains { $0.contains("track_album (album_id=?)") }, "\(albums)")
        let namesakes = try await bench.database.plan(of: DatabaseCatalogue.namesakes(of: "x"))
        #expect(namesakes.contains { $0.contains("artist_name (name_key=?)") }, "\(namesakes)")
        let top = try await bench.database.plan(of: DatabaseLibraryBrowser.topTracks(ofArtist: 1, 50, scope.dialect))
        #expect(!top.contains { $0.contains("SCAN track_mark") }, "\(top)")
        let heard = try await bench.database.plan(
            of: DatabaseListeningStore.albumsHeard([1, 2], 5, scope.dialect))
        #expect(heard.contains { $0.contains("COVERING INDEX track_album (album_id=?)") }, "\(heard)")
        #expect(
            heard.contains {
                $0.contains("track_mark USING PRIMARY KEY") || $0.contains("(account_id=? AND track_id=?)")
            })
    }
}

/// Numbers that are the same at each run.
private final class FixedNumbers: Sendable {
    private let generator = Mutex(SplitMix64(seed: 7))

    func next() -> UInt64 { generator.withLock { $0.next() } }
}
