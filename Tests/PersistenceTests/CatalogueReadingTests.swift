import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("The library as people read it")
struct CatalogueReadingTests {
    @Test("AC/DC is one artist, and each artist of a track counts on its own", arguments: Engine.available)
    func artists(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/1.flac") { $0.artists = ["AC/DC"] }
        bench.put("/music/2.flac") { ($0.artists, $0.artistCredit) = (["Ａc/dc", "Björk"], "AC/DC feat. Björk") }
        bench.put("/music/3.flac") { $0.artists = ["BJO\u{308}RK"] }
        bench.put("/music/4.flac") { $0.artists = ["Björk"] }
        try await bench.scan()
        let artists = try await bench.catalogue.artists(PageRequest()).items
        #expect(artists.map(\.name) == ["AC/DC", "Björk"])
        #expect(artists.map(\.trackCount) == [2, 3])
        let track = try #require(try await bench.track("/music/2.flac"))
        #expect(track.displayArtist == "AC/DC feat. Björk")
        #expect(track.artistIDs == artists.map(\.id))
        let filter = TrackFilter(artistID: artists[1].id)
        #expect(try await bench.catalogue.tracks(filter, page: PageRequest()).items.count == 3)
    }

    @Test(
        "Discs in folders of their own are one album; the same title elsewhere is another", arguments: Engine.available)
    func discs(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for (disc, folder) in ["CD1", "Disc 2", "cd 03 - live"].enumerated() {
            bench.put("/music/Wall/\(folder)/1.flac") { metadata in
                (metadata.album, metadata.artists, metadata.discNumber) = ("The Wall", ["Pink Floyd"], disc + 1)
                metadata.originalDate = "1979-11-30"
            }
        }
        bench.put("/music/Other/1.flac") { ($0.album, $0.artists) = ("The Wall", ["Somebody"]) }
        try await bench.scan()
        let albums = try await bench.catalogue.albums(artistID: nil, page: PageRequest()).items
        #expect(albums.map(\.trackCount).sorted() == [1, 3])
        let wall = try #require(albums.first { $0.trackCount == 3 })
        #expect(wall.artist == "Pink Floyd" && wall.year == 1979)
        let tracks = try await bench.catalogue.tracks(TrackFilter(albumID: wall.id), page: PageRequest()).items
        #expect(tracks.count == 3)
        #expect(try await bench.catalogue.album(id: wall.id) == wall)
    }

    @Test("A compilation is one album by various artists, with or without its tag", arguments: [true, false])
    func compilation(isTagged: Bool) async throws {
        let bench = try await CatalogueBench(.sqlite)
        for name in ["A", "B", "C"] {
            bench.put("/music/hits/\(name).flac") {
                ($0.album, $0.artists, $0.isCompilation) = ("Hits", [name], isTagged)
            }
        }
        try await bench.scan()
        let albums = try await bench.catalogue.albums(artistID: nil, page: PageRequest()).items
        #expect(albums.map(\.artist) == ["Various Artists"])
        #expect(albums.map(\.trackCount) == [3])
        let artists = try await bench.catalogue.artists(PageRequest()).items
        #expect(try await bench.catalogue.albums(artistID: artists[0].id, page: PageRequest()).items == albums)
    }

    @Test("A MusicBrainz release joins folders and spellings", arguments: Engine.available)
    func release(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let id = "0123ABCD-0000-4000-8000-000000000001"
        for (number, title) in ["Debut", "DEBUT", "Debut (Deluxe)"].enumerated() {
            bench.put("/music/\(number)/a.flac") { ($0.album, $0.musicBrainz.release) = (title, id) }
        }
        bench.put("/music/9/a.flac") { ($0.album, $0.musicBrainz.release) = ("Debut", "not an id") }
        try await bench.scan()
        let albums = try await bench.catalogue.albums(artistID: nil, page: PageRequest()).items
        #expect(albums.map(\.musicBrainzID) == [nil, id.lowercased()] || albums.map(\.trackCount).sorted() == [1, 3])
        #expect(albums.first { $0.trackCount == 3 }?.musicBrainzID == id.lowercased())
    }

    @Test(
        "A cover is stored once for all files that carry it, and goes with the last of them",
        arguments: Engine.available)
    func covers(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let cover = CoverImage(hash: "c0ffee", mediaType: "image/png", data: [1, 2, 3])
        for number in 0..<5 { bench.put("/music/a/\(number).flac", cover: cover) { $0.album = "A" } }
        try await bench.scan()
        #expect(try await bench.catalogue.totals().covers == 1)
        #expect(try await bench.catalogue.cover(hash: "c0ffee") == cover)
        #expect(try await bench.catalogue.albums(artistID: nil, page: PageRequest()).items.first?.coverHash == "c0ffee")
        for number in 0..<5 { bench.put("/music/a/\(number).flac", mtime: 2000) { $0.album = "A" } }
        try await bench.scan()
        #expect(try await bench.catalogue.totals().covers == 0)
        await #expect(throws: StoreError.notFound("there is no such cover")) {
            try await bench.catalogue.cover(hash: "c0ffee")
        }
    }

    @Test("Search folds accents and case, matches starts of words, and ranks titles first", arguments: Engine.available)
    func search(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/1.flac") { ($0.title, $0.artists, $0.genres) = ("Jóga", ["Björk"], ["Electronica"]) }
        bench.put("/music/2.flac") { ($0.title, $0.artists, $0.album) = ("Song", ["Nobody"], "Joga nights") }
        bench.put("/music/3.flac") { ($0.title, $0.artists) = ("Ярило", ["Аркона"]) }
        try await bench.scan()
        func titles(_ text: String) async throws -> [String?] {
            try await bench.catalogue.search(text, limit: 10).map(\.metadata.title)
        }
        #expect(try await titles("BJORK jog") == ["Jóga"])
        #expect(try await titles("bjo\u{308}rk") == ["Jóga"])
        #expect(try await titles("joga") == ["Jóga", "Song"])
        #expect(try await titles("electro") == ["Jóga"])
        #expect(try await titles("ярил") == ["Ярило"])
        #expect(try await titles("björk nobody").isEmpty)
        for text in ["", "  ", "*", "\"", "-.-", "👍"] { #expect(try await titles(text).isEmpty) }
        #expect(try await bench.catalogue.search("joga", limit: 1).count == 1)
        #expect(try await bench.catalogue.search("joga", limit: 0).isEmpty)
    }

    @Test("Pages neither skip nor repeat when rows come and go between them", arguments: Engine.available)
    func cursors(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        func put(_ name: String) { bench.put("/music/\(name)/1.flac") { ($0.album, $0.artists) = (name, [name]) } }
        for name in ["b", "d", "f", "É", "h"] { put(name) }
        try await bench.scan(until: .index)
        let first = try await bench.catalogue.artists(PageRequest(limit: 2))
        #expect(first.items.map(\.name) == ["b", "d"])
        for name in ["a", "c", "g"] { put(name) }
        bench.put("/music/b/1.flac", mtime: 2000)
        try await bench.scan(until: .index)
        let second = try await bench.catalogue.artists(PageRequest(cursor: first.nextCursor, limit: 2))
        let third = try await bench.catalogue.artists(PageRequest(cursor: second.nextCursor, limit: 2))
        #expect((second.items + third.items).map(\.name) == ["É", "f", "g", "h"])
        #expect(third.nextCursor == nil)
        let albums = try await bench.catalogue.albums(artistID: nil, page: PageRequest(limit: 3))
        #expect(albums.items.map(\.title) == ["a", "c", "d"])
        var ids: [Int64] = []
        var cursor: String?
        repeat {
            let page = try await bench.catalogue.tracks(TrackFilter(), page: PageRequest(cursor: cursor, limit: 3))
            ids += page.items.map(\.id)
            cursor = page.nextCursor
        } while cursor != nil
        #expect(ids == ids.sorted() && Set(ids).count == 8)
    }

    @Test("Text that is no cursor is refused", arguments: ["x", "zz", "00", "ff3a", "6162"])
    func badCursor(text: String) async throws {
        let bench = try await CatalogueBench(.sqlite)
        await #expect(throws: StoreError.preconditionFailed("the cursor is not one of this list")) {
            try await bench.catalogue.artists(PageRequest(cursor: text))
        }
    }

    @Test("What is not there is not found", arguments: Engine.available)
    func notFound(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        await #expect(throws: StoreError.notFound("there is no track 7")) { try await bench.catalogue.track(id: 7) }
        await #expect(throws: StoreError.notFound("there is no album 7")) { try await bench.catalogue.album(id: 7) }
        await #expect(throws: StoreError.notFound("there is no artist 7")) { try await bench.catalogue.artist(id: 7) }
        #expect(try await bench.catalogue.tracks(ids: [7, 8]).isEmpty)
    }

    @Test("A track is found by its exact path, through the index of names", arguments: Engine.available)
    func byPath(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let odd = FilePath(bytes: Array("/music/a/caf".utf8) + [0xE9])
        for path in ["/music/a/1.flac", "/music/a/1.fla", "/music/b/1.flac"] { bench.put(path) { $0.title = path } }
        try await bench.scan()
        let filter = TrackFilter(path: FilePath("/music/a/1.flac"))
        let found = try await bench.catalogue.tracks(filter, page: PageRequest())
        #expect(found.items.map(\.path.display) == ["/music/a/1.flac"] && found.nextCursor == nil)
        #expect(try await bench.catalogue.tracks(TrackFilter(path: odd), page: PageRequest()).items.isEmpty)
        let plan = try await bench.database.plan(
            of: DatabaseCatalogue.list(filter, after: 0, limit: 2, bench.database.dialect))
        let bothColumns = ["folder_id=? AND name>? AND name<?", "track_folder_id_name_key"]
        #expect(plan.contains { line in bothColumns.contains { line.contains($0) } }, "\(plan)")
    }

    @Test("No list or look-up reads a whole table", arguments: Engine.available)
    func queryPlans(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let start = CatalogueCursor(key: "m", id: 5)
        let dialect = bench.database.dialect
        let queries: [Query] = [
            DatabaseCatalogue.list(TrackFilter(), after: 5, limit: 10, dialect),
            DatabaseCatalogue.list(TrackFilter(albumID: 1), after: 5, limit: 10, dialect),
            DatabaseCatalogue.list(TrackFilter(artistID: 1), after: 5, limit: 10, dialect),
            DatabaseCatalogue.list(TrackFilter(path: FilePath("/music/a/1.flac")), after: 0, limit: 2, dialect),
            DatabaseCatalogue.albumList(artistID: nil, after: start, limit: 10),
            DatabaseCatalogue.artistList(after: start, limit: 10),
            DatabaseCatalogue.newestAlbumList(starredBy: nil, before: 5, limit: 10),
            DatabaseCatalogue.genreList(after: "m", limit: 10),
            DatabaseCatalogue.namesakes(of: "a"), SearchText.search(["a"], Piece(limit: 10), dialect),
            "SELECT id, path FROM folder WHERE \(CatalogueRows.isFolder(in: FilePath("/music"), dialect))",
            "SELECT id FROM track WHERE folder_id = \(1 as Int64) AND name = \([1] as [UInt8])",
            "SELECT 1 FROM track WHERE size = \(1) AND mtime_ns = \(1) LIMIT 1",
            "SELECT id FROM track WHERE content_key = \("x") AND state = 0 ORDER BY id",
        ]
        for query in queries {
            let scans = try await bench.database.wholeReads(of: query, allowed: ["track_missing"])
            #expect(scans.isEmpty, "\(query.sql): \(scans)")
        }
        let missing: Query = "SELECT count(*) FROM track WHERE state = 1"
        #expect(try await bench.database.wholeReads(of: missing, allowed: ["track_missing", "track_present"]) == [])
    }
}
