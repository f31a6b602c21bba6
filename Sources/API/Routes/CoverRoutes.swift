import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/covers` and the covers of albums
struct CoverRoutes: Sendable {
    private let services: APIServices
    private let door: CoverDoor

    init(services: APIServices) {
        self.services = services
        door = CoverDoor(services: services)
    }

    private static let hash = Parameter(
        "hash", in: .path,
        .text(pattern: "^[0-9a-f]{64}$", "64 hexadecimal digits") { text in
            text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        }, "SHA-256 of the picture.")
    private static let size = Parameter(
        "size", .integer(1...4096),
        "Pixels of the longer side. The answer is the next larger of 64, 250, 500 and 1000; beyond these, and when absent, "
            + "the picture as it is. No picture is made larger.")

    var routes: [Route] { [cover, albumCover, refresh] }

    private var cover: Route {
        Route(
            .get, "/v1/covers/{hash}", "getCover", "Get a picture", access: .user,
            parameters: [ParameterSpec(Self.hash), ParameterSpec(Self.size)],
            answers: Self.answers("The picture; it never changes.")
        ) { request in
            try await door.response(
                to: request.headers, hash: try request.require(Self.hash), side: try request.optional(Self.size))
        }
    }

    private var albumCover: Route {
        Route(
            .get, "/v1/albums/{id}/cover", "getAlbumCover", "Get the front of an album", access: .user,
            parameters: [ParameterSpec(.id), ParameterSpec(Self.size)],
            answers: Self.answers("The picture of its files, or else one that was found elsewhere.")
        ) { request in
            let album = try await services.catalogue.album(id: try request.require(.id))
            guard let hash = album.coverHash else { throw Problem.notFound }
            // Another one may be found: the client asks again, and is told that it has it.
            return try await door.response(
                to: request.headers, hash: hash, side: try request.optional(Self.size), caching: "private, no-cache")
        }
    }

    private var refresh: Route {
        .json(
            .post, "/v1/albums/{id}/cover/refresh", "refreshAlbumCover",
            "Look again for the front of an album whose files hold none", access: .user,
            parameters: [ParameterSpec(.id)], status: .accepted, answer: .acceptedTask,
            "It is looked for before all that nobody asked for.", location: { "/v1/tasks/\($0.id)" },
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let payload = DownloadArtworkPayload(albumID: try request.require(.id))
            return try await services.tasks.submit(
                NewTask(payload: .downloadArtwork(payload), priority: .high, dedupeKey: payload.dedupeKey),
                idempotencyKey: nil)
        }
    }

    private static func answers(_ description: String) -> [Route.Answer] {
        let picture = Schema(["type": "string", "contentEncoding": "binary"])
        return [
            .init(
                status: .ok, description: description,
                content: Dictionary(uniqueKeysWithValues: CoverDoor.rasterTypes.map { ($0, picture) })),
            .init(status: .notModified, description: "The client has it.", content: [:]),
        ]
    }
}
