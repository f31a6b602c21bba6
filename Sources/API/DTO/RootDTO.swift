import Contracts
import Domain
import UseCases

/// A library root with what the library has of it, and how this server keeps it up to date.
struct LibraryRoot: Sendable {
    let status: LibraryRootStatus
    /// This server can read the folder.
    let isReachable: Bool
    /// Nil from a server that keeps no roots up to date.
    let coverage: WatchCoverage?
    /// Microseconds since the epoch, as the next.
    let nextScanAt: Int64?
    let lastChangeAt: Int64?

    /// - Parameters:
    ///   - isKept: this server keeps roots up to date.
    ///   - told: what it says of this one, which is behind by a moment where settings have just been changed.
    init(_ status: LibraryRootStatus, isReachable: Bool, isKept: Bool, told: RootUpkeepState?) {
        self.status = status
        self.isReachable = isReachable
        if !isKept {
            coverage = nil
        } else if !status.upkeep.watches {
            coverage = WatchCoverage.none(.off)
        } else {
            coverage = told?.coverage ?? .starting
        }
        nextScanAt = status.upkeep.schedule == .off ? nil : told?.nextScanAt
        lastChangeAt = told?.lastChangeAt
    }
}

extension APIServices {
    func libraryRoot(_ status: LibraryRootStatus) -> LibraryRoot {
        LibraryRoot(
            status, isReachable: folder(status.path) == status.path, isKept: upkeep != nil,
            told: upkeep?.state(ofRoot: status.id))
    }

    func libraryRoots() async throws -> [LibraryRoot] {
        try await scans.libraryRootStatuses().map(libraryRoot)
    }
}

extension Shape where Value == LibraryRoot {
    static let root = Shape.object("LibraryRoot") {
        Field("id", .integer) { $0.status.id }
        Field("path", .path) { $0.status.path }
        Field("is_reachable", .flag, "Whether this server can read the folder.") { $0.isReachable }
        Field("watch", .flag, "Whether changes are to be looked for as they happen.") { $0.status.upkeep.watches }
        Field("schedule", .schedule, "When the whole root is scanned by itself: \(ScanSchedule.syntax).") {
            $0.status.upkeep.schedule
        }
        Field("tracks", .count) { $0.status.tracks }
        Field("missing", .count, "Tracks whose file the last scan did not find, besides.") { $0.status.missing }
        Field("added_at", .time) { $0.status.addedAt }
        Field(optional: "last_scan", .lastOfRoot, "The newest of the whole root.") { $0.status.lastScan }
        Field(
            optional: "next_scan_at", .time,
            "When the whole root is scanned by itself; in the past while that waits for a scan that has not ended. Null "
                + "for never, and while this server does not know yet."
        ) { $0.nextScanAt }
        Field(
            optional: "watching", .watching,
            "What becomes of `watch` on this server; null from a server that keeps no roots up to date."
        ) { root in root.coverage.map { Watching(coverage: $0, lastChangeAt: root.lastChangeAt) } }
    }
}

extension Shape where Value == ScanSchedule {
    static let schedule = Shape(Schema(["type": "string"])) { $1.string($0.description) }
}

/// How much of a root is watched, and what was seen.
struct Watching: Sendable {
    let coverage: WatchCoverage
    let lastChangeAt: Int64?
}

extension Shape where Value == Watching {
    fileprivate static let watching = Shape.object("Watching") {
        Field("coverage", .choice, "Of its folders; starting while they are being gone through.") { $0.coverage.share }
        Field("folders", .count, "That are watched.") { $0.coverage.folders }
        Field(
            optional: "because", .choice,
            "Why not all: the root or this server is not to (off), the root cannot be opened (unreachable), its file system tells of what "
                + "this machine changes alone (network), the kernel allows no more watches (limit), or folders may not "
                + "be read (denied)."
        ) { $0.coverage.gap }
        Field(optional: "last_change_at", .time, "When a change was seen last, since this server started.") {
            $0.lastChangeAt
        }
    }
}

extension WatchCoverage {
    fileprivate enum Share: String, CaseIterable {
        case whole, part, none, starting
    }

    fileprivate var share: Share {
        switch self {
        case .starting: .starting
        case .whole: .whole
        case .part: .part
        case .none: .none
        }
    }
}
