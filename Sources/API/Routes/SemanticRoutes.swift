import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/search/semantic`, `/v1/models` and `/v1/vectors/invalidate`
struct SemanticRoutes: Sendable {
    let services: APIServices

    private static let maxAnswers = 100
    private static let defaultAnswers = 20

    private static let query = Parameter(
        "q", .text(1...200), isRequired: true, "What the music is like, in words: slow piano, sad.")
    private static let model = Parameter(
        "model", .text(1...120), "One of the configured models; the first of them when absent.")
    private static let limit = Parameter(
        "limit", .integer(1...maxAnswers), "How many tracks at most; \(defaultAnswers) when absent.")
    private static let pattern = BodyField(
        "pattern", .text(1...200), isRequired: true,
        "Of names of models or spaces; * stands for any characters: ollama:*, acoustic-v1.")

    var routes: [Route] { [search, models, invalidate] }

    private var search: Route {
        .json(
            .get, "/v1/search/semantic", "searchSemantic", "Search by what words mean", access: .user,
            parameters: [ParameterSpec(Self.query), ParameterSpec(Self.model), ParameterSpec(Self.limit)],
            answer: .semantic, "Tracks whose description is nearest to the words, the nearest first.",
            problems: [.conflict]
        ) { request in
            do throws(any Error) {
                guard let finder = services.semantic else { throw SemanticProblem.noModel }
                var answer = try await finder.search(
                    try request.require(Self.query), model: try request.optional(Self.model),
                    limit: try request.optional(Self.limit) ?? Self.defaultAnswers)
                answer.hits = try await services.marked(answer.hits, at: \.track, for: request)
                return answer
            } catch let problem as SemanticProblem {
                throw Problem(problem)
            }
        }
    }

    private var models: Route {
        .json(
            .get, "/v1/models", "listModels", "List the models that work on words", access: .user,
            answer: Shape<TextModelStatus>.textModel.page("ModelPage"), "Those that are configured come first."
        ) { _ in .whole(try await services.textModels?.models() ?? []) }
    }

    private var invalidate: Route {
        .json(
            .post, "/v1/vectors/invalidate", "invalidateVectors", "Delete vectors, so that new ones are made",
            access: .admin, body: BodySpec("VectorPattern", [.init(Self.pattern)]), answer: .invalidation,
            "How many are gone.", problems: [.conflict, .insufficientStorage]
        ) { request in
            guard let desk = services.textModels else { throw Problem(.conflict, "this server keeps no vectors") }
            return try await desk.invalidate(matching: NamePattern(try request.body.require(Self.pattern)))
        }
    }
}

extension Problem {
    init(_ problem: SemanticProblem) {
        switch problem {
        case .noModel, .unknownModel, .refused: self.init(.conflict, problem.description)
        case .away(let why, let seconds): self = .tryLater(.serviceUnavailable, why, seconds: seconds)
        }
    }
}
