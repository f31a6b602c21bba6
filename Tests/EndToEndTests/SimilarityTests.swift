import Contracts
import Demo
import Domain
import TestSupport
import Testing

/// Lists, radios and paths over real music and real HTTP.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct SimilarityTests {
    /// The eight songs by four artists on two albums.
    private func library(_ engine: Engine) async throws -> Library {
        let library = try await Library(engine)
        for (number, song) in library.songs.enumerated() {
            try library.tree.write(
                "Shelf/" + song.fileName,
                song.tagged {
                    $0.artists = ["Artist \(number % 4)"]
                    $0.album = number < 4 ? "First" : "Second"
                    $0.genres = [number.isMultiple(of: 2) ? "Folk" : "House"]
                    $0.date = "\(1990 + number)"
                })
        }
        return library
    }

    private func ids(_ answer: JSONValue) -> [Int64] { answer.items.compactMap { $0["track"]?["id"]?.int } }

    @Test(
        "A question of several seeds is answered within its filters and rules, with reasons",
        arguments: Engine.available)
    func question(_ engine: Engine) async throws {
        let library = try await library(engine)
        let api = try await library.served().api
        let tracks = try await api.tracksByName()
        let amble = try #require(tracks["Amble.mp3"])
        let (first, other) = (try #require(amble["id"]?.int), try #require(tracks["Dusk.opus"]?["id"]?.int))
        let answer = try await api.ask(
            .post, "/v1/similar",
            [
                "seeds": [["track": .integer(first)], ["track": .integer(other)]],
                "filters": ["genres": ["FOLK"], "year_to": 1996], "rules": ["max_per_artist": 1],
            ])
        #expect(answer.items.count == 2, "Ember, and of the two by one artist the nearer: Cinder or Glint")
        for item in answer.items {
            let score = try #require(item["score"]?.number)
            #expect((0...1).contains(score))
            let parts = try #require(item["why"]?["distance"])
            let sum = ["timbre", "rhythm", "tonality", "loudness"].compactMap { parts[$0]?.number }.reduce(0, +)
            #expect(abs(sum - 1) < 1e-9)
            #expect(item["track"]?["genres"] == ["Folk"])
        }
        let album = try #require(amble["album_id"]?.int)
        let ofAlbum = ids(try await api.ask(.get, "/v1/albums/\(album)/similar"))
        #expect(ofAlbum.count == 4 && !ofAlbum.contains(first))
        let artist = try #require(amble["artist_ids"]?.list.first?.int)
        #expect(ids(try await api.ask(.get, "/v1/artists/\(artist)/similar")).count == 6)
    }

    @Test(
        "A radio repeats itself for the same number, page by page; a path ends where it is to end",
        arguments: Engine.available)
    func flows(_ engine: Engine) async throws {
        let library = try await library(engine)
        let api = try await library.served().api
        let tracks = try await api.tracksByName()
        let (from, to) = (try #require(tracks["Amble.mp3"]?["id"]?.int), try #require(tracks["Glint.wav"]?["id"]?.int))
        let seeds: JSONValue = [["track": .integer(from)]]
        let whole = try await api.ask(.post, "/v1/radio", ["seeds": seeds, "seed": 11, "limit": 20])
        #expect(ids(whole).count == 20)
        var (paged, cursor): ([Int64], JSONValue) = ([], .null)
        for _ in 0..<4 {
            let page = try await api.ask(
                .post, "/v1/radio", ["seeds": seeds, "seed": 11, "limit": 5, "cursor": cursor])
            paged += ids(page)
            cursor = page["next_cursor"] ?? .null
        }
        #expect(paged == ids(whole))
        let path = try await api.ask(.get, "/v1/path?from=\(from)&to=\(to)&length=6")
        #expect(ids(path).count == 6 && ids(path).first == from && ids(path).last == to)
        #expect(Set(ids(path)).count == 6)
        #expect(path.items.first?["score"]?.number ?? 0 > 0.999 && path.items.first?["step"] == .null)
    }

    @Test(
        "A retag is in the next answer, and a track that waits for its analysis names its task",
        arguments: Engine.available)
    func keepsUp(_ engine: Engine) async throws {
        let library = try await library(engine)
        let api = try await library.served().api
        let seed = try #require(try await api.tracksByName()["Amble.mp3"]?["id"]?.int)
        let question = "/v1/tracks/\(seed)/similar?exclude=christmas"
        #expect(ids(try await api.ask(.get, question)).count == 7)
        let dusk = try library.song("Dusk")
        try library.tree.write("Shelf/" + dusk.fileName, dusk.tagged { $0.genres = ["Christmas"] })
        try await api.scan(library.lab.music)
        #expect(ids(try await api.ask(.get, question)).count == 6)

        _ = try await api.ask(.post, "/v1/queues/audio/pause")
        try library.tree.write("Shelf/new.mp3", try library.song("Amble").tagged { $0.title = "New" })
        let scan = try await api.startScan(library.lab.music)
        let new = try await until("the new file is indexed") { () -> Int64? in
            try await api.tracksByName()["new.mp3"]?["id"]?.int
        }
        let early = try await api.send(.get, "/v1/tracks/\(new)/similar")
        #expect(early.status == 409)
        let task = try #require(try early.json["task"])
        #expect(task["task"]?.text == "analyze_audio" && task["state"]?.text == "ready")
        #expect(try await api.ask(.get, "/v1/tasks/\(task["id"]?.int ?? 0)")["state"]?.text == "ready")
        _ = try await api.ask(.post, "/v1/queues/audio/resume")
        try await api.ended(scan)
        #expect(ids(try await api.ask(.get, "/v1/tracks/\(new)/similar")).contains(seed) == false, "the same recording")
        #expect(ids(try await api.ask(.get, "/v1/tracks/\(new)/similar?duplicates=keep")).first == seed)
        #expect(try await api.send(.get, "/v1/tracks/999999/similar").status == 404)
    }
}
