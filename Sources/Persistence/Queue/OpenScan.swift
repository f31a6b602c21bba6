import Domain
import UseCases

/// What the queue must know of the scan that a task belongs to.
struct OpenScan: Sendable {
    let scope: ScanScope
    let isCancelled: Bool
    let isFinished: Bool
    /// Tracks that it has marked missing so far.
    let missing: Int

    static func load(rowID: Int64, from connection: any Connection) throws -> OpenScan? {
        try connection.first(
            """
            SELECT uuid, path, root_path, mode, lane, until, cancelled_at, finished_at, accept_missing, missing,
                created_at, is_shallow
            FROM scan WHERE id = \(rowID)
            """
        ) { row in
            OpenScan(
                scope: ScanScope(
                    rowID: rowID, id: row.text(0) ?? "", path: FilePath(bytes: row.bytes(1) ?? []),
                    rootPath: FilePath(bytes: row.bytes(2) ?? []),
                    mode: Scan.Mode(rawValue: row.text(3) ?? "") ?? .quick,
                    priority: Priority(lane: row.number(4)),
                    until: Scan.Stage(rawValue: row.text(5) ?? "") ?? .vector, acceptMissing: row.int(8) == 1,
                    isShallow: row.int(11) == 1, createdAt: row.int(10) ?? 0),
                isCancelled: row.int(6) != nil, isFinished: row.int(7) != nil, missing: row.number(9))
        }
    }
}
