import Contracts
import Domain
import UseCases

/// The way of most batches on a server: every attempt succeeded, all are of one claim, and their payloads are at hand
/// since then, and nothing else is known of them. Fence, removal and history are one statement, and each row is touched once.
extension QueueTransaction {
    /// Nil when the batch has to go the long way.
    mutating func settleAtOnce(_ settlements: [Settlement], _ payloads: PayloadCache) throws -> [Verdict]? {
        guard connection.dialect == .postgres, memory.isEmpty else { return nil }
        var finished: [Lease: (payload: TaskPayload, outcome: Outcome)] = [:]
        for settlement in settlements {
            let lease = settlement.lease
            guard case .completed(let outcome) = settlement.result,
                let payload = payloads.payload(task: lease.taskID, lease: lease.token)
            else { return nil }
            finished[lease] = (payload, outcome)
        }
        // The tasks of one claim have one token.
        guard let token = settlements.first?.lease.token, finished.keys.allSatisfy({ $0.token == token }) else {
            return nil
        }
        let rows = try takeOut(finished.keys.map(\.taskID).sorted(), token: token)
        try conclude(
            rows.map { row in
                let result = finished[Lease(taskID: row.id, token: row.lease ?? 0)]
                guard let result else { preconditionFailure("only what was asked for is taken out") }
                return (row, result.payload, result.outcome)
            })
        let taken = Set(rows.map { Lease(taskID: $0.id, token: $0.lease ?? 0) })
        var open = taken
        var verdicts: [Verdict] = []
        for settlement in settlements {
            let isFirst = open.remove(settlement.lease) != nil
            let isRepeated = try !taken.contains(settlement.lease) && wasApplied(settlement, by: worker)
            verdicts.append(isFirst || isRepeated ? .accepted : .stale)
        }
        return verdicts
    }

    /// Moves rows whose lease still holds from the queue to the history; the others are left as they are.
    private mutating func takeOut(_ ids: [Int64], token: Int64) throws -> [TaskRow] {
        let removal = Self.removal(ids, token: token, now: now)
        let rows = try connection.all(removal) { try TaskRow($0) }.sorted { $0.id < $1.id }
        for row in rows {
            _ = row.state.moved(by: .complete)
            ledger.taskLeft(row.scanID)
            ended.add(row.kindName, .succeeded)
            events.runEnded(row, .succeeded, at: now)
        }
        return rows
    }

    /// Only running tasks have a lease. To ask for their state too would offer the index of running tasks to the
    /// planner, and so all of them for each batch.
    static func removal(_ ids: [Int64], token: Int64, now: Int64) -> Query {
        """
        WITH gone AS (
            DELETE FROM task WHERE id \(.among(ids, .postgres)) AND lease = \(token) RETURNING *),
        history AS (
            INSERT INTO task_run (task_id, run, ending, worker_id, claimed_at, finished_at, kind, version, lane,
                payload, scan_id, parent_id, created_at, failures, crashes, trace)
            SELECT id, runs, \(TaskRun.End.succeeded.rawValue), worker_id, claimed_at, \(now), kind, version, lane,
                payload, scan_id, parent_id, created_at, failures, crashes, trace
            FROM gone)
        SELECT \(raw: TaskRow.columnsWithoutPayload) FROM gone
        """
    }

    private mutating func conclude(_ finished: [(row: TaskRow, payload: TaskPayload, outcome: Outcome)]) throws {
        guard !finished.isEmpty else { return }
        let completions = try finished.map { row, payload, outcome in
            Completion(
                taskID: row.id, payload: payload, outcome: outcome, priority: row.priority,
                scope: try scan(row.scanID)?.scope)
        }
        let consequences = try context.sink.apply(completions, now: now, in: connection)
        precondition(consequences.count == finished.count, "the catalogue answers every completion")
        try clearDeadLetters(finished.map { ($0.row, $0.payload) })
        try follow(consequences, of: finished.map(\.row))
        for completion in completions { try noteEndOfWalk(completion) }
    }
}
