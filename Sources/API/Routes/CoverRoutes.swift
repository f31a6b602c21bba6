import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/covers`
struct CoverRoutes: Sendable {
    let services: APIServices

    /// What a browser shows as a picture and never runs: no SVG, no HTML, whatever a file claims to carry.
    static let rasterTypes: Set = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"]

    private static let hash = Parameter(
        "hash", in: .path,
        .text(pattern: "^[0-9a-f]{64}$", "64 hexadecimal digits") { text in
            text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        }, "SHA-256 of the picture.")

    var routes: [Route] {
        let picture = Schema(["type": "string", "contentEncoding": "binary"])
        return [
            Route(
                .get, "/v1/covers/{hash}", "getCover", "Get a picture", access: .user,
                parameters: [ParameterSpec(Self.hash)],
                answers: [
                    .init(
                        status: .ok, description: "The picture; it never changes.",
                        content: Dictionary(uniqueKeysWithValues: Self.rasterTypes.map { ($0, picture) })),
                    .init(status: .notModified, description: "The client has it.", content: [:]),
                ]
            ) { try await cover($0) }
        ]
    }

    private func cover(_ request: APIRequest) async throws -> Response {
        let cover = try await services.catalogue.cover(hash: try request.require(Self.hash))
        guard Self.rasterTypes.contains(cover.mediaType) else { throw Problem.notFound }
        let tag = "\"\(cover.hash)\""
        let headers: HTTPFields = [.cacheControl: "private, max-age=31536000, immutable", .eTag: tag]
        if let known = request.headers[.ifNoneMatch], known == "*" || known.contains(tag) {
            return Response(status: .notModified, headers: headers)
        }
        var response = Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: cover.data)))
        response.headers[.contentType] = cover.mediaType
        return response
    }
}
