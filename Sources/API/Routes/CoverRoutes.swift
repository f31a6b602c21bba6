import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/covers` and the covers of albums
struct CoverRoutes: Sendable {
    let services: APIServices

    /// What a browser shows as a picture and never runs: no SVG, no HTML, whatever a file claims to carry.
    static let rasterTypes: Set = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"]

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
            try await picture(
                try request.require(Self.hash), request, caching: "private, max-age=31536000, immutable")
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
            return try await picture(hash, request, caching: "private, no-cache")
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
                content: Dictionary(uniqueKeysWithValues: rasterTypes.map { ($0, picture) })),
            .init(status: .notModified, description: "The client has it.", content: [:]),
        ]
    }

    private func picture(_ hash: String, _ request: APIRequest, caching: String) async throws -> Response {
        let size = try request.optional(Self.size).flatMap(CoverSize.init(atLeast:))
        let tag = "\"\(size.map { CoverVariants.tag(of: hash, $0) } ?? hash)\""
        let headers: HTTPFields = [.cacheControl: caching, .eTag: tag]
        if let known = request.headers[.ifNoneMatch], known == "*" || known.contains(tag) {
            // A hash that nobody knows must not be answered as one that the client has.
            _ = try await services.catalogue.cover(hash: hash)
            return Response(status: .notModified, headers: headers)
        }
        let (bytes, mediaType) = try await drawing(hash, size)
        guard Self.rasterTypes.contains(mediaType) else { throw Problem.notFound }
        var response = Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        response.headers[.contentType] = mediaType
        return response
    }

    private func drawing(_ hash: String, _ size: CoverSize?) async throws -> (bytes: [UInt8], mediaType: String) {
        if let size, let covers = services.covers {
            let variant = try await covers.variant(of: hash, size: size)
            return (variant.bytes, variant.mediaType)
        }
        let cover = try await services.catalogue.cover(hash: hash)
        return (cover.data, cover.mediaType)
    }
}
