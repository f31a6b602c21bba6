import Contracts
import Domain

/// Reads the tags of files.
struct IndexFile: Sendable {
    let media: any MediaReader

    func run(_ payload: IndexFilePayload) async throws -> IndexCompleteOutcome {
        let file = try IndexFile.file(of: payload)
        return IndexFile.outcome(file, try await media.readTags(of: file))
    }

    /// Calls `each` once for every payload.
    func run(
        _ payloads: [IndexFilePayload], each: @escaping @Sendable (Int, Result<IndexCompleteOutcome, any Error>) -> Void
    ) async {
        var places: [Int] = []
        var files: [MediaFile] = []
        for (place, payload) in payloads.enumerated() {
            do {
                files.append(try IndexFile.file(of: payload))
                places.append(place)
            } catch {
                each(place, .failure(error))
            }
        }
        await media.readTags(of: files) { [places, files] index, result in
            each(places[index], result.map { IndexFile.outcome(files[index], $0) })
        }
    }

    private static func file(of payload: IndexFilePayload) throws(Failure) -> MediaFile {
        guard let root = payload.rootPath else { throw Failure(.invalidPayload, "root_path is missing") }
        return MediaFile(path: payload.filePath, root: root)
    }

    private static func outcome(_ file: MediaFile, _ reading: TagReading) -> IndexCompleteOutcome {
        IndexCompleteOutcome(
            filePath: file.path, rootPath: file.root, facts: reading.facts, metadata: reading.metadata,
            properties: reading.properties, cover: reading.cover)
    }
}
