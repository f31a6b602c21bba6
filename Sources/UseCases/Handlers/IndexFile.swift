import Contracts
import Domain
import Telemetry

/// Reads the tags of files.
struct IndexFile: Sendable {
    let media: any MediaReader
    let files: any FileSource

    func run(_ payload: IndexFilePayload, lease: Lease) async throws -> IndexCompleteOutcome {
        let file = try IndexFile.file(of: payload)
        let wanted = WantedFile(file, size: payload.size, mtimeNs: payload.mtimeNs)
        return try await files.reach(wanted, lease: lease) { [media] reached in
            var reading = try await media.readTags(of: reached.file)
            if let facts = reached.facts { reading.facts = facts }
            return IndexFile.outcome(file, reading)
        }
    }

    /// Calls `each` once for every job.
    func run(
        _ jobs: [Handlers.IndexJob], each: @escaping @Sendable (Int, Result<IndexCompleteOutcome, any Error>) -> Void
    ) async {
        if files.areNear {
            await readNear(jobs, each: each)
        } else {
            await readFar(jobs, each: each)
        }
    }

    /// As one request to the reader.
    private func readNear(
        _ jobs: [Handlers.IndexJob], each: @escaping @Sendable (Int, Result<IndexCompleteOutcome, any Error>) -> Void
    ) async {
        var places: [Int] = []
        var files: [MediaFile] = []
        var works: [WorkContext] = []
        for (place, job) in jobs.enumerated() {
            do {
                files.append(try IndexFile.file(of: job.payload))
                places.append(place)
                works.append(job.work)
            } catch {
                each(place, .failure(error))
            }
        }
        await media.readTags(of: files, for: works) { [places, files] index, result in
            each(places[index], result.map { IndexFile.outcome(files[index], $0) })
        }
    }

    /// Each file comes, is read, and goes again by itself.
    private func readFar(
        _ jobs: [Handlers.IndexJob], each: @escaping @Sendable (Int, Result<IndexCompleteOutcome, any Error>) -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for (place, job) in jobs.enumerated() {
                group.addTask {
                    do {
                        each(place, .success(try await job.work.run { try await run(job.payload, lease: job.lease) }))
                    } catch {
                        // Whatever it threw: the file is not to blame for being interrupted.
                        each(place, .failure(Task.isCancelled ? CancellationError() : error))
                    }
                }
            }
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
