import Domain

package struct NewScan: Hashable, Sendable {
    package var path: FilePath
    package var mode: Scan.Mode
    package var priority: Priority
    package var until: Scan.Stage
    /// The sender knows that many files are gone: they are marked missing, however many they are.
    package var acceptMissing: Bool

    package init(
        path: FilePath, mode: Scan.Mode, priority: Priority, until: Scan.Stage, acceptMissing: Bool = false
    ) {
        self.path = path
        self.mode = mode
        self.priority = priority
        self.until = until
        self.acceptMissing = acceptMissing
    }
}

package protocol ScanStore: Sendable {
    /// Creates the scan and its `scan_library` task in one durable transaction. The same idempotency key with the
    /// same request answers the first scan again; with another request it is a conflict.
    /// Throws `preconditionFailed` when no library root holds the path.
    func startScan(_ scan: NewScan, idempotencyKey: String?) async throws -> Scan
    func scan(id: String) async throws -> Scan
    /// Newest first.
    func scans(_ page: PageRequest) async throws -> Page<Scan>
    /// Drops the scan's waiting tasks at once and asks running ones to stop. Idempotent.
    /// Throws `preconditionFailed` when the scan has ended otherwise.
    func cancelScan(id: String) async throws -> Scan

    func libraryRoots() async throws -> [FilePath]
    /// Idempotent. Throws `conflict` when the folder holds, or lies in, another root.
    func addLibraryRoot(_ path: FilePath) async throws
    /// With what is known below each; counts the tracks.
    func libraryRootStatuses() async throws -> [LibraryRootStatus]
    /// Cancels what scans it, marks its tracks missing, step by step, and then forgets it: a removal that breaks off may
    /// be begun anew. Throws `notFound`.
    func removeLibraryRoot(id: Int64) async throws
}

/// A library root with what the library has of it.
package struct LibraryRootStatus: Hashable, Sendable {
    package var id: Int64
    package var path: FilePath
    /// Microseconds since the epoch.
    package var addedAt: Int64
    package var tracks: Int
    /// Tracks whose file the last scan did not find, besides.
    package var missing: Int
    /// The newest of the whole root.
    package var lastScan: Scan?

    package init(id: Int64, path: FilePath, addedAt: Int64, tracks: Int, missing: Int, lastScan: Scan? = nil) {
        self.id = id
        self.path = path
        self.addedAt = addedAt
        self.tracks = tracks
        self.missing = missing
        self.lastScan = lastScan
    }
}
