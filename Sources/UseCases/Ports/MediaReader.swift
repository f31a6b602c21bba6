import Domain
import Telemetry

/// Reads media files where a crash costs one file: in a media host. Throws `Failure` for all that a file can do wrong.
package protocol MediaReader: Sendable {
    func readTags(of file: MediaFile) async throws -> TagReading
    /// Calls `each` once for every file, with its place in `files`, on any thread and in any order. Returns after the
    /// last call. Cancelled, it answers the files that are not begun with `CancellationError`.
    func readTags(
        of files: [MediaFile], each: @escaping @Sendable (Int, Result<TagReading, any Error>) -> Void
    ) async
    /// The same, each file for a work of its own; fewer works than files mean that the last ones have none.
    func readTags(
        of files: [MediaFile], for works: [WorkContext],
        each: @escaping @Sendable (Int, Result<TagReading, any Error>) -> Void
    ) async
    /// SHA-256 over the encoded audio packets of the whole file, or of a stretch. Decodes nothing.
    func contentKey(of file: MediaFile, _ stretch: Stretch?) async throws -> String
    /// Decodes and measures the whole file, or a stretch as if it were all of it.
    func analyze(_ file: MediaFile, _ stretch: Stretch?) async throws -> AudioAnalysis
}

extension MediaReader {
    package func contentKey(of file: MediaFile) async throws -> String { try await contentKey(of: file, nil) }
    package func analyze(_ file: MediaFile) async throws -> AudioAnalysis { try await analyze(file, nil) }

    /// Where nobody tells what was done for which task.
    package func readTags(
        of files: [MediaFile], for works: [WorkContext],
        each: @escaping @Sendable (Int, Result<TagReading, any Error>) -> Void
    ) async {
        await readTags(of: files, each: each)
    }
}

/// A file and the folder that it may not lead out of.
package struct MediaFile: Hashable, Codable, Sendable {
    package let path: FilePath
    package let root: FilePath

    package init(path: FilePath, root: FilePath) {
        self.path = path
        self.root = root
    }
}

package struct TagReading: Hashable, Codable, Sendable {
    package var facts: FileFacts
    package var metadata: TrackMetadata
    package var properties: AudioProperties
    package var cover: CoverImage?

    package init(facts: FileFacts, metadata: TrackMetadata, properties: AudioProperties, cover: CoverImage?) {
        self.facts = facts
        self.metadata = metadata
        self.properties = properties
        self.cover = cover
    }
}
