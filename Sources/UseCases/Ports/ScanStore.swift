import Domain

package struct NewScan: Hashable, Sendable {
    package var path: FilePath
    package var mode: Scan.Mode
    package var priority: Priority
    package var until: Scan.Stage
    /// The sender knows that many files are gone: they are marked missing, however many they are.
    package var acceptMissing: Bool
    /// The files of the folder itself, and which folders are in it: not what is in those.
    package var isShallow: Bool
    package var cause: Scan.Cause

    package init(
        path: FilePath, mode: Scan.Mode, priority: Priority, until: Scan.Stage, acceptMissing: Bool = false,
        isShallow: Bool = false, cause: Scan.Cause = .request
    ) {
        self.path = path
        self.mode = mode
        self.priority = priority
        self.until = until
        self.acceptMissing = acceptMissing
        self.isShallow = isShallow
        self.cause = cause
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
    /// Throws `notFound`.
    func libraryRootStatus(id: Int64) async throws -> LibraryRootStatus
    /// Cancels what scans it, marks its tracks missing, step by step, and then forgets it: a removal that breaks off may
    /// be begun anew. Throws `notFound`.
    func removeLibraryRoot(id: Int64) async throws
    /// How each root is to be kept up to date, and when its last whole scan began. Counts nothing.
    func rootUpkeeps() async throws -> [KeptRoot]
    /// Throws `notFound`.
    func setUpkeep(_ upkeep: RootUpkeep, ofRoot id: Int64) async throws
    /// Starts a scan unless one that covers it began after `since`; answers that one then. For those who want a folder
    /// scanned because something happened in it.
    ///
    /// - Parameter since: microseconds since the epoch, by the clock of this device.
    func startScan(_ scan: NewScan, unlessSince since: Int64) async throws -> StartedScan
}

package struct StartedScan: Hashable, Sendable {
    package let scan: Scan
    /// False: it was there, and is enough.
    package let isNew: Bool

    package init(scan: Scan, isNew: Bool) {
        self.scan = scan
        self.isNew = isNew
    }
}

/// A library root as those see it who keep it up to date.
package struct KeptRoot: Hashable, Sendable {
    package var id: Int64
    package var path: FilePath
    package var upkeep: RootUpkeep
    /// When the last scan of the whole root began, or, before the first, when the root was added: microseconds since the
    /// epoch.
    package var lastScanAt: Int64
    /// A scan of the whole root has not gone through its folders yet.
    package var isBeingScanned: Bool
    /// A scan of the whole root was asked for at least once.
    package var wasScanned: Bool

    package init(
        id: Int64, path: FilePath, upkeep: RootUpkeep, lastScanAt: Int64, isBeingScanned: Bool, wasScanned: Bool = true
    ) {
        self.id = id
        self.path = path
        self.upkeep = upkeep
        self.lastScanAt = lastScanAt
        self.isBeingScanned = isBeingScanned
        self.wasScanned = wasScanned
    }
}

/// A library root with what the library has of it.
package struct LibraryRootStatus: Hashable, Sendable {
    package var id: Int64
    package var path: FilePath
    /// Microseconds since the epoch.
    package var addedAt: Int64
    package var upkeep: RootUpkeep
    package var tracks: Int
    /// Tracks whose file the last scan did not find, besides.
    package var missing: Int
    /// The newest of the whole root.
    package var lastScan: Scan?

    package init(
        id: Int64, path: FilePath, addedAt: Int64, upkeep: RootUpkeep, tracks: Int, missing: Int, lastScan: Scan? = nil
    ) {
        self.id = id
        self.path = path
        self.addedAt = addedAt
        self.upkeep = upkeep
        self.tracks = tracks
        self.missing = missing
        self.lastScan = lastScan
    }
}
