import Domain
import UseCases

/// A dead letter, as far as putting it back or dismissing it needs it.
struct DeadTask: Sendable {
    let id: Int64
    let kindName: String
    let lane: Int
    let scanID: Int64?
    let dedupeKey: String?
    /// See `WorkNumber`.
    let work: Int64?

    var kind: TaskKind? { TaskKind(rawValue: kindName) }

    static func load(_ ids: [Int64], in connection: any Connection) throws -> [DeadTask] {
        try load("id \(.among(ids, connection.dialect))", skippingLocked: false, in: connection)
    }

    /// In order of id, and locked where rows are locked.
    static func load(
        _ condition: Query, skippingLocked: Bool, in connection: any Connection
    ) throws -> [DeadTask] {
        let lock =
            skippingLocked
            ? Query.forUpdateSkippingLocked(connection.dialect) : Query.forUpdate(connection.dialect)
        return try connection.all(
            "SELECT id, kind, lane, scan_id, dedupe_key, work FROM task_dead WHERE \(condition) ORDER BY id\(lock)"
        ) { row in
            DeadTask(
                id: row.int(0) ?? 0, kindName: row.text(1) ?? "", lane: row.number(2), scanID: row.int(3),
                dedupeKey: row.text(4), work: row.int(5))
        }
    }
}

extension QueueTransaction {
    /// Puts a dead letter back under its own id, with a clean slate. Throws when another task took its place.
    mutating func requeue(_ dead: DeadTask, actor: String) throws {
        let scan = try scan(dead.scanID)
        let isOpen = scan.map { !$0.isFinished && !$0.isCancelled } ?? false
        if dead.kind == .scanLibrary, !isOpen {
            throw StoreError.preconditionFailed("the scan of task \(dead.id) has ended: start a new one")
        }
        if let living = try livingTask(dead.dedupeKey) {
            throw StoreError.conflict("task \(living) does the same work already")
        }
        let scanID = isOpen ? dead.scanID : nil
        let inserted = try connection.execute(
            """
            INSERT INTO task (id, kind, version, state, lane, payload, scan_id, parent_id, dedupe_key, runs, created_at,
                run_at, trace)
            SELECT id, kind, version, \(TaskState.dead.moved(by: .requeue).rawValue),
                \(Priority(lane: dead.lane).rawValue), payload, \(scanID), parent_id, dedupe_key, runs, created_at,
                \(now), trace
            FROM task_dead WHERE id = \(dead.id)
            ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING
            """)
        guard inserted > 0 else { throw StoreError.conflict("another task does the same work already") }
        try connection.execute("DELETE FROM task_dead WHERE id = \(dead.id)")
        if dead.kind == .scanLibrary {
            try connection.execute("UPDATE scan SET walk_failure = NULL WHERE id = \(scanID)")
        }
        ledger.taskReturned(scanID)
        events.taskQueued(dead.kindName)
        try event("requeued", task: dead.id, actor: actor)
        hasNewWork = true
    }

    /// Leaves alone what cannot be put back, for use in bulk.
    mutating func requeueIfPossible(_ dead: DeadTask, actor: String) throws -> Bool {
        do {
            try requeue(dead, actor: actor)
            return true
        } catch StoreError.conflict, StoreError.preconditionFailed {
            return false
        }
    }
}
