import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct ListeningStoreTests {
    @Test("The same account, track and beginning are one play, which only grows", arguments: Engine.available)
    func idempotent(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        let start = bench.now - 500_000_000
        let begun = try await bench.play(0, at: start, seconds: nil, .started)
        #expect(!begun.isFinished && !begun.counts)
        #expect(try await bench.mark(0) == .none)
        let short = try await bench.play(0, at: start, seconds: 99)
        #expect(short.id == begun.id && short.isFinished && !short.counts)
        let long = try await bench.play(0, at: start, seconds: 150)
        #expect(long.id == begun.id && long.counts && long.playedMs == 150_000)
        // Told again, told with less, told that it begins: nothing of it is less.
        for seconds in [150, 10] {
            #expect(try await bench.play(0, at: start, seconds: Int64(seconds)) == long)
        }
        #expect(try await bench.play(0, at: start, seconds: nil, .started) == long)
        #expect(try await bench.mark(0) == Mark(plays: 1, lastPlayedAt: start))
        let other = try await bench.play(0, by: bench.grace, at: start)
        #expect(other.id != long.id)
        #expect(try await bench.mark(0).plays == 1)
    }

    @Test("Reports that arrive at once count one listen", arguments: Engine.available)
    func atOnce(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        let start = bench.now
        let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<8 { group.addTask { try await bench.play(1, at: start).id } }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try await bench.mark(1).plays == 1)
    }

    @Test("What is finished without a beginning ends the play that was begun", arguments: Engine.available)
    func openPlay(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        let begun = try await bench.play(0, seconds: nil, .started)
        bench.queue.time.advance(seconds: 180)
        let ended = try await bench.play(0, seconds: 170)
        #expect(ended.id == begun.id && ended.startedAt == begun.startedAt && ended.counts)
        // Nothing is open any more: the next one is another.
        let next = try await bench.play(0, seconds: 170)
        #expect(next.id != begun.id && next.startedAt == bench.now - 170_000_000)
        // What was begun the day before yesterday is not what ends now.
        _ = try await bench.play(1, seconds: nil, .started)
        bench.queue.time.advance(seconds: 2 * 86_400)
        #expect(try await bench.play(1, seconds: 170).startedAt == bench.now - 170_000_000)
    }

    @Test("A play of what is not in the library is refused, and leaves nothing", arguments: Engine.available)
    func unknownTrack(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        await #expect(throws: StoreError.notFound("there is no track 999")) {
            try await bench.listening.report(PlayReport(trackID: 999, submission: .finished), account: bench.ada.id)
        }
        #expect(try await bench.queue.number("SELECT COUNT(*) FROM play") == 0)
    }

    @Test("The history goes back page by page, and holds listens alone when asked", arguments: Engine.available)
    func history(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        for number in 0..<7 {
            let seconds: Int64 = number.isMultiple(of: 2) ? 200 : 10
            try await bench.play(number % 3, at: bench.now - Int64(number) * 1_000_000, seconds: seconds)
        }
        try await bench.play(0, by: bench.grace)
        var seen: [Play] = []
        var cursor: String?
        repeat {
            let page = try await bench.listening.plays(
                account: bench.ada.id, listensOnly: false, page: PageRequest(cursor: cursor, limit: 3))
            seen += page.items
            cursor = page.nextCursor
        } while cursor != nil
        #expect(seen.map(\.startedAt) == (0..<7).map { bench.now - Int64($0) * 1_000_000 })
        let listens = try await bench.listening.plays(account: bench.ada.id, listensOnly: true, page: PageRequest())
        #expect(listens.items == seen.filter(\.counts) && listens.items.count == 4)
        await #expect(throws: StoreError.self) {
            try await bench.listening.plays(account: 1, listensOnly: false, page: PageRequest(cursor: "zz"))
        }
    }

    @Test("Stars and ratings are an account's own, on tracks, albums and artists", arguments: Engine.available)
    func marks(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        let (listening, ada, track) = (bench.listening, bench.ada.id, MarkSubject.track(bench.tracks[0]))
        let start = bench.now
        try await listening.star(track, account: ada)
        bench.queue.time.advance(seconds: 5)
        try await listening.star(track, account: ada)
        try await listening.rate(track, 4, account: ada)
        #expect(try await bench.mark(0) == Mark(starredAt: start, rating: 4))
        #expect(try await bench.mark(0, of: bench.grace) == .none)
        try await listening.unstar(track, account: ada)
        try await listening.unstar(track, account: ada)
        try await listening.rate(track, nil, account: ada)
        #expect(try await bench.mark(0) == .none)
        try await listening.star(.album(bench.albumID), account: ada)
        try await listening.rate(.album(bench.albumID), 5, account: ada)
        let album = try await listening.marks(of: .album, ids: [bench.albumID], account: ada)
        #expect(album == [bench.albumID: Mark(starredAt: bench.now, rating: 5)])
        await #expect(throws: StoreError.notFound("there is no artist 9")) {
            try await listening.star(.artist(9), account: ada)
        }
        let starred = try await bench.queue.stores.catalogue.albums(artistID: nil, starredBy: ada, page: PageRequest())
        #expect(starred.items.map(\.id) == [bench.albumID])
        let hers = try await bench.queue.stores.catalogue.albums(
            artistID: nil, starredBy: bench.grace.id, page: PageRequest())
        #expect(hers.items.isEmpty)
        #expect(try await bench.queue.stores.catalogue.artists(starredBy: ada, PageRequest()).items.isEmpty)
    }

    @Test("Many stars are one write: all of them, or none", arguments: Engine.available)
    func manyStars(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        let (listening, ada) = (bench.listening, bench.ada.id)
        let all = bench.tracks.map(MarkSubject.track) + [.album(bench.albumID)]
        await #expect(throws: StoreError.notFound("there is no track 999")) {
            try await listening.star(all + [.track(999)], account: ada)
        }
        #expect(try await bench.queue.number("SELECT COUNT(*) FROM track_mark") == 0)
        let start = bench.now
        try await listening.star(.track(bench.tracks[0]), account: ada)
        bench.queue.time.advance(seconds: 5)
        let mark = try await bench.queue.database.writeMark()
        try await listening.star(all + all, account: ada)
        #expect(try await bench.queue.database.writeMark() != mark)
        #expect(try await bench.mark(0).starredAt == start, "a star that is there keeps its time")
        #expect(try await bench.mark(1).starredAt == bench.now)
        let albums = try await listening.marks(of: .album, ids: [bench.albumID], account: ada)
        #expect(albums[bench.albumID]?.starredAt == bench.now)
        try await listening.unstar(all, account: ada)
        for place in [0, 1] { #expect(try await bench.mark(place) == .none) }
    }

    @Test("An album was heard as often as its tracks, by that account", arguments: Engine.available)
    func albumsHeard(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        #expect(try await bench.listening.heard(ofAlbums: [bench.albumID, 99], account: bench.ada.id).isEmpty)
        for (place, seconds) in [(0, Int64(0)), (0, 1000), (1, 500)] {
            try await bench.play(place, at: bench.now - seconds * 1_000_000)
        }
        try await bench.play(0, by: bench.grace, at: bench.now)
        let heard = try await bench.listening.heard(ofAlbums: [bench.albumID, 99], account: bench.ada.id)
        #expect(heard == [bench.albumID: Heard(plays: 3, lastPlayedAt: bench.now)])
        #expect(try await bench.listening.heard(ofAlbums: [], account: bench.ada.id).isEmpty)
    }

    @Test("Lists by what was played, starred and rated last, most or best", arguments: Engine.available)
    func orders(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        let (listening, ada) = (bench.listening, bench.ada.id)
        for (place, plays) in [(0, 1), (1, 3), (2, 2)] {
            for number in 0..<plays {
                try await bench.play(place, at: bench.now - Int64(place * 100 + number) * 1_000_000)
            }
        }
        for (place, rating) in [(0, 2), (1, 5), (2, 5)] {
            try await listening.rate(.track(bench.tracks[place]), rating, account: ada)
        }
        for place in [2, 0] {
            try await listening.star(.track(bench.tracks[place]), account: ada)
            bench.queue.time.advance(seconds: 1)
        }
        func list(_ order: PersonalOrder, _ filter: TrackFilter = TrackFilter()) async throws -> [Int] {
            var found: [Int64] = []
            var cursor: String?
            repeat {
                let page = try await listening.tracks(
                    order, account: ada, filter: filter, page: PageRequest(cursor: cursor, limit: 1))
                found += page.items
                cursor = page.nextCursor
            } while cursor != nil
            return found.compactMap { bench.tracks.firstIndex(of: $0) }
        }
        #expect(try await list(.recentlyPlayed) == [0, 1, 2])
        #expect(try await list(.mostPlayed) == [1, 2, 0])
        #expect(try await list(.recentlyStarred) == [0, 2])
        #expect(try await list(.bestRated) == [2, 1, 0])
        #expect(try await list(.mostPlayed, TrackFilter(starredBy: ada)) == [2, 0])
        #expect(try await list(.mostPlayed, TrackFilter(albumID: bench.albumID)) == [1, 2, 0])
        #expect(try await list(.mostPlayed, TrackFilter(albumID: 99)) == [])
        let starred = try await bench.queue.stores.catalogue.tracks(TrackFilter(starredBy: ada), page: PageRequest())
        #expect(starred.items.map(\.id) == [bench.tracks[0], bench.tracks[2]])
    }

    @Test("An account that is removed takes its plays and marks along", arguments: Engine.available)
    func removed(engine: Engine) async throws {
        let bench = try await ListeningBench(engine)
        try await bench.play(0, by: bench.grace)
        try await bench.play(0)
        try await bench.listening.star(.album(bench.albumID), account: bench.grace.id)
        try await bench.accounts.removeAccount(id: bench.grace.id)
        #expect(try await bench.queue.number("SELECT COUNT(*) FROM play") == 1)
        #expect(try await bench.queue.number("SELECT COUNT(*) FROM track_mark") == 1)
        #expect(try await bench.queue.number("SELECT COUNT(*) FROM album_mark") == 0)
    }
}
