import Contracts
import Domain
import Telemetry
import UseCases

/// A row of the live queue.
struct TaskRow: Sendable {
    let id: Int64
    /// Text as stored: a newer build may have written a kind that this one does not know.
    let kindName: String
    let version: Int
    let state: TaskState
    let lane: Int
    let payload: String
    let scanID: Int64?
    let parentID: Int64?
    let runs: Int
    let failures: Int
    let crashes: Int
    let createdAt: Int64
    let runAt: Int64?
    let workerID: Int64?
    let lease: Int64?
    let claimedAt: Int64?
    let isCancelRequested: Bool
    let failure: Failure?
    let dedupeKey: String?
    /// Nil for one that nobody traces.
    let trace: TraceParent?

    static let columns: StaticString = """
        id, kind, version, state, lane, payload, scan_id, parent_id, runs, failures, crashes, created_at, run_at, \
        worker_id, lease, claimed_at, cancel_requested, failure_reason, failure_message, dedupe_key, trace
        """

    /// As `columns`, without the text that is large and known already.
    static let columnsWithoutPayload: StaticString = """
        id, kind, version, state, lane, '' AS payload, scan_id, parent_id, runs, failures, crashes, created_at, run_at, \
        worker_id, lease, claimed_at, cancel_requested, failure_reason, failure_message, dedupe_key, trace
        """

    init(_ row: any Row) throws {
        guard let state = TaskState(rawValue: row.text(3) ?? "") else {
            throw StoreError.fatal("a task has a state that this build does not know")
        }
        id = row.int(0) ?? 0
        kindName = row.text(1) ?? ""
        version = row.number(2)
        self.state = state
        lane = row.number(4)
        payload = row.text(5) ?? ""
        scanID = row.int(6)
        parentID = row.int(7)
        runs = row.number(8)
        failures = row.number(9)
        crashes = row.number(10)
        createdAt = row.int(11) ?? 0
        runAt = row.int(12)
        workerID = row.int(13)
        lease = row.int(14)
        claimedAt = row.int(15)
        isCancelRequested = row.int(16) == 1
        failure = row.failure(17)
        dedupeKey = row.text(19)
        trace = row.text(20).flatMap { TraceParent($0) }
    }

    var kind: TaskKind? { TaskKind(rawValue: kindName) }
    var isQuarantined: Bool { lane >= Priority.quarantineOffset }
    var priority: Priority { Priority(lane: lane) }

    func decodedPayload() throws(TaskPayload.Problem) -> TaskPayload {
        guard let kind else { throw .malformed("the kind \"\(kindName)\" is not known") }
        return try TaskPayload.decode(kind: kind, version: version, json: payload)
    }
}

extension Priority {
    init(lane: Int) {
        self = Priority(rawValue: lane % Priority.quarantineOffset) ?? .normal
    }
}

extension Row {
    /// A count; NULL, and what does not fit, is 0.
    func number(_ column: Int) -> Int { int(column).flatMap { Int(exactly: $0) } ?? 0 }

    /// A reason and, in the next column, a message.
    func failure(_ column: Int) -> Failure? {
        guard let name = text(column) else { return nil }
        return Failure(Failure.Reason(rawValue: name) ?? .internalError, text(column + 1) ?? "")
    }
}

extension TaskState {
    /// The state after a legal event. An illegal one is a mistake in the queue's code: callers look at the state first.
    func moved(by event: Event) -> TaskState {
        guard let next = after(event) else { preconditionFailure("a \(rawValue) task cannot \(event)") }
        return next
    }
}
