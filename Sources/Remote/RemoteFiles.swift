import Domain
import Files
import Logging
import Telemetry
import UseCases

/// The library as a device sees it that does not have its disks: mapped folders first, where the file is the same; else
/// it is fetched, kept while it is needed, and removed.
package struct RemoteFiles: FileSource {
    private let map: PathMap
    private let fetch: FileFetch
    private let folder: CacheFolder
    private let slots: FairLimit
    private let room: FairLimit
    private let local = LibraryFiles()
    private let logger: Logger

    /// Coarser clocks of network file systems and FAT: mapped files may differ by this much, in nanoseconds.
    private static let mtimeSlackNs: Int64 = 2_000_000_000

    /// - Parameters:
    ///   - slots: downloads at the same time.
    ///   - bytesMax: of all fetched files together.
    package init(
        map: PathMap, server: ServerConnection, folder: CacheFolder, slots: Int, bytesMax: Int64, logger: Logger
    ) {
        self.map = map
        fetch = FileFetch(server: server)
        self.folder = folder
        self.slots = FairLimit(Int64(max(slots, 1)))
        room = FairLimit(bytesMax)
        self.logger = logger
    }

    package var areNear: Bool { false }

    package func reach<Result: Sendable>(
        _ wanted: WantedFile, lease: Lease, _ body: @Sendable (ReachedFile) async throws -> Result
    ) async throws -> Result {
        let mapped = try await mapped(wanted, lease)
        Metrics.caches.lookups.count(.mappedFile, mapped == nil ? .miss : .hit)
        if let mapped {
            return try await naming(wanted, as: mapped.file) { try await body(mapped) }
        }
        let size = if let size = wanted.size { size } else { try await fetch.facts(lease).size }
        guard size <= room.total else {
            throw Failure(
                .ioError, "\(wanted.file.path.quoted) has \(size) bytes, more than this device keeps (--cache-limit)")
        }
        return try await room.hold(size) {
            let file = try folder.create(Self.name(lease, wanted.file.path))
            let facts = try await slots.hold(1) { try await fetch.run(lease, into: file, bytesMax: max(size, 1)) }
            let reached = ReachedFile(MediaFile(path: file.path, root: folder.path), facts: facts)
            // The file goes when nobody holds it any more.
            defer { withExtendedLifetime(file) {} }
            return try await naming(wanted, as: reached.file) { try await body(reached) }
        }
    }

    /// The file in a mapped folder, when it is there and is the same.
    private func mapped(_ wanted: WantedFile, _ lease: Lease) async throws -> ReachedFile? {
        guard let place = map.locate(wanted.file.path, beneath: wanted.file.root) else { return nil }
        let file = MediaFile(path: place.path, root: place.root)
        let found: FileFacts
        do {
            found = try await local.open(file).facts
        } catch let failure as Failure {
            logger.debug("A mapped file is not there", metadata: [LogKeys.error: "\(failure)"])
            return nil
        }
        var known = FileFacts(
            size: wanted.size ?? 0, mtimeNs: wanted.mtimeNs ?? 0, inode: found.inode, device: found.device)
        if wanted.size == nil || wanted.mtimeNs == nil { known = try await fetch.facts(lease) }
        guard found.size == known.size, Self.isNear(found.mtimeNs, known.mtimeNs) else {
            logger.notice(
                "A mapped file is not the one of the server, so it is fetched",
                metadata: [LogKeys.path: "\(file.path.quoted)"])
            return nil
        }
        return ReachedFile(file, facts: known)
    }

    private static func isNear(_ left: Int64, _ right: Int64) -> Bool {
        let (difference, overflow) = left.subtractingReportingOverflow(right)
        return !overflow && difference.magnitude < UInt64(mtimeSlackNs)
    }

    /// Failures name the file as the library knows it, not as this device does.
    private func naming<Result: Sendable>(
        _ wanted: WantedFile, as file: MediaFile, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let failure as Failure {
            throw Failure(
                failure.reason, failure.message.replacing(file.path.quoted, with: wanted.file.path.quoted),
                retryAfterSeconds: failure.retryAfterSeconds)
        }
    }

    /// Decoders look at the extension.
    private static func name(_ lease: Lease, _ path: FilePath) -> String {
        let suffix = path.fileExtension.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(8)
        return "\(lease.taskID)-\(lease.token)" + (suffix.isEmpty ? "" : ".\(suffix)")
    }
}
