/// A picture found in a file, stored once for all files that carry the same bytes.
package struct CoverImage: Hashable, Sendable {
    /// SHA-256 of the bytes, lower-case hexadecimal.
    package let hash: String
    /// One of the raster types that are served: `image/jpeg`, `image/png`, `image/gif`, `image/webp`, `image/bmp`.
    package let mediaType: String
    package let data: [UInt8]

    package init(hash: String, mediaType: String, data: [UInt8]) {
        self.hash = hash
        self.mediaType = mediaType
        self.data = data
    }

    /// A larger picture is not kept.
    package static let maxBytes = 16 * 1024 * 1024
}
