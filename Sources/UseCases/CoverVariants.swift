import Domain
import Telemetry

/// Covers in the sizes that clients show.
package struct CoverVariants: Sendable {
    package struct Variant: Sendable {
        package let bytes: [UInt8]
        package let mediaType: String
        /// Tells it from every other drawing of every picture.
        package let tag: String
    }

    private let catalogue: any Catalogue
    private let cache: any VariantCache
    private let pictures: any PictureReader

    package init(catalogue: any Catalogue, cache: any VariantCache, pictures: any PictureReader) {
        self.catalogue = catalogue
        self.cache = cache
        self.pictures = pictures
    }

    package static func tag(of hash: String, _ size: CoverSize) -> String { "\(hash)-\(size.rawValue)" }

    /// The picture itself when it is no larger, or cannot be drawn: what a browser makes of it is the browser's affair.
    package func variant(of hash: String, size: CoverSize) async throws -> Variant {
        let tag = Self.tag(of: hash, size)
        let known = await cache.variant(of: hash, size: size)
        Metrics.caches.lookups.count(.cover, known == nil ? .miss : .hit)
        if let known {
            return Variant(bytes: known, mediaType: PictureHeader.Format.jpeg.mediaType, tag: tag)
        }
        let cover = try await catalogue.cover(hash: hash)
        let whole = Variant(bytes: cover.data, mediaType: cover.mediaType, tag: tag)
        guard let header = PictureHeader(cover.data), header.longerSide > size.rawValue else { return whole }
        do {
            let bytes = try await pictures.shrink(cover.data, toSide: size.rawValue)
            await cache.keep(bytes, of: hash, size: size)
            return Variant(bytes: bytes, mediaType: PictureHeader.Format.jpeg.mediaType, tag: tag)
        } catch let failure as Failure where failure.blamesContent {
            return whole
        }
    }
}

extension Failure {
    /// True when the bytes are to blame, not the machine.
    var blamesContent: Bool {
        switch reason {
        case .corruptFile, .unsupportedFormat, .notAFile, .parserCrash, .parserTimeout, .parserMemory: true
        default: false
        }
    }
}
