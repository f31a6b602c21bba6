import Contracts
import Domain

/// Reads the tags of one file.
struct IndexFile: Sendable {
    let media: any MediaReader

    func run(_ payload: IndexFilePayload) async throws -> IndexCompleteOutcome {
        guard let root = payload.rootPath else {
            throw Failure(.invalidPayload, "root_path is missing")
        }
        let reading = try await media.readTags(of: MediaFile(path: payload.filePath, root: root))
        return IndexCompleteOutcome(
            filePath: payload.filePath, rootPath: root, facts: reading.facts, metadata: reading.metadata,
            properties: reading.properties, cover: reading.cover)
    }
}
