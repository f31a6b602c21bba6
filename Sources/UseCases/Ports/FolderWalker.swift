import Domain

/// Walks a folder tree: bytes for names, `lstat` first, no symbolic link followed, no FIFO, socket or device opened.
package protocol FolderWalker: Sendable {
    /// Calls `visit` with each folder in turn, the scope itself first. Folders that are passed over go to `problem`.
    /// Throws `Failure(.rootUnavailable)` when the scope itself cannot be opened, and what `visit` throws.
    ///
    /// - Parameter isShallow: the scope alone is visited, and the folders in it go to `problem` as `WalkProblem.unasked`.
    func walk(
        _ scope: FilePath, within root: FilePath, isShallow: Bool, visit: (FolderListing) async throws -> Void,
        problem: (WalkProblem) -> Void
    ) async throws

    /// The paths of files at which nothing is any more. A path that this device cannot judge is not among them.
    func gone(among paths: [FilePath]) async -> [FilePath]
}

/// A folder that the walk passed over.
package struct WalkProblem: Hashable, Sendable {
    package let path: FilePath
    /// Nil where nobody needs to hear of it.
    package let message: String?
    /// True when the folder asked for it, so that the library is to do without it. What lies below a folder that could
    /// not be read is unknown, not gone.
    package let isIgnored: Bool

    package init(path: FilePath, message: String?, isIgnored: Bool = false) {
        self.path = path
        self.message = message
        self.isIgnored = isIgnored
    }

    /// A folder that is there, and into which a shallow walk does not look.
    package static func unasked(_ path: FilePath) -> WalkProblem { WalkProblem(path: path, message: nil) }
}
