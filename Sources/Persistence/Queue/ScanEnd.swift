import Contracts
import Domain

/// When a scan is over: its walk has ended one way or another, and its ledger says that no task is left.
enum ScanEnd {
    static let due: Query = """
        FROM scan WHERE finished_at IS NULL
            AND (walked_at IS NOT NULL OR walk_failure IS NOT NULL OR cancelled_at IS NOT NULL)
            AND (SELECT COALESCE(SUM(tasks_queued), 0) - COALESCE(SUM(tasks_done), 0) FROM scan_progress
                WHERE scan_progress.scan_id = scan.id) <= 0
        """

    /// Left over when a process dies while it cancels.
    static let cancelledWithWaitingTasks: Query = """
        SELECT id FROM scan WHERE finished_at IS NULL AND cancelled_at IS NOT NULL AND EXISTS (
            SELECT 1 FROM task WHERE task.scan_id = scan.id AND task.state IN ('ready', 'scheduled', 'parked'))
        """
}

extension QueueTransaction {
    /// Closes every scan that is over, each exactly once, and tells of it; answers them as they are then.
    mutating func finishScans() throws -> [Scan] {
        let ended = try connection.all(
            """
            UPDATE scan SET finished_at = \(now) WHERE finished_at IS NULL AND id IN (SELECT id \(ScanEnd.due))
            RETURNING uuid
            """
        ) { $0.text(0) ?? "" }
        return try ended.map { uuid in
            let scan = try ScanLookup.scan(uuid, in: connection)
            announcements.append(.scanFinished(ScanFinished(scan)))
            return scan
        }
    }
}
