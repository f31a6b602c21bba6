import Demo
import Foundation
import Synchronization

/// Paints covers as real JPEG and PNG files, each once.
package final class CoverPainter: Sendable {
    package enum Format: String, Hashable, Sendable {
        case jpg, png

        package var mediaType: String { self == .png ? "image/png" : "image/jpeg" }
    }

    private struct Order: Hashable {
        let seed: UInt64
        let side: Int
        let format: Format
    }

    private let searchPath: String
    private let painted = Mutex<[Order: [UInt8]]>([:])

    /// - Parameter searchPath: where ffmpeg is looked for, as in PATH.
    package init(searchPath: String) { self.searchPath = searchPath }

    /// - Parameter side: pixels on each side.
    package func cover(seed: UInt64, side: Int, format: Format) async throws -> [UInt8] {
        let order = Order(seed: seed, side: side, format: format)
        if let known = painted.withLock({ $0[order] }) { return known }
        let folder = FileManager.default.temporaryDirectory.appending(path: "stand-in-cover-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // a temporary folder
        let (pixmap, picture) = (
            folder.appending(path: "cover.ppm"), folder.appending(path: "cover.\(format.rawValue)")
        )
        try Data(CoverDrawing(seed: seed, side: side).pixmap).write(to: pixmap)
        let options = format == .jpg ? ["-q:v", "4"] : []
        try await FFmpeg(searchPath: searchPath).encode(pixmap, options: options, to: picture)
        let bytes = Array(try Data(contentsOf: picture))
        painted.withLock { $0[order] = bytes }
        return bytes
    }
}
