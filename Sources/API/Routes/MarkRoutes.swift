import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// Stars and ratings: `/v1/{tracks|albums|artists}/{id}/star` and `…/rating`
struct MarkRoutes: Sendable {
    let services: APIServices

    private static let rating = BodyField(
        "rating", Scalar<Int>.integer(0...Mark.ratings.upperBound), isRequired: true,
        "1 to 5; 0 takes the rating away.")

    var routes: [Route] {
        routes("tracks", "Track") { .track($0) } + routes("albums", "Album") { .album($0) }
            + routes("artists", "Artist") { .artist($0) }
    }

    private func routes(_ nouns: String, _ noun: String, _ subject: @escaping @Sendable (Int64) -> MarkSubject)
        -> [Route]
    {
        let (thing, listening) = ("\(noun == "Track" ? "a" : "an") \(noun.lowercased())", services.listening)
        return [
            route(.put, "/v1/\(nouns)/{id}/star", "star\(noun)", "Star \(thing)", "It is starred.") {
                try await listening.star(subject($0.require(.id)), account: $0.account())
            },
            route(.delete, "/v1/\(nouns)/{id}/star", "unstar\(noun)", "Take the star off \(thing)", "It has no star.") {
                try await listening.unstar(subject($0.require(.id)), account: $0.account())
            },
            route(
                .put, "/v1/\(nouns)/{id}/rating", "rate\(noun)", "Rate \(thing)", "It is rated so.",
                body: BodySpec("Rating", [.init(Self.rating)])
            ) { request in
                let rating = try request.body.require(Self.rating)
                try await listening.rate(
                    subject(request.require(.id)), rating == 0 ? nil : rating, account: request.account())
            },
        ]
    }

    private func route(
        _ method: HTTPRequest.Method, _ path: String, _ name: String, _ summary: String, _ description: String,
        body: BodySpec? = nil, _ act: @escaping @Sendable (APIRequest) async throws -> Void
    ) -> Route {
        Route(
            method, path, name, summary, access: .user, parameters: [ParameterSpec(.id)], body: body,
            answers: [.init(status: .noContent, description: description, content: [:])],
            problems: [.conflict, .insufficientStorage]
        ) { request in
            try await act(request)
            return Response(status: .noContent)
        }
    }
}
