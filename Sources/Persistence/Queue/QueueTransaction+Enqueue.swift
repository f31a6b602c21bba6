import Contracts
import Domain
import Telemetry
import UseCases

/// A task on its way into the queue.
struct EnqueuedTask: Sendable {
    var kind: TaskKind
    var version: Int
    var payload: String
    var priority: Priority
    var runAt: Int64?
    var dedupeKey: String?
    var scanID: Int64?
    var parentID: Int64?
    var lineage: TaskLineage

    init(_ task: NewTask, scanID: Int64?, parentID: Int64?, lineage: TaskLineage = .request) {
        kind = task.raw?.kind ?? task.payload.kind
        version = task.raw?.version ?? task.payload.kind.currentVersion
        payload = task.raw?.json ?? task.payload.json()
        priority = task.priority
        runAt = task.runAt
        dedupeKey = task.dedupeKey
        self.scanID = scanID
        self.parentID = parentID
        self.lineage = lineage
    }
}

extension QueueTransaction {
    /// Rows per INSERT; few sizes, so that few statements are prepared.
    private static let chunkSizes = [64, 8, 1]

    /// Inserts tasks in the caller's transaction; answers the new ids in order. A task whose key is alive is not
    /// inserted: the living one is lifted to the better priority.
    @discardableResult
    mutating func enqueue(_ tasks: [EnqueuedTask]) throws -> [Int64] {
        var ids: [Int64] = []
        var rest = tasks[...]
        for size in Self.chunkSizes {
            while rest.count >= size {
                ids += try enqueue(chunk: rest.prefix(size))
                rest = rest.dropFirst(size)
            }
        }
        return ids
    }

    private mutating func enqueue(chunk: ArraySlice<EnqueuedTask>) throws -> [Int64] {
        let traces = chunk.map { trace($0.lineage) }
        // Where nothing is recorded, nothing is written.
        let isTraced = traces.contains { $0 != nil }
        var query: Query = "INSERT INTO task (\(raw: Self.newColumns)"
        query.sql += isTraced ? ", trace) VALUES " : ") VALUES "
        for (offset, task) in chunk.enumerated() {
            if offset > 0 { query.sql += ", " }
            let state = try initialState(task)
            let row: Query = """
                (\(task.kind.rawValue), \(task.version), \(state.rawValue), \(task.priority.rawValue), \
                \(task.payload), \(task.scanID), \(task.parentID), \(task.dedupeKey), \(now), \(task.runAt)
                """
            query.sql += row.sql
            query.binds += row.binds
            if isTraced {
                let place: Query = ", \(traces[offset]?.place.text)"
                query.sql += place.sql
                query.binds += place.binds
            }
            query.sql += ")"
        }
        query.sql += " ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING RETURNING id, scan_id, kind"
        if isTraced { query.sql += ", trace" }
        var ids: [Int64] = []
        let known = Dictionary(traces.compactMap { trace in trace.map { ($0.place, $0) } }) { first, _ in first }
        try connection.forEach(query) { row in
            ids.append(row.int(0) ?? 0)
            ledger.taskQueued(row.int(1))
            events.taskQueued(row.text(2) ?? "")
            guard isTraced, let place = row.text(3).flatMap({ TraceParent($0) }) else { return }
            events.taskTraced(row.text(2) ?? "", id: row.int(0) ?? 0, known[place])
        }
        if ids.count < chunk.count { try lift(chunk) }
        if !ids.isEmpty { hasNewWork = true }
        return ids.sorted()
    }

    private static let newColumns: StaticString =
        "kind, version, state, lane, payload, scan_id, parent_id, dedupe_key, created_at, run_at"

    /// Many times the same task, which belongs to no scan and has no key.
    mutating func load(_ task: EnqueuedTask, count: Int) throws {
        precondition(task.scanID == nil && task.dedupeKey == nil, "a task that is loaded stands alone")
        let row: [SQLValue] = [
            .text(task.kind.rawValue), .integer(Int64(task.version)), .text(try initialState(task).rawValue),
            .integer(Int64(task.priority.rawValue)), .text(task.payload), .integer(now), SQLValue(task.runAt),
        ]
        try connection.load(
            Array(repeating: row, count: count), into: "task",
            columns: ["kind", "version", "state", "lane", "payload", "created_at", "run_at"])
        hasNewWork = true
    }

    private func initialState(_ task: EnqueuedTask) throws -> TaskState {
        if let runAt = task.runAt, runAt > now { return .scheduled }
        if task.version > task.kind.currentVersion, try !isUnderstood(task.kind, version: task.version) {
            return .parked
        }
        return .ready
    }

    /// True when a living worker knows this version.
    func isUnderstood(_ kind: TaskKind, version: Int) throws -> Bool {
        try connection.all("SELECT registration FROM worker WHERE ended_at IS NULL") { row in
            WorkerRegistration(stored: row.text(0) ?? "", id: 0).kinds[kind] ?? 0
        }.contains { $0 >= version }
    }

    /// A click lifts a bulk task that waits; otherwise nothing is written.
    private mutating func lift(_ chunk: ArraySlice<EnqueuedTask>) throws {
        for task in chunk where task.priority < .low {
            guard let key = task.dedupeKey else { continue }
            let lane = task.priority.rawValue
            let lifted = try connection.first(
                """
                UPDATE task SET lane = lane - lane % \(Priority.quarantineOffset) + \(lane)
                WHERE dedupe_key = \(key) AND state IN ('ready', 'scheduled', 'parked')
                    AND lane % \(Priority.quarantineOffset) > \(lane)
                RETURNING id
                """
            ) { $0.int(0) ?? 0 }
            if let lifted {
                try event("lifted", task: lifted, actor: "queue", detail: "priority \(task.priority.name)")
            }
        }
    }
}
