import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import UseCases

/// The one way to a picture, in the size that is nearest to what a client shows.
struct CoverDoor: Sendable {
    /// What a browser shows as a picture and never runs: no SVG, no HTML, whatever a file claims to carry.
    static let rasterTypes: Set = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"]

    private let catalogue: any Catalogue
    private let covers: CoverVariants?

    init(services: APIServices) {
        catalogue = services.catalogue
        covers = services.covers
    }

    /// Throws a `Problem` or `StoreError` for a picture that is not there or none that a browser shows.
    /// - Parameters:
    ///   - asked: The headers of the request.
    ///   - side: Pixels of the longer side, any number: the answer is the next larger of the few sizes that are drawn, or the
    ///     picture as it is beyond them. Nil, or none above zero: as it is.
    func response(
        to asked: HTTPFields, hash: String, side: Int?, caching: String = "private, max-age=31536000, immutable"
    ) async throws -> Response {
        let size = side.flatMap { $0 > 0 ? CoverSize(atLeast: $0) : nil }
        let tag = "\"\(size.map { CoverVariants.tag(of: hash, $0) } ?? hash)\""
        let headers: HTTPFields = [.cacheControl: caching, .eTag: tag]
        if asked.knows(tag) {
            // A hash that nobody knows must not be answered as one that the client has.
            _ = try await catalogue.cover(hash: hash)
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
        if let size, let covers {
            let variant = try await covers.variant(of: hash, size: size)
            return (variant.bytes, variant.mediaType)
        }
        let cover = try await catalogue.cover(hash: hash)
        return (cover.data, cover.mediaType)
    }
}
