import Contracts
import Domain
import UseCases

extension QueueTransaction {
    /// Applies results in the caller's transaction: fence, catalogue, next tasks, history, ledger. A result whose
    /// lease has ended changes nothing.
    mutating func settle(_ settlements: [Settlement], payloads: PayloadCache) throws -> [Verdict] {
        for settlement in settlements { memory[settlement.lease.taskID] = settlement.memoryBytes }
        noteRuns(settlements)
        if let verdicts = try settleAtOnce(settlements, payloads) { return verdicts }
        var held: [Int64: TaskRow] = [:]
        for row in try liveRows(settlements.map(\.lease.taskID)) where row.state == .running { held[row.id] = row }
        var completed: [(row: TaskRow, outcome: Outcome)] = []
        var verdicts: [Verdict] = []
        for settlement in settlements {
            guard let row = held[settlement.lease.taskID], row.lease == settlement.lease.token else {
                verdicts.append(try wasApplied(settlement, by: worker) ? .accepted : .stale)
                continue
            }
            // Taken out, so that the same lease twice in one call is stale the second time.
            held[row.id] = nil
            verdicts.append(.accepted)
            switch settlement.result {
            case .completed(let outcome): completed.append((row, outcome))
            case .failed(let failure): try fail(row, failure)
            case .released: try release(row)
            case .parked: try park(row)
            }
        }
        try complete(completed, payloads)
        return verdicts
    }

    /// True when the history shows that this very run ended as its worker said: the worker did not hear the verdict
    /// and asks again.
    func wasApplied(_ settlement: Settlement, by worker: Int64) throws -> Bool {
        guard let run = settlement.run else { return false }
        let ended = try connection.first(
            """
            SELECT ending, failure_reason FROM task_run
            WHERE task_id = \(settlement.lease.taskID) AND run = \(run) AND worker_id = \(worker)
            """
        ) { (ending: TaskRun.End(rawValue: $0.text(0) ?? ""), reason: $0.text(1).flatMap(Failure.Reason.init)) }
        guard let (ending, reason) = ended, let ending else { return false }
        switch (ending, settlement.result) {
        case (.succeeded, _), (.retried, _), (.parked, _), (.released, .released): return true
        case (.released, .failed(let failure)): return failure.isPostponing
        case (.died, _): return reason != .crashLoop
        case (.cancelled, .failed), (.cancelled, .released): return true
        case (.cancelled, _), (.released, _), (.lost, _): return false
        }
    }

    /// A failed attempt: back-off or dead letter, as `AttemptDecision` says.
    mutating func fail(_ row: TaskRow, _ failure: Failure, tellingCatalogue: Bool = true) throws {
        if try isUnwanted(row) { return try close([row], .cancelled) }
        let decision = AttemptDecision.after(
            failure, failures: row.failures + 1, policy: row.kind?.retryPolicy ?? .compute,
            unit: context.randomUnit())
        switch decision {
        case .postpone(let seconds): try postpone(row, failure, afterSeconds: seconds)
        case .retry(let seconds): try retryLater(row, failure, afterSeconds: seconds)
        case .bury(let failure): try bury(row, failure, addingFailures: 1, tellingCatalogue: tellingCatalogue)
        }
    }

    private mutating func complete(_ completed: [(row: TaskRow, outcome: Outcome)], _ payloads: PayloadCache) throws {
        var rows: [TaskRow] = []
        var completions: [Completion] = []
        for (row, outcome) in completed {
            switch read(row, payloads) {
            case .success(let payload):
                rows.append(row)
                completions.append(
                    Completion(
                        taskID: row.id, payload: payload, outcome: outcome, priority: row.priority,
                        scope: try scan(row.scanID)?.scope))
            case .failure(let problem):
                try bury(row, Failure(.invalidPayload, problem.text), addingFailures: 1)
            }
        }
        guard !rows.isEmpty else { return }
        let consequences = try context.sink.apply(completions, now: now, in: connection)
        precondition(consequences.count == rows.count, "the catalogue answers every completion")
        try close(rows, .succeeded)
        try clearDeadLetters(zip(rows, completions.map(\.payload)))
        try follow(consequences, of: rows)
        for completion in completions { try noteEndOfWalk(completion) }
    }

    private func read(_ row: TaskRow, _ payloads: PayloadCache) -> Result<TaskPayload, TaskPayload.Problem> {
        if let payload = payloads.payload(task: row.id, lease: row.lease) { return .success(payload) }
        do throws(TaskPayload.Problem) {
            return .success(try row.decodedPayload())
        } catch {
            return .failure(error)
        }
    }

    /// The next links of the chains, unless their scan was cancelled meanwhile.
    mutating func follow(_ consequences: [Consequence], of rows: [TaskRow]) throws {
        var next: [EnqueuedTask] = []
        for (row, consequence) in zip(rows, consequences) {
            try count(consequence, of: row)
            if try scan(row.scanID)?.isCancelled == true { continue }
            next += consequence.tasks.map {
                EnqueuedTask(
                    $0, scanID: $0.isBesideScan ? nil : row.scanID, parentID: row.id, lineage: lineage(after: row))
            }
        }
        try enqueue(next)
    }

    func noteEndOfWalk(_ completion: Completion) throws {
        guard case .scanComplete = completion.outcome, let scan = completion.scope else { return }
        try connection.execute("UPDATE scan SET walked_at = \(now) WHERE id = \(scan.rowID)")
    }
}

extension TaskPayload.Problem {
    /// One sentence for people.
    var text: String {
        switch self {
        case .versionTooNew(let version): "version \(version) of the payload is not understood"
        case .malformed(let text): "the payload cannot be read: \(text)"
        }
    }
}
