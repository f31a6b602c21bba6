import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

struct SimilarityRoutesTests {
    @Test("Similar tracks come with scores and reasons; a track without a vector says why, and for which task to wait")
    func similar() async throws {
        let server = try TestServer()
        let similar = try await server.send(.get, "/v1/tracks/1/similar?limit=2", as: "user").json
        #expect(similar["items"]?.count == 2)
        let first = similar["items"]?[0]
        #expect(first?["score"] == 0.5 && first?["step"] == .null)
        #expect(first?["track"]?["id"] == 2)
        #expect(first?["why"]?["distance"] == ["timbre": 0.5, "rhythm": 0.5, "tonality": 0, "loudness": 0])
        #expect(first?["why"]?["rank"] == 3 && first?["why"]?["moved_by"] == "artist_gap")
        #expect(first?["why"]?["broken"] == [])
        let early = try await server.send(.get, "/v1/tracks/5/similar")
        #expect(early.status == 409)
        #expect(early.json["detail"] == "the track is not analysed yet: its task is running")
        let task = try #require(server.store.change { $0.tasks.first })
        #expect(early.json["task"]?["id"] == .integer(task.id))
        #expect(early.json["task"]?["state"] == .string(task.state.rawValue))
        #expect(try await server.send(.get, "/v1/tracks/99/similar").status == 404)
    }

    @Test("Parameters of a URL become filters and rules; without any, only duplicates are left out")
    func parameters() async throws {
        let server = try TestServer()
        for noun in ["tracks", "albums", "artists"] {
            #expect(try await server.send(.get, "/v1/\(noun)/1/similar", as: "user").status == 200)
        }
        let plain = server.store.change { $0.similarQuestions }
        #expect(plain.map(\.target.plus) == [[.track(1)], [.album(1)], [.artist(1)]])
        #expect(plain.allSatisfy { $0.rules == SimilarityRules() && $0.filter == SimilarityFilter() && $0.limit == 20 })
        let query = """
            folder=/music/jazz&genre=Hard+Bop&year_from=1950&year_to=1965&not_artists=3,14&exclude=live,christmas\
            &duplicates=keep&max_per_artist=2&max_per_album=1&artist_gap=3&album_gap=4&max_tempo_jump=12&keys=compatible
            """
        #expect(try await server.send(.get, "/v1/tracks/1/similar?" + query).status == 200)
        let question = try #require(server.store.change { $0.similarQuestions.last })
        var filter = SimilarityFilter()
        (filter.folder, filter.genres, filter.yearFrom, filter.yearTo) = (
            FilePath("/music/jazz"), ["Hard Bop"], 1950, 1965
        )
        (filter.notArtistIDs, filter.excluded) = ([3, 14], [.live, .christmas])
        #expect(question.filter == filter)
        var rules = SimilarityRules()
        (rules.duplicates, rules.maxPerArtist, rules.maxPerAlbum, rules.artistGap) = (.keep, 2, 1, 3)
        (rules.albumGap, rules.maxTempoJump, rules.keys) = (4, 12, .compatible)
        #expect(question.rules == rules)
    }

    @Test(
        "Parameters that make no sense are refused",
        arguments: [
            "limit=0", "limit=501", "year_from=0", "not_artists=", "not_artists=1,,2", "not_artists=1,x",
            "not_artists=0",
            "exclude=loud", "exclude=live,,live", "exclude=live,live,live,live", "keys=8B", "max_tempo_jump=101",
            "max_tempo_jump=nan", "artist_gap=-1", "artist_gap=51", "duplicates=yes", "folder=music", "genre=",
            "seed=1",
        ])
    func badParameters(query: String) async throws {
        #expect(try await TestServer().send(.get, "/v1/tracks/1/similar?\(query)").status == 400)
    }

    @Test("A question has seeds to add and to subtract, filters, rules and a limit")
    func question() async throws {
        let server = try TestServer()
        let answer = try await server.send(
            .post, "/v1/similar", as: "user",
            json: """
                {"seeds": [{"track": 1}, {"album": 2}, {"artist": 3}], "minus": [{"track": 4}], "minus_weight": 0.25,
                 "filters": {"genres": ["Rock"], "not_artists": [7], "exclude": ["explicit"]},
                 "rules": {"max_per_artist": 2, "keys": "compatible"}, "limit": 3}
                """)
        #expect(answer.status == 200 && answer.json["items"]?.count == 3)
        let question = try #require(server.store.change { $0.similarQuestions.last })
        #expect(question.target.plus == [.track(1), .album(2), .artist(3)])
        #expect(question.target.minus == [.track(4)] && question.target.minusWeight == 0.25)
        #expect(question.filter.genres == ["Rock"] && question.filter.notArtistIDs == [7])
        #expect(question.filter.excluded == .explicit && question.rules.maxPerArtist == 2 && question.limit == 3)
        #expect(try await server.send(.post, "/v1/similar", json: "{\"seeds\": [{\"track\": 99}]}").status == 404)
        #expect(try await server.send(.post, "/v1/similar", json: "{\"seeds\": [{\"track\": 5}]}").status == 409)
    }

    @Test(
        "A question that makes no sense is refused, and it is said what is wrong",
        arguments: [
            ("{}", 422, "seeds is missing"), ("{\"seeds\": []}", 422, "seeds must name at least one"),
            ("{\"seeds\": [{\"track\": 1, \"album\": 2}]}", 422, "seeds must be"),
            ("{\"seeds\": [{\"genre\": 1}]}", 422, "seeds must be"),
            ("{\"seeds\": [{\"track\": \"1\"}]}", 422, "seeds"),
            ("{\"seeds\": [{\"track\": 1.5}]}", 422, "seeds"), ("{\"seeds\": 1}", 422, "seeds"),
            ("{\"seeds\": [{\"track\": 1}], \"filters\": {\"era\": 1}}", 400, "filters.era"),
            ("{\"seeds\": [{\"track\": 1}], \"filters\": {\"year_from\": \"x\"}}", 422, "filters.year_from"),
            ("{\"seeds\": [{\"track\": 1}], \"rules\": {\"keys\": \"8B\"}}", 422, "rules.keys"),
            ("{\"seeds\": [{\"track\": 1}], \"minus_weight\": 2}", 422, "minus_weight"),
            ("{\"seeds\": [{\"track\": 1}], \"limit\": 501}", 422, "limit"),
            ("{\"seeds\": [{\"track\": 1}], \"seed\": 1}", 400, "seed"),
        ])
    func badQuestion(json: String, status: Int, detail: String) async throws {
        let answer = try await TestServer().send(.post, "/v1/similar", json: json)
        #expect(answer.status == status)
        #expect(answer.text.contains(detail), "\(answer.text)")
    }

    @Test("More seeds than the limit are refused")
    func manySeeds() async throws {
        let seeds = Array(repeating: "{\"track\": 1}", count: 101).joined(separator: ",")
        #expect(try await TestServer().send(.post, "/v1/similar", json: "{\"seeds\": [\(seeds)]}").status == 422)
    }

    @Test("A path has two ends and a length")
    func path() async throws {
        let server = try TestServer()
        let answer = try await server.send(.get, "/v1/path?from=1&to=3&length=9&genre=Jazz&artist_gap=2", as: "user")
        #expect(answer.status == 200 && answer.json["items"]?[1]?["step"] == 0.25)
        let question = try #require(server.store.change { $0.pathQuestions.last })
        #expect(question.from == 1 && question.to == 3 && question.length == 9)
        #expect(question.filter.genres == ["Jazz"] && question.rules.artistGap == 2)
        #expect(try await server.send(.get, "/v1/path?from=1&to=3").status == 200)
        #expect(server.store.change { $0.pathQuestions.last?.length } == 12)
        #expect(try await server.send(.get, "/v1/path?from=1&to=1").status == 422)
        #expect(try await server.send(.get, "/v1/path?from=1&to=99").status == 404)
        for query in ["", "?from=1", "?to=1", "?from=0&to=1", "?from=x&to=1", "?from=1&to=2&length=1"] {
            #expect(try await server.send(.get, "/v1/path\(query)").status == 400, "\(query)")
        }
        #expect(try await server.send(.get, "/v1/path?from=1&to=2&length=101").status == 400)
        #expect(try await server.send(.get, "/v1/path?from=1&to=2&max_per_artist=1").status == 400)
    }

    @Test("A radio goes on by its cursor, and says the number that it was made from")
    func radio() async throws {
        let server = try TestServer()
        let seeds = "\"seeds\": [{\"track\": 1}]"
        let first = try await server.send(.post, "/v1/radio", as: "user", json: "{\(seeds), \"seed\": 42}").json
        #expect(first["seed"] == 42)
        let begun = try #require(server.store.change { $0.radioQuestions.last })
        #expect(begun.place == RadioPlace(seed: 42) && begun.rules == .radio && begun.limit == 20)
        guard case .string(let cursor) = first["next_cursor"] else { return #expect(Bool(false)) }
        let next = try await server.send(.post, "/v1/radio", json: "{\(seeds), \"cursor\": \"\(cursor)\"}").json
        #expect(next["seed"] == 42, "the cursor carries it")
        let chosen = try await server.send(.post, "/v1/radio", json: "{\(seeds)}").json
        guard case .integer(let number) = chosen["seed"] else { return #expect(Bool(false)) }
        #expect((0...RadioPlace.maxSeed).contains(number))
        for bad in [
            "\"seed\": -1", "\"seed\": 9007199254740992", "\"cursor\": \"abc\"", "\"cursor\": \"\"", "\"limit\": 0",
        ] {
            #expect(try await server.send(.post, "/v1/radio", json: "{\(seeds), \(bad)}").status == 422, "\(bad)")
        }
        #expect(
            try await server.send(.post, "/v1/radio", json: "{\(seeds), \"rules\": {\"artist_gap\": 0}}").status == 200)
        let rules = try #require(server.store.change { $0.radioQuestions.last?.rules })
        #expect(rules.artistGap == 0 && rules.albumGap == SimilarityRules.radio.albumGap)
    }
}
