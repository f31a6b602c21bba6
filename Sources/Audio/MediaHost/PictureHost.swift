import Domain
import Files
import Synchronization
import UseCases

/// Pictures in a media host. The bytes go there as a file, since a child opens files and nothing else.
package final class PictureHost: PictureReader {
    private let pool: MediaHostPool
    private let folder: CacheFolder
    private let nextName = Atomic<UInt64>(0)

    /// - Parameter folder: for pictures on their way.
    package init(pool: MediaHostPool, folder: CacheFolder) {
        self.pool = pool
        self.folder = folder
    }

    package func examine(_ bytes: [UInt8]) async throws -> ExaminedPicture {
        guard let cover = CoverSniffer.cover(bytes) else {
            throw Failure(.unsupportedFormat, "this is no picture of a known kind, or too large to keep")
        }
        return ExaminedPicture(cover: cover, facts: try await read(bytes, toSide: 0).facts)
    }

    package func shrink(_ bytes: [UInt8], toSide side: Int) async throws -> [UInt8] {
        guard let side = UInt16(exactly: side), side > 0 else {
            throw Failure(.internalError, "no picture has a side of \(side) pixels")
        }
        return try await read(bytes, toSide: side).drawing
    }

    private func read(_ bytes: [UInt8], toSide side: UInt16) async throws -> (facts: PictureFacts, drawing: [UInt8]) {
        let name = nextName.add(1, ordering: .relaxed).newValue
        let file = try folder.create("picture-\(name)")
        try await file.write(bytes, at: 0)
        let answer: (facts: PictureFacts, drawing: [UInt8])
        do {
            answer = try await pool.picture(in: MediaFile(path: file.path, root: folder.path), toSide: side)
        } catch let failure as Failure {
            // The name of the file in between says nothing to anybody.
            throw Failure(
                failure.reason, failure.message.replacing(file.path.quoted, with: "the picture"))
        }
        withExtendedLifetime(file) {}
        return answer
    }
}
