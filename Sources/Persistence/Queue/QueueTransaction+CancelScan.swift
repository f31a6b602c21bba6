import Domain
import UseCases

/// What becomes of the tasks of a cancelled scan. A file's task goes to the newest open scan whose folder holds the
/// file: that scan met the task in the queue, or will, and counts on it. What nobody counts on is cancelled.
extension QueueTransaction {
    /// Marks an open scan; answers its row, or nil when that was done long ago.
    ///
    /// Throws `preconditionFailed` when the scan has ended otherwise.
    mutating func markCancelled(scan uuid: String) throws -> Int64? {
        let found = try connection.first(
            "SELECT id, task_id, finished_at, cancelled_at FROM scan WHERE uuid = \(uuid)"
        ) { (id: $0.int(0) ?? 0, task: $0.int(1) ?? 0, hasEnded: $0.int(2) != nil, isCancelled: $0.int(3) != nil) }
        guard let found else { throw StoreError.notFound("there is no scan \(uuid)") }
        if found.hasEnded {
            guard found.isCancelled else { throw StoreError.preconditionFailed("scan \(uuid) has ended already") }
            return nil
        }
        let marked = try connection.execute(
            "UPDATE scan SET cancelled_at = \(now) WHERE id = \(found.id) AND cancelled_at IS NULL")
        if marked > 0 {
            try event("cancelled", task: found.task, actor: "scan", detail: uuid)
            try passOnRunningTasks(ofScan: found.id)
        }
        return found.id
    }

    /// Passes on or takes out some waiting tasks of a cancelled scan; false when none is left.
    mutating func dropWaitingTasks(ofScan rowID: Int64, limit: Int) throws -> Bool {
        try passOnRunningTasks(ofScan: rowID)
        let rows = try connection.all(
            """
            SELECT \(raw: TaskRow.columns) FROM task
            WHERE scan_id = \(rowID) AND state IN ('ready', 'scheduled', 'parked')
            LIMIT \(limit)\(Query.forUpdateSkippingLocked(connection.dialect))
            """
        ) { try TaskRow($0) }
        let heirs = try heirs(ofScan: rowID)
        try close(try passOn(rows, of: rowID, to: heirs), .cancelled)
        return rows.count == limit
    }

    /// Running tasks that another scan counts on are not disturbed. Called in the transaction that marks the scan, so
    /// that no worker hears of the cancellation before, and again for a scan whose walk alone was cancelled.
    mutating func passOnRunningTasks(ofScan rowID: Int64) throws {
        let heirs = try heirs(ofScan: rowID)
        guard !heirs.isEmpty else { return }
        let rows = try connection.all(
            """
            SELECT \(raw: TaskRow.columns) FROM task WHERE state = 'running' AND COALESCE(scan_id, 0) = \(rowID)
            ORDER BY id\(Query.forUpdate(connection.dialect))
            """
        ) { try TaskRow($0) }
        _ = try passOn(rows, of: rowID, to: heirs)
    }

    private struct Heir {
        let rowID: Int64
        let path: FilePath
    }

    /// Open scans of the same root whose walk has begun, newest first.
    private func heirs(ofScan rowID: Int64) throws -> [Heir] {
        try connection.all(
            """
            SELECT heir.id, heir.path FROM scan JOIN scan AS heir ON heir.root_path = scan.root_path
            WHERE scan.id = \(rowID) AND heir.id <> scan.id AND heir.cancelled_at IS NULL
                AND heir.finished_at IS NULL AND heir.started_at IS NOT NULL
            ORDER BY heir.id DESC
            """
        ) { Heir(rowID: $0.int(0) ?? 0, path: FilePath(bytes: $0.bytes(1) ?? [])) }
    }

    /// Answers the tasks that no heir wants.
    private mutating func passOn(_ rows: [TaskRow], of rowID: Int64, to heirs: [Heir]) throws -> [TaskRow] {
        guard !heirs.isEmpty else { return rows }
        var unwanted: [TaskRow] = []
        var shares: [Int64: [Int64]] = [:]
        for row in rows {
            let file = try readablePayload(of: row).flatMap { try context.sink.file(of: $0, in: connection) }
            if let file, let heir = heirs.first(where: { $0.path.contains(file) }) {
                shares[heir.rowID, default: []].append(row.id)
            } else {
                unwanted.append(row)
            }
        }
        for (heir, tasks) in shares.sorted(by: { $0.key < $1.key }) {
            try connection.execute(
                "UPDATE task SET scan_id = \(heir) WHERE id \(.among(tasks, connection.dialect))")
            ledger.taskLeft(rowID, count: tasks.count)
            ledger.taskQueued(heir, count: tasks.count)
        }
        return unwanted
    }
}

extension QueueContext {
    /// Tasks dropped in one transaction, so that others get their turn between.
    private static let dropBatch = 2000

    func dropWaitingTasks(ofScan rowID: Int64) async throws {
        while try await write({ try $0.dropWaitingTasks(ofScan: rowID, limit: Self.dropBatch) }) {}
    }
}
