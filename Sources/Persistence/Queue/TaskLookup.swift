import Domain
import Telemetry
import UseCases

/// Reads tasks wherever they are: in the queue, among the dead letters, or in the history.
enum TaskLookup {
    /// The same columns from all three tables, in the order of `TaskRecord`'s needs.
    private static let live: StaticString = """
        SELECT id, kind, version, state, lane, payload, scan_id, parent_id, runs, failures, crashes, worker_id, \
        created_at, run_at, claimed_at, NULL AS finished_at, failure_reason, failure_message, trace \
        FROM task WHERE id
        """
    private static let dead: StaticString = """
        SELECT id, kind, version, 'dead' AS state, lane, payload, scan_id, parent_id, runs, failures, crashes, \
        NULL AS worker_id, created_at, NULL AS run_at, NULL AS claimed_at, dead_at AS finished_at, failure_reason, \
        failure_message, trace FROM task_dead WHERE id
        """
    private static let ended: StaticString = """
        SELECT task_id AS id, kind, version, CASE ending WHEN 'succeeded' THEN 'done' ELSE ending END AS state, lane, \
        payload, scan_id, parent_id, CASE run WHEN 0 THEN (SELECT MAX(run) FROM task_run AS last \
        WHERE last.task_id = task_run.task_id) ELSE run END AS runs, failures, crashes, worker_id, created_at, NULL AS run_at, \
        claimed_at, finished_at, failure_reason, failure_message, trace FROM task_run WHERE payload IS NOT NULL AND task_id
        """

    /// Throws `notFound` when there never was such a task, or its history was pruned.
    static func record(id: Int64, in connection: any Connection) throws -> TaskRecord {
        guard let task = try records([id], in: connection).first else {
            throw StoreError.notFound("there is no task \(id)")
        }
        return task
    }

    /// Newest first. A task is in one of the tables, so the look is over when all are found.
    private static func records(_ ids: [Int64], in connection: any Connection) throws -> [TaskRecord] {
        var found: [TaskRecord] = []
        for source in [live, dead, ended] where found.count < ids.count {
            let query: Query = "\(raw: source) \(.among(ids, connection.dialect))"
            found += try connection.all(query) { try record($0) }.compactMap { $0 }
        }
        return try named(found.sorted { $0.id > $1.id }, in: connection)
    }

    static func followers(of task: TaskRecord, in connection: any Connection) throws -> [TaskRecord] {
        guard let kind = task.kind.next, let scan = try task.scanID.map({ try scanRowID($0, in: connection) }) else {
            return []
        }
        let search = TaskFollowers(parent: task.id, kind: kind, scan: scan)
        return try records(try connection.all(search.query) { $0.int(0) ?? 0 }, in: connection)
    }

    static func runs(of id: Int64, in connection: any Connection) throws -> [TaskRun] {
        try connection.all(
            """
            SELECT run, worker_id, ending, claimed_at, finished_at, failure_reason, failure_message, memory_bytes
            FROM task_run WHERE task_id = \(id) AND run > 0 ORDER BY run
            """
        ) { row in
            TaskRun(
                run: row.number(0), workerID: row.int(1), end: TaskRun.End(rawValue: row.text(2) ?? "") ?? .lost,
                claimedAt: row.int(3), finishedAt: row.int(4) ?? 0, failure: row.failure(5), memoryBytes: row.int(7))
        }
    }

    static func events(of id: Int64, in connection: any Connection) throws -> [TaskEvent] {
        try connection.all("SELECT at, type, actor, detail FROM task_event WHERE task_id = \(id) ORDER BY id") { row in
            TaskEvent(
                at: row.int(0) ?? 0, type: row.text(1) ?? "", actor: row.text(2) ?? "", detail: row.text(3) ?? "")
        }
    }

    static func page(
        _ filter: TaskFilter, before: Int64, limit: Int, in connection: any Connection
    ) throws -> Page<TaskRecord> {
        // One more than the page tells whether there is a next one.
        let ids = try ids(filter, before: before, limit: limit + 1, in: connection)
        return Page(
            items: try records(Array(ids.prefix(limit)), in: connection),
            nextCursor: ids.count > limit ? String(ids[limit - 1]) : nil)
    }

    /// The newest tasks that match. Throws `notFound` for a scan that is not known.
    static func ids(
        _ filter: TaskFilter, before: Int64, limit: Int, in connection: any Connection
    ) throws -> [Int64] {
        let scan = try filter.scanID.map { try scanRowID($0, in: connection) }
        return try TaskListing(filter: filter, scan: scan, before: before, limit: limit).ids(in: connection)
    }

    private static func scanRowID(_ uuid: String, in connection: any Connection) throws -> Int64 {
        guard let id = try connection.first("SELECT id FROM scan WHERE uuid = \(uuid)", { $0.int(0) }) ?? nil else {
            throw StoreError.notFound("there is no scan \(uuid)")
        }
        return id
    }

    /// Nil for a kind that a newer build wrote. The scan is still a row id; `named` puts the UUID in its place.
    private static func record(_ row: any Row) throws -> TaskRecord? {
        guard let kind = TaskKind(rawValue: row.text(1) ?? ""), let state = TaskState(rawValue: row.text(3) ?? "")
        else { return nil }
        let lane = row.number(4)
        return TaskRecord(
            id: row.int(0) ?? 0, kind: kind, version: row.number(2), state: state, priority: Priority(lane: lane),
            payload: row.text(5) ?? "", scanID: row.int(6).map(String.init), parentID: row.int(7),
            runs: row.number(8), failures: row.number(9), crashes: row.number(10),
            isQuarantined: lane >= Priority.quarantineOffset, workerID: row.int(11), createdAt: row.int(12) ?? 0,
            runAt: row.int(13), claimedAt: row.int(14), finishedAt: row.int(15), lastFailure: row.failure(16),
            traceID: row.text(18).flatMap { TraceParent($0) }?.traceID)
    }

    private static func named(_ records: [TaskRecord], in connection: any Connection) throws -> [TaskRecord] {
        let rowIDs = Set(records.compactMap { $0.scanID.flatMap(Int64.init) })
        guard !rowIDs.isEmpty else { return records }
        let query: Query = "SELECT id, uuid FROM scan WHERE id \(.among(Array(rowIDs), connection.dialect))"
        let uuids = Dictionary(
            uniqueKeysWithValues: try connection.all(query) { (String($0.int(0) ?? 0), $0.text(1) ?? "") })
        return records.map { record in
            var record = record
            record.scanID = record.scanID.flatMap { uuids[$0] }
            return record
        }
    }
}
