import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/map`
struct MapRoutes: Sendable {
    let services: APIServices

    private static let model = Parameter(
        "model", .text(1...200), "Whose vectors are to be drawn; those of the built-in model when absent.")

    var routes: [Route] {
        [
            Route(
                .get, "/v1/map", "getMap", "Draw the library as points in the plane", access: .user,
                parameters: [ParameterSpec(Self.model)],
                answers: [
                    .init(
                        status: .ok, description: "The points, in columns.",
                        content: ["application/json": Shape<LibraryMap>.map.schema]),
                    .init(status: .notModified, description: "The client has it.", content: [:]),
                ], problems: [.conflict, .unprocessableContent]
            ) { try await answer($0) }
        ]
    }

    private func answer(_ request: APIRequest) async throws -> Response {
        let model = try request.optional(Self.model)
        let caching = "private, no-cache"
        if request.headers[.ifNoneMatch] != nil {
            let tag = Self.tag(try await services.map.mark(model: model))
            if request.has(tag) {
                return Response(status: .notModified, headers: [.cacheControl: caching, .eTag: tag])
            }
        }
        let map = try await services.map.map(model: model)
        var response = Response.json(Shape<LibraryMap>.map.json(map))
        response.headers[.cacheControl] = caching
        response.headers[.eTag] = Self.tag(map.mark)
        return response
    }

    private static func tag(_ mark: String) -> String { "\"\(mark)\"" }
}

extension Problem {
    init(_ problem: MapProblem) {
        switch problem {
        case .tooFew(let tracks, let needed):
            self.init(
                .conflict,
                "\(tracks == 1 ? "1 track has" : "\(tracks) tracks have") a vector so far; a map takes \(needed)")
        case .notDrawn:
            self.init(.conflict, "the map is not drawn yet: a worker for vectors does it when it has time")
        case .unknownModel(let known): self = .invalid("model: there is a map of \(known) only")
        }
    }
}
