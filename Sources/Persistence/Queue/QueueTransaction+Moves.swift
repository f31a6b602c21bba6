import Contracts
import Domain
import UseCases

/// The moves of single tasks. Each runs in the caller's transaction and writes state, audit and ledger together.
extension QueueTransaction {
    /// Back-off: the attempt is counted, and the task waits.
    mutating func retryLater(_ row: TaskRow, _ failure: Failure, afterSeconds seconds: Double) throws {
        try recordRun(row, .retried, failure)
        try wait(row, failure, afterSeconds: seconds, addingFailures: 1)
    }

    /// What it needs is away: nothing is charged, and the task waits, saying for what.
    mutating func postpone(_ row: TaskRow, _ failure: Failure, afterSeconds seconds: Double) throws {
        try recordRun(row, .released, failure)
        try wait(row, failure, afterSeconds: seconds, addingFailures: 0)
    }

    private func wait(_ row: TaskRow, _ failure: Failure, afterSeconds seconds: Double, addingFailures: Int) throws {
        let runAt = now + Int64(seconds * 1_000_000)
        try connection.perform(
            """
            UPDATE task SET state = \(row.state.moved(by: .retryLater).rawValue), run_at = \(runAt),
                failures = failures + \(addingFailures), worker_id = NULL, lease = NULL, claimed_at = NULL,
                deadline_at = NULL, failure_reason = \(failure.reason.rawValue), failure_message = \(failure.message)
            WHERE id = \(row.id)
            """)
    }

    /// Into the dead letters, with the reason. The catalogue hears of it, so that a quick scan does not try again.
    mutating func bury(
        _ row: TaskRow, _ failure: Failure, addingFailures: Int = 0, tellingCatalogue: Bool = true
    ) throws {
        _ = row.state.moved(by: .fail)
        try recordRun(row, .died, failure)
        let payload = readablePayload(of: row)
        let work = WorkNumber.of(payload, dedupeKey: row.dedupeKey)
        if let work { try supersede([work: row.id], "failed at the same work") }
        try connection.perform(
            """
            INSERT INTO task_dead (id, kind, version, lane, payload, scan_id, parent_id, dedupe_key, runs, failures,
                crashes, created_at, failure_reason, failure_message, fingerprint, dead_at, work,
                trace)
            SELECT id, kind, version, lane, payload, scan_id, parent_id, dedupe_key, runs,
                failures + \(addingFailures), crashes, created_at, \(failure.reason.rawValue),
                \(failure.message), \(failure.fingerprint), \(now), \(work), trace
            FROM task WHERE id = \(row.id)
            """)
        try connection.perform("DELETE FROM task WHERE id = \(row.id)")
        ledger.taskLeft(row.scanID, failed: true)
        // Who does not answer is not told that he did not answer.
        if row.kind != .deliverWebhook { deaths.add(row, failure) }
        if row.kind == .scanLibrary, let scanID = row.scanID {
            try connection.perform("UPDATE scan SET walk_failure = \(failure.message) WHERE id = \(scanID)")
            try Ledger.addNotice("the walk failed: \(failure.message)", scanID: scanID, to: connection)
        }
        guard tellingCatalogue, let payload else { return }
        try context.sink.recordDeath(of: payload, failure: failure, now: now, in: connection)
    }

    func readablePayload(of row: TaskRow) -> TaskPayload? {
        do {
            return try row.decodedPayload()
        } catch {
            return nil  // what cannot be read names no file that the catalogue could note
        }
    }

    /// Handed back by its worker: nothing is charged.
    mutating func release(_ row: TaskRow) throws {
        if try isUnwanted(row) { return try close([row], .cancelled) }
        try recordRun(row, .released, nil)
        try putBack(row, state: row.state.moved(by: .release), lane: row.lane, crashes: row.crashes)
        hasNewWork = true
    }

    /// No worker here understands this version: wait for one that does.
    mutating func park(_ row: TaskRow) throws {
        if row.state == .running { try recordRun(row, .parked, nil) }
        try putBack(row, state: row.state.moved(by: .park), lane: row.lane, crashes: row.crashes)
        try event("parked", task: row.id, actor: "queue", detail: "version \(row.version) is not understood")
    }

    /// Its worker was lost, or did not come back in time: run it again, alone, unless that happened too often.
    mutating func rescue(
        _ row: TaskRow, because why: String, tellingCatalogue: Bool = true
    ) throws -> RescuedTask {
        var rescued = RescuedTask(id: row.id, kind: row.kindName, attempt: row.runs, end: .putBack)
        if try isUnwanted(row) {
            try close([row], .cancelled)
            rescued.end = .cancelled
            return rescued
        }
        let crashes = row.crashes + 1
        try event("rescued", task: row.id, actor: "housekeeper", detail: why)
        if let failure = AttemptDecision.afterCrash(crashes: crashes) {
            try connection.perform("UPDATE task SET crashes = \(crashes) WHERE id = \(row.id)")
            try bury(row, failure, tellingCatalogue: tellingCatalogue)
            rescued.end = .buried
            return rescued
        }
        try recordRun(row, .lost, nil)
        let lane = row.priority.rawValue + Priority.quarantineOffset
        try putBack(row, state: row.state.moved(by: .rescue), lane: lane, crashes: crashes)
        hasNewWork = true
        return rescued
    }

    /// Someone cancelled the task or its scan.
    mutating func isUnwanted(_ row: TaskRow) throws -> Bool {
        if row.isCancelRequested { return true }
        return try scan(row.scanID)?.isCancelled == true
    }

    private func putBack(_ row: TaskRow, state: TaskState, lane: Int, crashes: Int) throws {
        try connection.perform(
            """
            UPDATE task SET state = \(state.rawValue), lane = \(lane), crashes = \(crashes), worker_id = NULL,
                lease = NULL, claimed_at = NULL, deadline_at = NULL
            WHERE id = \(row.id)
            """)
    }

    private mutating func recordRun(_ row: TaskRow, _ ending: TaskRun.End, _ failure: Failure?) throws {
        events.runEnded(row, ending, failure, at: now)
        try connection.perform(
            """
            INSERT INTO task_run (task_id, run, ending, worker_id, claimed_at, finished_at, failure_reason,
                failure_message, memory_bytes)
            VALUES (\(row.id), \(row.runs), \(ending.rawValue), \(row.workerID), \(row.claimedAt), \(now),
                \(failure?.reason.rawValue), \(failure?.message), \(memory[row.id]))
            """)
    }

    /// Takes tasks out of the queue for good; their last run keeps what they were. One statement for all.
    mutating func close(_ rows: [TaskRow], _ ending: TaskRun.End) throws {
        guard !rows.isEmpty else { return }
        for row in rows {
            _ = row.state.moved(by: ending == .succeeded ? .complete : .cancel)
            ledger.taskLeft(row.scanID)
            ended.add(row.kindName, ending)
            if row.state == .running { events.runEnded(row, ending, at: now) }
            if ending == .cancelled, row.kind == .scanLibrary, let scanID = row.scanID {
                try connection.perform(
                    "UPDATE scan SET cancelled_at = \(now) WHERE id = \(scanID) AND cancelled_at IS NULL")
            }
        }
        let ids = Query.among(rows.map(\.id), connection.dialect)
        try connection.perform(
            """
            INSERT INTO task_run (task_id, run, ending, worker_id, claimed_at, finished_at, kind, version, lane,
                payload, scan_id, parent_id, created_at, failures, crashes, memory_bytes, trace)
            SELECT id, CASE WHEN state = 'running' THEN runs ELSE 0 END, \(ending.rawValue), worker_id, claimed_at,
                \(now), kind, version, lane, payload, scan_id, parent_id, created_at, failures, crashes,
                \(memoryByID), trace
            FROM task WHERE id \(ids)
            """)
        try connection.perform("DELETE FROM task WHERE id \(ids)")
    }

    /// Few attempts know what they took.
    private var memoryByID: Query {
        guard !memory.isEmpty else { return "NULL" }
        return memory.reduce("CASE id" as Query) { $0 + " WHEN \($1.key) THEN CAST(\($1.value) AS BIGINT)" } + " END"
    }
}
