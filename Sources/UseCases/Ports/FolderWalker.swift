import Domain

/// Walks a folder tree: bytes for names, `lstat` first, no symbolic link followed, no FIFO, socket or device opened.
package protocol FolderWalker: Sendable {
    /// Calls `visit` with each folder in turn, the scope itself first. Folders that cannot be read go to `problem`.
    /// Throws `Failure(.rootUnavailable)` when the scope itself cannot be opened, and what `visit` throws.
    func walk(
        _ scope: FilePath, within root: FilePath, visit: (FolderListing) async throws -> Void,
        problem: (WalkProblem) -> Void
    ) async throws

    /// The paths of files at which nothing is any more. A path that this device cannot judge is not among them.
    func gone(among paths: [FilePath]) async -> [FilePath]
}

/// A folder or file that the walk could not read. What lies below it is unknown, not gone.
package struct WalkProblem: Hashable, Sendable {
    package let path: FilePath
    package let message: String

    package init(path: FilePath, message: String) {
        self.path = path
        self.message = message
    }
}
