import Domain
import UseCases

/// Media files that answer as told; the name of the file is the script.
struct ScriptedMedia: MediaReader {
    static let facts = FileFacts(size: 1, mtimeNs: 2, inode: 3, device: 4)

    func readTags(of file: MediaFile) async throws -> TagReading {
        switch file.path.display {
        case "/music/broken.mp3": throw Failure(.corruptFile, "\"/music/broken.mp3\" is broken")
        case "/music/slow.mp3":
            try await Task.sleep(for: .seconds(600))
            throw Failure(.parserTimeout, "never reached")
        default:
            var metadata = TrackMetadata()
            metadata.title = file.path.display
            return TagReading(
                facts: Self.facts, metadata: metadata, properties: AudioProperties(codec: "mp3"), cover: nil)
        }
    }

    func readTags(
        of files: [MediaFile], each: @escaping @Sendable (Int, Result<TagReading, any Error>) -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for (place, file) in files.enumerated() {
                group.addTask {
                    do {
                        each(place, .success(try await readTags(of: file)))
                    } catch {
                        each(place, .failure(error))
                    }
                }
            }
        }
    }

    func contentKey(of file: MediaFile, _ stretch: Stretch?) async throws -> String {
        "key of \(file.path.display)"
    }

    func analyze(_ file: MediaFile, _ stretch: Stretch?) async throws -> AudioAnalysis {
        AudioAnalysis(
            contentKey: "key of \(file.path.display)", version: AudioAnalysis.currentVersion, status: .complete,
            durationMs: 1000, sampleRate: 44100, channels: 2)
    }
}

struct ScriptedWalker: FolderWalker {
    var listings: [FolderListing] = []
    var problems: [WalkProblem] = []
    var rootIsGone = false
    var stillThere: Set<FilePath> = []
    var expectsShallow = false

    func walk(
        _ scope: FilePath, within root: FilePath, isShallow: Bool, visit: (FolderListing) async throws -> Void,
        problem: (WalkProblem) -> Void
    ) async throws {
        guard isShallow == expectsShallow else { throw Failure(.internalError, "not the walk that was asked for") }
        if rootIsGone { throw Failure(.rootUnavailable, "\"/music\" is not there") }
        for listing in listings { try await visit(listing) }
        for one in problems { problem(one) }
    }

    func gone(among paths: [FilePath]) async -> [FilePath] { paths.filter { !stillThere.contains($0) } }
}
