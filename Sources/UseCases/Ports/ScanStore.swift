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
}
