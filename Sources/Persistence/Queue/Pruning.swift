import Domain
import Synchronization

/// Deletes old history, a bounded number of rows at a time, walking in the order of the tables themselves so that no
/// index on time is needed.
final class Pruning: Sendable {
    private struct State {
        /// Microseconds of the lease clock.
        var nextRound: Int64 = 0
        /// The last task whose runs were looked at in this round.
        var reached: Int64 = 0
    }

    private let context: QueueContext
    private let options: Housekeeper.Options
    private let state = Mutex(State())

    init(context: QueueContext, options: Housekeeper.Options) {
        self.context = context
        self.options = options
    }

    /// One bounded step; answers how many rows went. Between rounds it does nothing at all.
    func step() async throws -> Int {
        let leaseNow = context.leaseClock.now()
        let start = state.withLock { $0 }
        guard leaseNow >= start.nextRound else { return 0 }
        let options = options
        let dropped =
            start.reached == 0 ? try await HistoryPartitions.tend(context, keepSeconds: options.historySeconds) : 0
        let (removed, reached) = try await context.write { transaction in
            let runs = try transaction.pruneRuns(after: start.reached, options)
            let others = try transaction.pruneScans(options) + transaction.pruneOthers(options)
            return (runs.removed + others, runs.reached)
        }
        state.withLock { state in
            state.reached = reached ?? 0
            if reached == nil, removed + dropped == 0 {
                state.nextRound = leaseNow + options.pruneEverySeconds * 1_000_000
            }
        }
        return removed + dropped
    }
}

extension QueueTransaction {
    /// Looks at the next tasks after `reached`; nil when there are none left.
    fileprivate func pruneRuns(
        after reached: Int64, _ options: Housekeeper.Options
    ) throws -> (removed: Int, reached: Int64?) {
        // On a server the other endings lie in tables by day.
        let rowByRow: Query = connection.dialect == .sqlite ? "" : " AND ending IN ('retried', 'died', 'lost')"
        let last =
            try connection.first(
                """
                SELECT MAX(task_id) FROM (SELECT task_id FROM task_run WHERE task_id > \(reached)\(rowByRow)
                    ORDER BY task_id LIMIT \(options.pruneBatch)) AS stretch
                """
            ) { $0.int(0) } ?? nil
        guard let last else { return (0, nil) }
        let removed = try connection.execute(
            """
            DELETE FROM task_run WHERE task_id > \(reached) AND task_id <= \(last)\(rowByRow)
                AND finished_at < CASE WHEN ending IN ('retried', 'died', 'lost')
                    THEN \(now - options.errorSeconds * 1_000_000) ELSE \(now - options.historySeconds * 1_000_000) END
            """)
        return (removed, last)
    }

    /// A cancelled scan says nothing of its root: it neither replaces one that went to its end nor stays for itself
    /// when a later one came.
    fileprivate func pruneScans(_ options: Housekeeper.Options) throws -> Int {
        let old = now - options.scanSeconds * 1_000_000
        let ids = try connection.all(
            """
            SELECT id FROM scan WHERE finished_at < \(old)
                AND EXISTS (SELECT 1 FROM scan AS later
                    WHERE later.root_path = scan.root_path AND later.id > scan.id AND later.finished_at IS NOT NULL
                        AND (later.path = later.root_path AND later.is_shallow = 0 OR scan.path <> scan.root_path
                            OR scan.is_shallow = 1)
                        AND (later.cancelled_at IS NULL OR scan.cancelled_at IS NOT NULL))
                AND NOT EXISTS (SELECT 1 FROM task WHERE task.scan_id = scan.id)
            ORDER BY finished_at LIMIT \(options.pruneBatch)
            """
        ) { $0.int(0) ?? 0 }
        guard !ids.isEmpty else { return 0 }
        let list = Query.among(ids, connection.dialect)
        try connection.execute("DELETE FROM scan_progress WHERE scan_id \(list)")
        try connection.execute("DELETE FROM scan_candidate WHERE scan_id \(list)")
        return try connection.execute("DELETE FROM scan WHERE id \(list)")
    }

    fileprivate func pruneOthers(_ options: Housekeeper.Options) throws -> Int {
        let (batch, oldError) = (options.pruneBatch, now - options.errorSeconds * 1_000_000)
        let oldKey = now - Idempotency.keepSeconds * 1_000_000
        let oldToken = now - options.deadTokenSeconds * 1_000_000
        let oldHour = HistoryRange.hour(of: now - options.periodSeconds * 1_000_000)
        let oldNews = now - options.announcementSeconds * 1_000_000
        let oldWorker = now - options.deadWorkerSeconds * 1_000_000
        let deletions: [Query] = [
            """
            DELETE FROM task_event WHERE id IN (SELECT id FROM (
                SELECT id, at FROM task_event ORDER BY id LIMIT \(batch)) AS oldest WHERE at < \(oldError))
            """,
            """
            DELETE FROM task_dead WHERE id IN (SELECT id FROM task_dead WHERE dead_at < \(oldError)
                ORDER BY dead_at LIMIT \(batch))
            """,
            """
            DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE created_at < \(oldKey)
                ORDER BY created_at LIMIT \(batch))
            """,
            "DELETE FROM token WHERE revoked_at < \(oldToken) OR expires_at < \(oldToken)",
            "DELETE FROM worker WHERE ended_at < \(oldWorker)",
            "DELETE FROM listen WHERE id IN (SELECT id FROM listen WHERE settled_at < \(oldError) LIMIT \(batch))",
            """
            DELETE FROM download WHERE updated_at < \(oldError) AND state IN ('done', 'failed', 'cancelled')
            """,
            """
            DELETE FROM announcement WHERE id IN (SELECT id FROM (
                SELECT id, at FROM announcement ORDER BY id LIMIT \(batch)) AS oldest WHERE at < \(oldNews))
            """,
            "DELETE FROM task_period WHERE span IN (1, 24) AND start < \(oldHour)",
            "DELETE FROM queue_period WHERE span IN (1, 24) AND start < \(oldHour)",
            "DELETE FROM service_gate WHERE used_at < \(oldError)",
            "DELETE FROM service_quota WHERE full_at < \(oldError)",
        ]
        return try deletions.reduce(0) { try $0 + connection.execute($1) }
    }
}
