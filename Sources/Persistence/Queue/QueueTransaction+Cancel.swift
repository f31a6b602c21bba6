import Contracts
import Domain
import UseCases

/// Tasks that somebody does not want any more, and dead letters that nobody needs any more.
extension QueueTransaction {
    /// What waits or is dead ends at once, what runs is asked to; answers how many were neither over nor unknown.
    mutating func cancel(_ ids: [Int64], actor: String, detail: String = "") throws -> Int {
        let rows = try liveRows(ids)
        let dead = try DeadTask.load(ids, in: connection)
        for id in rows.map(\.id) + dead.map(\.id) { try event("cancelled", task: id, actor: actor, detail: detail) }
        let running = rows.filter { $0.state == .running }.map(\.id)
        if !running.isEmpty {
            try connection.execute(
                "UPDATE task SET cancel_requested = 1 WHERE id \(.among(running, connection.dialect))")
        }
        try close(rows.filter { $0.state != .running }, .cancelled)
        try dismiss(dead)
        try cancelDownloads(of: rows.filter { $0.kind == .downloadTrack }.map(\.id))
        return rows.count + dead.count
    }

    /// Nobody would end them any more; a handler that still runs hears of it at its next look.
    private mutating func cancelDownloads(of tasks: [Int64]) throws {
        guard !tasks.isEmpty else { return }
        let (cancelled, done) = (DownloadRecord.State.cancelled.rawValue, DownloadRecord.State.done.rawValue)
        try connection.perform(
            """
            UPDATE download SET state = \(cancelled), message = NULL, updated_at = \(now)
            WHERE task_id \(.among(tasks, connection.dialect)) AND state NOT IN (\(cancelled), \(done))
            """)
    }

    /// Takes dead letters off the list for good; what they were, and why they failed, stays in the history.
    private mutating func dismiss(_ dead: [DeadTask]) throws {
        guard !dead.isEmpty else { return }
        let ending = TaskRun.End.cancelled
        _ = TaskState.dead.moved(by: .cancel)
        for task in dead { ended.add(task.kindName, ending) }
        let ids = Query.among(dead.map(\.id), connection.dialect)
        try connection.perform(
            """
            INSERT INTO task_run (task_id, run, ending, finished_at, failure_reason, failure_message, kind, version,
                lane, payload, scan_id, parent_id, created_at, failures, crashes, trace)
            SELECT id, 0, \(ending.rawValue), \(now), failure_reason, failure_message, kind, version, lane, payload,
                scan_id, parent_id, created_at, failures, crashes, trace
            FROM task_dead WHERE id \(ids)
            """)
        try connection.perform("DELETE FROM task_dead WHERE id \(ids)")
    }

    /// After a success: earlier failures at the same work are over. One look a batch when there are no dead letters.
    mutating func clearDeadLetters(_ succeeded: some Sequence<(TaskRow, TaskPayload)>) throws {
        guard try connection.first("SELECT 1 FROM task_dead LIMIT 1", { _ in true }) != nil else { return }
        var works: [Int64: Int64] = [:]
        for (row, payload) in succeeded {
            if let work = WorkNumber.of(payload, dedupeKey: row.dedupeKey) { works[work] = row.id }
        }
        try supersede(works, "did the same work")
    }

    /// Dismisses dead letters about work that a newer task has ended.
    /// - Parameter works: the newer task, by the number of its work.
    mutating func supersede(_ works: [Int64: Int64], _ how: String) throws {
        guard !works.isEmpty else { return }
        // One that another transaction holds is put back or dismissed there.
        let found = try DeadTask.load(
            "work \(.among(works.keys.sorted(), connection.dialect))", skippingLocked: true, in: connection)
        for dead in found {
            let newer = dead.work.flatMap { works[$0] } ?? 0
            try event("superseded", task: dead.id, actor: "queue", detail: "task \(newer) \(how)")
        }
        try dismiss(found)
    }
}
