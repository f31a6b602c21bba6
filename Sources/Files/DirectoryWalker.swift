import CFiles
import Domain
import Glibc
import UseCases

/// Walks a library with one `getdents` and one `fstatat` for each audio file, over descriptors, so that a folder
/// swapped for a link during the walk leads nowhere.
package struct DirectoryWalker: FolderWalker {
    /// Levels below the scope. Each open level holds one descriptor.
    package static let depthMax = 64
    /// Audio files and folders in one folder.
    package static let entriesMax = 200_000

    private let depthMax: Int
    private let entriesMax: Int

    package init(depthMax: Int = DirectoryWalker.depthMax, entriesMax: Int = DirectoryWalker.entriesMax) {
        self.depthMax = depthMax
        self.entriesMax = entriesMax
    }

    package func walk(
        _ scope: FilePath, within root: FilePath, isShallow: Bool, visit: (FolderListing) async throws -> Void,
        problem: (WalkProblem) -> Void
    ) async throws {
        // A disk that hangs must not hold up a thread of the cooperative pool.
        try await withTaskExecutorPreference(BlockingExecutor.shared) {
            try await walkHere(scope, within: root, isShallow: isShallow, visit: visit, problem: problem)
        }
    }

    package func gone(among paths: [FilePath]) async -> [FilePath] {
        await withTaskExecutorPreference(BlockingExecutor.shared) { goneHere(paths) }
    }

    func goneHere(_ paths: [FilePath]) -> [FilePath] {
        paths.filter { path in
            var facts = stat()
            return lstat(path.bytes.map { CChar(bitPattern: $0) } + [0], &facts) != 0
                && (errno == ENOENT || errno == ENOTDIR)
        }
    }

    private func walkHere(
        _ scope: FilePath, within root: FilePath, isShallow: Bool, visit: (FolderListing) async throws -> Void,
        problem: (WalkProblem) -> Void
    ) async throws {
        var walk = FolderWalk(depthMax: depthMax, entriesMax: entriesMax, isShallow: isShallow)
        do {
            try walk.start(scope, within: root)
        } catch {
            let reason: Failure.Reason = error.reason == .outsideRoot ? .outsideRoot : .rootUnavailable
            throw Failure(reason, error.message)
        }
        while let step = try walk.next() {
            try Task.checkCancellation()
            switch step {
            case .folder(let listing): try await visit(listing)
            case .problem(let found): problem(found)
            }
        }
    }
}
