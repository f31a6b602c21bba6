import Domain
import Synchronization
import Testing
import UseCases

@testable import Persistence

@Suite("Lists of the library that are narrowed, and lists by chance")
struct NarrowedListTests {
    private static let account: Int64 = 5

    /// Twelve albums with two tracks each, in two roots; every mark and play is there for all of them. The last one is
    /// gone from the disk.
    private func filled(_ engine: Engine) async throws -> (CatalogueBench, DatabaseLibraryBrowser) {
        let bench = try await CatalogueBench(engine)
        for number in 0..<12 {
            for track in 1...2 {
                bench.put("/music/\(number < 6 ? "low" : "high")/\(number)/\(track).flac") {
                    ($0.title, $0.album, $0.artists) = ("Song \(track)", "Album \(number)", ["Artist \(number % 3)"])
                    ($0.albumArtists, $0.genres) = ($0.artists, [number % 2 == 0 ? "Jazz" : "Folk"])
                    $0.date = String(1990 + number)
                }
            }
        }
        try await bench.scan(until: .index)
        _ = try await bench.database.write { connection in
            try connection.execute(
                "UPDATE track SET state = 1 WHERE album_id = (SELECT id FROM album WHERE title = 'Album 11')")
            for (id, path) in [(1, "/music/low"), (2, "/music/high")] {
                try connection.execute(
                    "INSERT INTO library_root (id, path, created_at) VALUES (\(id), \(FilePath(path).bytes), 0)")
            }
            try connection.execute(
                "INSERT INTO account (id, name, key, role, created_at) VALUES (5, 'Ada', 'ada', 'user', 0)")
            try connection.execute(
                """
                INSERT INTO album_mark (account_id, album_id, starred_at, rating) SELECT 5, id, year, 3 FROM album
                """)
            try connection.execute(
                """
                INSERT INTO track_mark (account_id, track_id, starred_at, rating, plays, last_played_at)
                SELECT 5, id, year, 4, 2, year FROM track
                """)
        }
        return (bench, DatabaseLibraryBrowser(database: bench.database, random: FixedNumbers().next))
    }

    private func artist(_ name: String, _ browser: DatabaseLibraryBrowser) async throws -> Int64 {
        try #require(try await browser.artists(rootID: nil, Piece(limit: 10)).first { $0.name == name }?.id)
    }

    @Test("Every order of albums heeds every filter", arguments: Engine.available)
    func albums(engine: Engine) async throws {
        let (_, browser) = try await filled(engine)
        let artist = try await artist("Artist 1", browser)
        let all = 0..<11
        let choices: [(AlbumChoice, [Int])] = [
            (AlbumChoice(), Array(all)),
            (AlbumChoice(artistID: artist), all.filter { $0 % 3 == 1 }),
            (AlbumChoice(genre: "JAZZ"), all.filter { $0 % 2 == 0 }),
            (AlbumChoice(firstYear: 1994, lastYear: 1997), [4, 5, 6, 7]),
            (AlbumChoice(starredBy: Self.account), Array(all)), (AlbumChoice(starredBy: 6), []),
            (AlbumChoice(rootID: 2), [6, 7, 8, 9, 10]),
            (AlbumChoice(artistID: artist, genre: "jazz", firstYear: 1992, starredBy: Self.account, rootID: 1), [4]),
            (AlbumChoice(genre: "none"), []),
        ]
        let lists: [AlbumList] = [
            .byTitle, .byArtist, .newest, .random, .years(first: 1, last: 9999), .years(first: 9999, last: 1),
            .starred(account: Self.account), .bestRated(account: Self.account),
            .recentlyPlayed(account: Self.account), .mostPlayed(account: Self.account),
        ]
        for (choice, numbers) in choices {
            let titles = numbers.map { "Album \($0)" }.sorted()
            for list in lists {
                let found = try await browser.albums(list, of: choice, Piece(limit: 50)).map(\.title)
                #expect(found.sorted() == titles, "\(list), \(choice)")
            }
            let shuffled = try await browser.shuffledAlbums(of: choice, seed: 3, page: PageRequest())
            #expect(shuffled.items.map(\.title).sorted() == titles, "\(choice)")
        }
        let backwards = try await browser.albums(
            .years(first: 9999, last: 1), of: AlbumChoice(genre: "Folk", rootID: 2), Piece(offset: 1, limit: 5))
        #expect(backwards.map(\.title) == ["Album 7"])
    }

    @Test("Every order of tracks heeds genre, years and root", arguments: Engine.available)
    func tracks(engine: Engine) async throws {
        let (bench, browser) = try await filled(engine)
        let artist = try await artist("Artist 1", browser)
        let filters: [(TrackFilter, Set<Int>)] = [
            (TrackFilter(genre: "jazz"), [0, 2, 4, 6, 8, 10]), (TrackFilter(firstYear: 1999), [9, 10, 11]),
            (TrackFilter(lastYear: 1990), [0]), (TrackFilter(rootID: 1), [0, 1, 2, 3, 4, 5]),
            (TrackFilter(artistID: artist, genre: "Folk", lastYear: 1999, rootID: 2), [7]),
            (TrackFilter(starredBy: Self.account, firstYear: 1993, lastYear: 1994), [3, 4]),
            (TrackFilter(genre: "none"), []),
        ]
        for (filter, numbers) in filters {
            let listed = try await bench.catalogue.tracks(filter, page: PageRequest()).items
            #expect(Set(listed.compactMap(\.metadata.album)) == Set(numbers.map { "Album \($0)" }), "\(filter)")
            #expect(listed.count == numbers.count * 2, "\(filter)")
            for order in PersonalOrder.allCases {
                let ids = try await bench.database.read { connection in
                    let folders = try BrowsedScope(filter.rootID, connection).folders
                    let list = DatabaseListeningStore.list(
                        order, account: Self.account, filter, within: folders, below: nil, limit: 50,
                        connection.dialect)
                    return try connection.all(list) { $0.int(0) ?? 0 }
                }
                #expect(ids.sorted() == listed.map(\.id), "\(order), \(filter)")
            }
            let shuffled = try await browser.shuffledTracks(filter, seed: 3, page: PageRequest()).items
            let present = listed.filter { $0.state == .present }
            #expect(shuffled.map(\.id).sorted() == present.map(\.id), "\(filter)")
        }
        await #expect(throws: StoreError.notFound("there is no library root 9")) {
            try await bench.catalogue.tracks(TrackFilter(rootID: 9), page: PageRequest())
        }
        await #expect(throws: StoreError.notFound("there is no library root 9")) {
            try await browser.shuffledTracks(TrackFilter(rootID: 9), seed: nil, page: PageRequest())
        }
    }

    @Test("Pages by chance fit together by the seed, or by the cursor alone", arguments: Engine.available)
    func pages(engine: Engine) async throws {
        let (bench, browser) = try await filled(engine)
        func all(seed: Int64?, again: Bool, limit: Int) async throws -> [Int64] {
            var (ids, cursor): ([Int64], String?) = ([], nil)
            repeat {
                let page = try await browser.shuffledTracks(
                    TrackFilter(), seed: cursor == nil || again ? seed : nil,
                    page: PageRequest(cursor: cursor, limit: limit))
                ids += page.items.map(\.id)
                cursor = page.nextCursor
            } while cursor != nil
            return ids
        }
        let whole = try await all(seed: 1, again: true, limit: 100)
        #expect(whole.count == 22 && Set(whole).count == 22 && whole != whole.sorted())
        #expect(try await all(seed: 1, again: true, limit: 5) == whole)
        #expect(try await all(seed: 1, again: false, limit: 11) == whole, "the cursor carries the seed on")
        #expect(try await all(seed: 2, again: true, limit: 100) != whole)
        let (first, second) = (
            try await all(seed: nil, again: false, limit: 4), try await all(seed: nil, again: false, limit: 4)
        )
        #expect(Set(first).count == 22 && first.count == 22 && first != second)

        let page = try await browser.shuffledTracks(TrackFilter(), seed: 1, page: PageRequest(limit: 5))
        _ = try await bench.database.write { try $0.execute("UPDATE track SET state = 1 WHERE id = \(whole[1])") }
        let next = try await browser.shuffledTracks(
            TrackFilter(), seed: 1, page: PageRequest(cursor: page.nextCursor, limit: 5))
        #expect(next.items.map(\.id) == Array(whole[5..<10]), "what goes before the page shifts nothing")
        for (seed, cursor) in [(2, page.nextCursor), (nil, "zz"), (1, "31")] as [(Int64?, String?)] {
            await #expect(throws: StoreError.preconditionFailed("the cursor is not one of this list")) {
                try await browser.shuffledAlbums(
                    of: AlbumChoice(), seed: seed, page: PageRequest(cursor: cursor))
            }
        }
    }

    @Test("A shuffle of the whole library goes through an index that holds no tags", arguments: Engine.available)
    func plans(engine: Engine) async throws {
        let (bench, _) = try await filled(engine)
        guard engine == .sqlite else { return }
        let plan = try await bench.database.plan(
            of: DatabaseLibraryBrowser.presentTracks(TrackFilter(), within: nil, .sqlite))
        #expect(plan.contains { $0.contains("COVERING INDEX track_present") }, "\(plan)")
    }
}

/// Numbers that are the same at each run.
private final class FixedNumbers: Sendable {
    private let generator = Mutex(SplitMix64(seed: 7))

    func next() -> UInt64 { generator.withLock { $0.next() } }
}
