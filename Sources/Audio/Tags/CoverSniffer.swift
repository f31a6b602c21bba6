import Crypto
import Domain

/// Decides by its first bytes what a picture is. Claimed types are not believed: what is served must be pixels.
enum CoverSniffer {
    /// Nil for what is no raster picture, or is too large to keep.
    static func cover(_ data: [UInt8]) -> CoverImage? {
        guard data.count <= CoverImage.maxBytes, let type = mediaType(of: data) else { return nil }
        return CoverImage(hash: Hex.encode(Array(SHA256.hash(data: data))), mediaType: type, data: data)
    }

    static func mediaType(of data: [UInt8]) -> String? {
        if data.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if data.starts(with: Array("GIF8".utf8)) { return "image/gif" }
        if data.starts(with: Array("RIFF".utf8)), data.dropFirst(8).starts(with: Array("WEBP".utf8)) {
            return "image/webp"
        }
        return data.starts(with: Array("BM".utf8)) ? "image/bmp" : nil
    }
}
