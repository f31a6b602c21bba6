import Domain
import HTTPTypes
import UseCases

/// What sounds like what: `/v1/…/similar`, `/v1/path` and `/v1/radio`
struct SimilarityRoutes: Sendable {
    let services: APIServices

    static let maxAnswers = 500
    static let defaultAnswers = 20
    private static let defaultLength = 12

    private static let limit = Parameter(
        "limit", .integer(1...maxAnswers), "How many tracks at most; \(defaultAnswers) when absent.")
    private static let from = Parameter("from", .id, isRequired: true, "The first track.")
    private static let to = Parameter("to", .id, isRequired: true, "The last track.")
    private static let length = Parameter(
        "length", .integer(2...PathQuestion.maxLength),
        "How many tracks, with the first and the last; \(defaultLength) when absent.")
    /// Nothing to compare with yet; a question without sense.
    private static let problems: [HTTPResponse.Status] = [.conflict, .unprocessableContent]

    var routes: [Route] {
        [
            list("tracks", "similarTracks", "Find tracks that sound like a track", SimilaritySeed.track),
            list("albums", "similarToAlbum", "Find tracks that sound like an album", SimilaritySeed.album),
            list("artists", "similarToArtist", "Find tracks that sound like an artist", SimilaritySeed.artist),
            similar, path, radio,
        ]
    }

    private func list(
        _ noun: String, _ name: String, _ summary: String, _ seed: @escaping @Sendable (Int64) -> SimilaritySeed
    ) -> Route {
        .json(
            .get, "/v1/\(noun)/{id}/similar", name, summary, access: .user,
            parameters: [ParameterSpec(.id), ParameterSpec(Self.limit)] + SimilarityParameters.filters
                + SimilarityParameters.listRules,
            answer: Shape<SimilarTrack>.similar.page("SimilarPage"), "Tracks, the most similar one first.",
            problems: Self.problems
        ) { request in
            var question = SimilarQuestion(
                SimilarityTarget(plus: [seed(try request.require(.id))]),
                limit: try request.optional(Self.limit) ?? Self.defaultAnswers)
            question.filter = try SimilarityParameters.filter(request)
            question.rules = try SimilarityParameters.rules(request)
            return .whole(try await services.marked(services.similarity.similar(question), at: \.track, for: request))
        }
    }

    private var similar: Route {
        .json(
            .post, "/v1/similar", "similar", "Find tracks that sound like some seeds and unlike others",
            access: .user, body: SimilarityBody.similar,
            answer: Shape<SimilarTrack>.similar.page("SimilarPage"), "Tracks, the most similar one first.",
            problems: [.conflict, .notFound]
        ) { request in
            let question = try SimilarityBody.similarQuestion(request.body)
            return .whole(try await services.marked(services.similarity.similar(question), at: \.track, for: request))
        }
    }

    private var path: Route {
        .json(
            .get, "/v1/path", "findPath", "Find a smooth way from one track to another", access: .user,
            parameters: [ParameterSpec(Self.from), ParameterSpec(Self.to), ParameterSpec(Self.length)]
                + SimilarityParameters.filters + SimilarityParameters.pathRules,
            answer: Shape<SimilarTrack>.similar.page("SimilarPage"),
            "Tracks in the order of the way, both ends among them; fewer when there are not enough between.",
            problems: Self.problems + [.notFound]
        ) { request in
            var question = PathQuestion(
                from: try request.require(Self.from), to: try request.require(Self.to),
                length: try request.optional(Self.length) ?? Self.defaultLength)
            question.filter = try SimilarityParameters.filter(request)
            question.rules = try SimilarityParameters.rules(request)
            return .whole(try await services.marked(services.similarity.path(question), at: \.track, for: request))
        }
    }

    private var radio: Route {
        .json(
            .post, "/v1/radio", "playRadio", "Play on from some seeds, without end", access: .user,
            body: SimilarityBody.radio, answer: .radio, "The next tracks, and a cursor for those after them.",
            problems: [.conflict, .notFound]
        ) { request in
            // Any number will do where none is asked for: the answer says which one it was.
            let chance = services.clock() & RadioPlace.maxSeed
            var stretch = try await services.similarity.radio(
                try SimilarityBody.radioQuestion(request.body, chance: chance))
            stretch.items = try await services.marked(stretch.items, at: \.track, for: request)
            return stretch
        }
    }
}
