import Contracts
import Domain
import UseCases

/// Tasks that somebody does not want any more, and dead letters that nobody needs any more.
extension QueueTransaction {
    /// What waits or is dead ends at once, what runs is asked to; answers how many were neither over nor unknown.
    mutating func cancel(_ ids: [Int64], actor: String) throws -> Int {
        let rows = try liveRows(ids)
        let dead = try DeadTask.load(ids, in: connection).map(\.id)
        for id in rows.map(\.id) + dead { try event("cancelled", task: id, actor: actor) }
        let running = rows.filter { $0.state == .running }.map(\.id)
        if !running.isEmpty {
            try connection.execute(
                "UPDATE task SET cancel_requested = 1 WHERE id IN (\(.ids(running, connection.dialect)))")
        }
        try close(rows.filter { $0.state != .running }, .cancelled)
        try dismiss(dead)
        return rows.count + dead.count
    }

    /// Takes dead letters off the list for good; what they were, and why they failed, stays in the history.
    private func dismiss(_ dead: [Int64]) throws {
        guard !dead.isEmpty else { return }
        let ending = TaskRun.End.cancelled
        precondition(TaskState.dead.moved(by: .cancel) == .cancelled, "the ending is that of the table")
        let ids = Query.ids(dead, connection.dialect)
        try connection.perform(
            """
            INSERT INTO task_run (task_id, run, ending, finished_at, failure_reason, failure_message, kind, version,
                lane, payload, scan_id, parent_id, created_at, failures, crashes)
            SELECT id, 0, \(ending.rawValue), \(now), failure_reason, failure_message, kind, version, lane, payload,
                scan_id, parent_id, created_at, failures, crashes
            FROM task_dead WHERE id IN (\(ids))
            """)
        try connection.perform("DELETE FROM task_dead WHERE id IN (\(ids))")
    }

    /// After a success: earlier failures at the same work are over. One look a batch when there are no dead letters.
    func clearDeadLetters(_ succeeded: some Sequence<(TaskRow, TaskPayload)>) throws {
        guard try connection.first("SELECT 1 FROM task_dead LIMIT 1", { _ in true }) != nil else { return }
        var works: [Int64: Int64] = [:]
        for (row, payload) in succeeded {
            if let work = WorkNumber.of(payload, dedupeKey: row.dedupeKey) { works[work] = row.id }
        }
        try supersede(works, "did the same work")
    }

    /// Dismisses dead letters about work that a newer task has ended.
    /// - Parameter works: the newer task, by the number of its work.
    func supersede(_ works: [Int64: Int64], _ how: String) throws {
        guard !works.isEmpty else { return }
        // One that another transaction holds is put back or dismissed there.
        let found = try connection.all(
            """
            SELECT id, work FROM task_dead WHERE work IN (\(.ids(works.keys.sorted(), connection.dialect)))
            ORDER BY id\(Query.forUpdateSkippingLocked(connection.dialect))
            """
        ) { (id: $0.int(0) ?? 0, work: $0.int(1) ?? 0) }
        for (id, work) in found {
            try event("superseded", task: id, actor: "queue", detail: "task \(works[work] ?? 0) \(how)")
        }
        try dismiss(found.map(\.id))
    }
}
