import Domain
import UseCases

/// Reads scans with the sums of their ledgers.
enum ScanLookup {
    private static let select: StaticString = """
        SELECT id, uuid, path, mode, lane, until, task_id, notice, walk_failure, created_at, started_at, walked_at, \
        cancelled_at, finished_at, folders, found, unchanged, moved, missing, refused, cause, is_shallow FROM scan WHERE\u{20}
        """

    static func scan(_ uuid: String, in connection: any Connection) throws -> Scan {
        guard let found = try connection.first("\(raw: select)uuid = \(uuid)", { (id($0), scan($0)) }) else {
            throw StoreError.notFound("there is no scan \(uuid)")
        }
        return try withLedger([found], in: connection)[0]
    }

    static func page(before: Int64, limit: Int, in connection: any Connection) throws -> Page<Scan> {
        let found = try connection.all(
            "\(raw: select)id < \(before) ORDER BY id DESC LIMIT \(limit + 1)"
        ) { (id($0), scan($0)) }
        let shown = Array(found.prefix(limit))
        return Page(
            items: try withLedger(shown, in: connection),
            nextCursor: found.count > limit ? shown.last.map { String($0.0) } : nil)
    }

    static func roots(in connection: any Connection) throws -> [FilePath] {
        try connection.all("SELECT path FROM library_root ORDER BY path") { FilePath(bytes: $0.bytes(0) ?? []) }
    }

    /// The newest that goes through everything that `scan` wants, which has not begun yet or began after a moment. One
    /// that found the root absent saw nothing, and one that waits behind everything else would make others wait.
    static func covering(_ scan: NewScan, since: Int64, in connection: any Connection) throws -> Scan? {
        let found = try connection.all(
            """
            \(raw: select)(started_at IS NULL OR started_at > \(since)) AND cancelled_at IS NULL AND walk_failure IS NULL
                AND created_at > \(since - patienceMicroseconds) AND until = \(scan.until.rawValue)
                AND lane <= \(max(scan.priority, .normal).rawValue) AND (walked_at IS NULL OR folders > 0)
                AND (is_shallow = 0 OR (is_shallow = \(scan.isShallow) AND path = \(scan.path.bytes)))
            ORDER BY id DESC LIMIT \(maxLookedAt)
            """
        ) { (id($0), Self.scan($0)) }
        return try withLedger(Array(found.lazy.filter { $0.1.path.contains(scan.path) }.prefix(1)), in: connection)
            .first
    }

    /// A walk that has not begun so long after it was wanted waits for a device that is away.
    private static let patienceMicroseconds: Int64 = 3_600_000_000
    private static let maxLookedAt = 100

    /// The newest of the whole root, nil when it was never scanned.
    static func last(of root: FilePath, in connection: any Connection) throws -> Scan? {
        let found = try connection.first(
            "\(raw: select)root_path = \(root.bytes) AND path = root_path AND is_shallow = 0 ORDER BY id DESC LIMIT 1"
        ) { (id($0), scan($0)) }
        return try withLedger(found.map { [$0] } ?? [], in: connection).first
    }

    /// Scans below a root that have not ended.
    static func open(of root: FilePath, in connection: any Connection) throws -> [String] {
        try connection.all(
            "SELECT uuid FROM scan WHERE root_path = \(root.bytes) AND finished_at IS NULL ORDER BY id"
        ) { $0.text(0) ?? "" }
    }

    private static func id(_ row: any Row) -> Int64 { row.int(0) ?? 0 }

    private static func scan(_ row: any Row) -> Scan {
        var progress = ScanProgress()
        progress.folders = row.number(14)
        progress.found = row.number(15)
        progress.unchanged = row.number(16)
        progress.moved = row.number(17)
        progress.missing = row.number(18)
        progress.refused = row.number(19)
        var scan = Scan(
            id: row.text(1) ?? "", path: FilePath(bytes: row.bytes(2) ?? []),
            mode: Scan.Mode(rawValue: row.text(3) ?? "") ?? .quick, priority: Priority(lane: row.number(4)),
            until: Scan.Stage(rawValue: row.text(5) ?? "") ?? .vector,
            cause: Scan.Cause(rawValue: row.text(20) ?? "") ?? .request, state: state(row), progress: progress,
            createdAt: row.int(9) ?? 0)
        scan.isShallow = row.int(21) == 1
        scan.taskID = row.int(6)
        scan.notice = row.text(7)
        scan.walkedAt = row.int(11)
        scan.finishedAt = row.int(13)
        return scan
    }

    private static func state(_ row: any Row) -> Scan.State {
        let (hasFailed, hasStarted) = (row.text(8) != nil, row.int(10) != nil)
        let (isCancelled, isFinished) = (row.int(12) != nil, row.int(13) != nil)
        if isCancelled { return .cancelled }
        if isFinished { return hasFailed ? .failed : .finished }
        return hasStarted ? .running : .queued
    }

    private static func withLedger(_ scans: [(Int64, Scan)], in connection: any Connection) throws -> [Scan] {
        try scans.map { rowID, scan in
            var scan = scan
            try connection.forEach(
                """
                SELECT tasks_queued, tasks_done, indexed, analyzed, vectorized, cached, failed FROM scan_progress
                WHERE scan_id = \(rowID)
                """
            ) { row in
                scan.progress.tasksQueued += row.number(0)
                scan.progress.tasksDone += row.number(1)
                scan.progress.indexed += row.number(2)
                scan.progress.analyzed += row.number(3)
                scan.progress.vectorized += row.number(4)
                scan.progress.cached += row.number(5)
                scan.progress.failed += row.number(6)
            }
            return scan
        }
    }
}
