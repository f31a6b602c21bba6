import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

@testable import API

/// What players find under `/rest/`, under `/v1`.
struct BrowsingRoutesTests {
    @Test(
        "Every order of albums is a list of the browser, of the account that asks",
        arguments: zip(AlbumSort.allCases.filter { $0 != .random }, BrowsingRoutesTests.lists))
    func orders(order: AlbumSort, list: AlbumList) async throws {
        let server = try TestServer()
        let answer = try await server.send(
            .get, "/v1/albums?sort=\(order.rawValue)&genre=Jazz&artist_id=2&starred=true&root_id=1", as: "user")
        #expect(answer.status == 200 && answer.json["items"]?.count == 3)
        let choice = AlbumChoice(artistID: 2, genre: "Jazz", starredBy: 1, rootID: 1)
        let asked = server.store.change { $0.albumQuestions }
        #expect(asked.count == 1 && asked.first?.list == list && asked.first?.choice == choice)
    }

    static let lists: [AlbumList] = [
        .byTitle, .byArtist, .newest, .years(first: 1, last: 9999), .recentlyPlayed(account: 1),
        .mostPlayed(account: 1), .starred(account: 1), .bestRated(account: 1),
    ]

    @Test("Years narrow a list, and order the one that goes by year, backwards too")
    func years() async throws {
        let server = try TestServer()
        for (query, list, choice) in [
            ("year_from=1990&year_to=1999", .byTitle, AlbumChoice(firstYear: 1990, lastYear: 1999)),
            ("sort=newest&year_from=1990", .newest, AlbumChoice(firstYear: 1990)),
            ("sort=year&year_from=1990", .years(first: 1990, last: 9999), AlbumChoice()),
            ("sort=year&year_from=1999&year_to=1990", .years(first: 1999, last: 1990), AlbumChoice()),
        ] as [(String, AlbumList, AlbumChoice)] {
            #expect(try await server.send(.get, "/v1/albums?\(query)", as: "user").status == 200)
            let asked = server.store.change { $0.albumQuestions.last }
            #expect(asked?.list == list && asked?.choice == choice, "\(query)")
        }
    }

    @Test("What makes no sense is refused", arguments: ["albums", "tracks"])
    func refused(noun: String) async throws {
        let server = try TestServer()
        for query in [
            "sort=loudest", "seed=3", "sort=best_rated&seed=3", "sort=random&seed=-1", "year_from=0", "year_to=x",
            "year_from=2001&year_to=2000", "genre=", "root_id=0", "root_id=x", "sort=random&cursor=x",
        ] {
            #expect(try await server.send(.get, "/v1/\(noun)?\(query)", as: "user").status == 400, "\(query)")
        }
        for path in ["albums?sort=newest&root_id=9", "albums?sort=newest&cursor=-1", "artists?root_id=9"] {
            #expect(try await server.send(.get, "/v1/\(path)", as: "user").status == 400, "\(path)")
        }
    }

    @Test("A list by chance takes a seed and goes on by the cursor", arguments: ["albums", "tracks"])
    func random(noun: String) async throws {
        let server = try TestServer()
        let first = try await server.send(.get, "/v1/\(noun)?sort=random&seed=42&limit=2", as: "user")
        guard case .string(let cursor) = first.json["next_cursor"] else { throw StoreError.fatal("no cursor") }
        let next = try await server.send(.get, "/v1/\(noun)?sort=random&limit=2&cursor=\(cursor)", as: "user")
        #expect(next.json["items"]?[0]?["id"] != first.json["items"]?[0]?["id"])
        #expect(server.store.change { $0.seeds } == [42, nil])
    }

    @Test(
        "Lists by place are paged without gaps or doubles",
        arguments: ["albums?sort=newest&", "artists?root_id=1&", "search?q=title&", "search/albums?q=Album&"])
    func places(path: String) async throws {
        let server = try TestServer()
        var (ids, cursor): ([JSONValue], String) = ([], "")
        repeat {
            let page = try await server.send(.get, "/v1/\(path)limit=2\(cursor)", as: "user").json
            for index in 0..<(page["items"]?.count ?? 0) { ids.append(page["items"]?[index]?["id"] ?? .null) }
            guard case .string(let next) = page["next_cursor"] else { break }
            cursor = "&cursor=\(next)"
        } while ids.count < 100
        #expect(ids == (1...ids.count).map { .integer(Int64($0)) } && ids.count >= 3)
    }

    @Test("Genres are counted; roots have names and numbers, and no paths")
    func genresAndRoots() async throws {
        let server = try TestServer()
        let genres = try await server.send(.get, "/v1/genres", as: "user")
        #expect(genres.json["items"]?[0] == ["name": "Jazz", "track_count": 5, "album_count": 1])
        #expect(genres.json["next_cursor"] == .null)
        let roots = try await server.send(.get, "/v1/library/roots", as: "user")
        #expect(roots.json["items"] == [["id": 1, "name": "music"]])
        #expect(try await server.send(.get, "/v1/roots", as: "user").status == 403)
    }

    @Test("Names are searched in, within a root too")
    func names() async throws {
        let server = try TestServer()
        let artists = try await server.send(.get, "/v1/search/artists?q=Artist%202&root_id=1", as: "user")
        #expect(artists.json["items"]?.count == 1 && artists.json["items"]?[0]?["id"] == 2)
        #expect(try await server.send(.get, "/v1/search/albums?q=Artist", as: "user").json["items"]?.count == 0)
        for query in ["", "?q=", "?q=a&limit=101", "?q=a&cursor=x"] {
            #expect(try await server.send(.get, "/v1/search/albums\(query)", as: "user").status == 400, "\(query)")
        }
        #expect(try await server.send(.get, "/v1/search?q=title&root_id=9", as: "user").status == 400)
    }

    @Test("Artists stand under their letters, with what the account thinks of them")
    func index() async throws {
        let server = try TestServer()
        let names = ["The Band", "Ärzte", "10cc", "beatles"]
        server.store.change { state in
            state.artists = names.enumerated().map { index, name in
                Artist(
                    id: Int64(index + 1), name: name, sortName: nil, trackCount: 1, albumCount: 1, musicBrainzID: nil)
            }
        }
        _ = try await server.send(.put, "/v1/artists/4/rating", as: "user", json: #"{"rating": 2}"#)
        let index = try await server.send(.get, "/v1/artists/index", as: "user").json
        let letters = (0..<(index["letters"]?.count ?? 0)).map { index["letters"]?[$0]?["letter"] ?? .null }
        #expect(letters == ["#", "A", "B"])
        let underB = index["letters"]?[2]?["artists"]
        #expect(underB?[0]?["name"] == "The Band" && underB?[1]?["rating"] == 2)
        #expect(index["ignored_articles"]?[0] == "The")
        #expect(try await server.send(.get, "/v1/artists/index?root_id=9", as: "user").status == 400)
    }

    @Test("An artist's best tracks are listed; nobody's are not found")
    func topTracks() async throws {
        let server = try TestServer()
        let top = try await server.send(.get, "/v1/artists/2/top-tracks?limit=3", as: "user")
        #expect(top.json["items"]?.count == 3)
        for path in ["top-tracks", "similar-artists"] {
            #expect(try await server.send(.get, "/v1/artists/99/\(path)", as: "user").status == 404)
            #expect(try await server.send(.get, "/v1/artists/2/\(path)?limit=0", as: "user").status == 400)
        }
    }

    @Test("Similar artists are those that services name and the library has, or else those that sound so")
    func similarArtists() async throws {
        let server = try TestServer()
        var facts = OutsideFacts()
        facts.similar = ["Artist 1", "nobody", "artist 3"].map { OutsideFacts.Match($0, match: 0.75) }
        server.store.change { [facts] in $0.facts = facts }
        let said = try await server.send(.get, "/v1/artists/1/similar-artists", as: "user").json["items"]
        #expect(said?.count == 1 && said?[0]?["artist"]?["id"] == 3, "case does not count, and nobody is like oneself")
        #expect(said?[0]?["source"] == "lastfm" && said?[0]?["match"] == 0.75)
        server.store.change { $0.facts = OutsideFacts() }
        let heard = try await server.send(.get, "/v1/artists/2/similar-artists", as: "user").json["items"]
        #expect(heard?.count == 1 && heard?[0]?["artist"]?["id"] == 1)
        #expect(heard?[0]?["source"] == .null && heard?[0]?["match"] == 0.5)
    }

    @Test("What plays now is told of all accounts, until it ends or its time is over")
    func nowPlaying() async throws {
        let server = try TestServer()
        let started = #"{"track_id": 2, "submission": "started", "client": "radio"}"#
        _ = try await server.send(.post, "/v1/plays", as: "user", json: started)
        let seen = try await server.send(.get, "/v1/now-playing", as: "admin").json["items"]
        #expect(seen?.count == 1 && seen?[0]?["account_name"] == "ada" && seen?[0]?["client"] == "radio")
        #expect(seen?[0]?["track"]?["id"] == 2)
        // 200 seconds, and one minute.
        server.clock.advance(seconds: 259)
        #expect(try await server.send(.get, "/v1/now-playing", as: "user").json["items"]?.count == 1)
        server.clock.advance(seconds: 2)
        #expect(try await server.send(.get, "/v1/now-playing", as: "user").json["items"]?.count == 0)
    }

    @Test("Where a player says that it is shows among what plays, and its end is a play")
    func progress() async throws {
        let server = try TestServer()
        func report(_ state: String, _ positionMs: Int) async throws -> Int {
            let json = #"{"track_id": 2, "state": "\#(state)", "position_ms": \#(positionMs), "client": "car"}"#
            return try await server.send(.post, "/v1/plays/progress", as: "user", json: json).status
        }
        #expect(try await report("playing", 10_000) == 204)
        server.clock.advance(seconds: 90)
        let seen = try await server.send(.get, "/v1/now-playing", as: "admin").json["items"]
        #expect(seen?.count == 1 && seen?[0]?["client"] == "car")
        #expect(seen?[0]?["progress"]?["state"] == "playing" && seen?[0]?["progress"]?["position_ms"] == 100_000)
        #expect(try await report("stopped", 100_000) == 204)
        #expect(try await server.send(.get, "/v1/now-playing", as: "admin").json["items"]?.count == 0)
        let plays = try await server.send(.get, "/v1/plays", as: "user").json["items"]
        #expect(plays?[0]?["play"]?["finished"] == true && plays?[0]?["play"]?["seconds_played"] == 100)
        for json in [
            #"{"track_id": 99, "state": "playing", "position_ms": 0}"#, #"{"track_id": 2, "state": "playing"}"#,
            #"{"track_id": 2, "state": "gone", "position_ms": 0}"#,
            #"{"track_id": 2, "state": "playing", "position_ms": -1}"#,
            #"{"track_id": 2, "state": "playing", "position_ms": 0, "rate": 0}"#,
        ] {
            #expect(try await server.send(.post, "/v1/plays/progress", as: "user", json: json).status == 422, "\(json)")
        }
        #expect(try await server.send(.post, "/v1/plays/progress", as: "worker", json: "{}").status == 403)
    }

    @Test("Albums tell how often their tracks were heard")
    func heard() async throws {
        let server = try TestServer()
        server.store.change { state in
            state.marks[1] = [
                .track(1): Mark(plays: 2, lastPlayedAt: MemoryStore.now), .track(2): Mark(plays: 1, lastPlayedAt: 0),
            ]
        }
        let album = try await server.send(.get, "/v1/albums/1", as: "user").json
        #expect(album["play_count"] == 3 && album["last_played_at"] == "2026-01-01T00:00:00.000Z")
        let other = try await server.send(.get, "/v1/albums", as: "user").json["items"]?[1]
        #expect(other?["play_count"] == 0 && other?["last_played_at"] == .null)
    }
}
