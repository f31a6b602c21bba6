import Domain

/// The folder in which a service leaves its files, and the one in the library where they go.
package protocol DownloadShelf: Sendable {
    /// The library root in which files are put.
    var root: FilePath { get }

    /// The finished file; nil when there is none of this size.
    /// - Parameter path: where the service says that it lies, which may be the name in another container.
    func finished(_ offer: DownloadOffer, at path: FilePath?) async throws -> MediaFile?
    /// A place that nobody has: of these folders and this name, or the name with a number.
    func place(for components: [String]) async throws -> FilePath
    /// True for a regular file of this size.
    func holds(_ target: FilePath, sizeBytes: Int64) async throws -> Bool
    /// On the disk when it returns, whole or not at all, and never over another file: then it throws `fileChanged`.
    func move(_ file: MediaFile, to target: FilePath) async throws
    /// Of a file that is no good. It may be gone already.
    func discard(_ file: MediaFile) async
}
