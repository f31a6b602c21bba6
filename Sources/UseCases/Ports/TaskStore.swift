import Contracts
import Domain

package struct NewTask: Hashable, Sendable {
    package var payload: TaskPayload
    package var priority: Priority
    /// Microseconds since the epoch; nil means now.
    package var runAt: Int64?
    /// At most one live task has this key.
    package var dedupeKey: String?
    /// A payload that this build does not understand yet, kept as it came.
    package var raw: RawTask?
    /// True for what follows from a task of a scan and does not hold up the scan's end.
    package var isBesideScan = false

    package init(
        payload: TaskPayload, priority: Priority, runAt: Int64? = nil, dedupeKey: String? = nil, raw: RawTask? = nil
    ) {
        self.payload = payload
        self.priority = priority
        self.runAt = runAt
        self.dedupeKey = dedupeKey
        self.raw = raw
    }
}

package struct RawTask: Hashable, Sendable {
    package var kind: TaskKind
    package var version: Int
    package var json: String

    package init(kind: TaskKind, version: Int, json: String) {
        self.kind = kind
        self.version = version
        self.json = json
    }
}

/// A task as people see it.
package struct TaskRecord: Hashable, Sendable {
    package var id: Int64
    package var kind: TaskKind
    package var version: Int
    package var state: TaskState
    package var priority: Priority
    package var payload: String
    package var scanID: String?
    package var parentID: Int64?
    /// Times that a worker took it.
    package var runs: Int
    package var failures: Int
    package var crashes: Int
    package var isQuarantined: Bool
    package var workerID: Int64?
    /// Microseconds since the epoch, as all times here.
    package var createdAt: Int64
    package var runAt: Int64?
    package var claimedAt: Int64?
    package var finishedAt: Int64?
    package var lastFailure: Failure?
    /// Where its spans are found; nil for a task that was not traced.
    package var traceID: String?

    package init(
        id: Int64, kind: TaskKind, version: Int, state: TaskState, priority: Priority, payload: String,
        scanID: String?, parentID: Int64?, runs: Int, failures: Int, crashes: Int, isQuarantined: Bool,
        workerID: Int64?, createdAt: Int64, runAt: Int64?, claimedAt: Int64?, finishedAt: Int64?,
        lastFailure: Failure?, traceID: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.version = version
        self.state = state
        self.priority = priority
        self.payload = payload
        self.scanID = scanID
        self.parentID = parentID
        self.runs = runs
        self.failures = failures
        self.crashes = crashes
        self.isQuarantined = isQuarantined
        self.workerID = workerID
        self.createdAt = createdAt
        self.runAt = runAt
        self.claimedAt = claimedAt
        self.finishedAt = finishedAt
        self.lastFailure = lastFailure
        self.traceID = traceID
    }
}

/// One attempt at a task.
package struct TaskRun: Hashable, Sendable {
    package enum End: String, Codable, Sendable {
        case succeeded, retried, died, cancelled, released, lost, parked
    }

    package var run: Int
    package var workerID: Int64?
    package var end: End
    package var claimedAt: Int64?
    package var finishedAt: Int64
    package var failure: Failure?
    /// The most memory that a child of the worker held for it; nil where none worked for it alone.
    package var memoryBytes: Int64?

    package init(
        run: Int, workerID: Int64?, end: End, claimedAt: Int64?, finishedAt: Int64, failure: Failure?,
        memoryBytes: Int64? = nil
    ) {
        self.memoryBytes = memoryBytes
        self.run = run
        self.workerID = workerID
        self.end = end
        self.claimedAt = claimedAt
        self.finishedAt = finishedAt
        self.failure = failure
    }
}

/// A move that is not routine: rescue, requeue, cancel, park, priority lift, an operator's act.
package struct TaskEvent: Hashable, Sendable {
    package var at: Int64
    package var type: String
    package var actor: String
    package var detail: String

    package init(at: Int64, type: String, actor: String, detail: String) {
        self.at = at
        self.type = type
        self.actor = actor
        self.detail = detail
    }
}

package struct TaskFilter: Hashable, Sendable {
    package var state: TaskState?
    package var kind: TaskKind?
    package var role: Role?
    package var scanID: String?
    /// Of a failure (`Failure.fingerprint`): only dead tasks with this cause.
    package var fingerprint: Int?

    package init(
        state: TaskState? = nil, kind: TaskKind? = nil, role: Role? = nil, scanID: String? = nil,
        fingerprint: Int? = nil
    ) {
        self.state = state
        self.kind = kind
        self.role = role
        self.scanID = scanID
        self.fingerprint = fingerprint
    }
}

package struct QueueStatus: Hashable, Sendable {
    package var role: Role
    package var isPaused: Bool
    package var counts: [TaskState: Int]
    /// Suspects count with their priority.
    package var ready: [Priority: Int] = [:]
    /// Seconds since the oldest ready task became ready; nil when none is.
    package var oldestReadyAgeSeconds: Double?

    package init(role: Role, isPaused: Bool, counts: [TaskState: Int], oldestReadyAgeSeconds: Double?) {
        self.role = role
        self.isPaused = isPaused
        self.counts = counts
        self.oldestReadyAgeSeconds = oldestReadyAgeSeconds
    }
}

/// Dead tasks with one cause.
package struct DeadGroup: Hashable, Sendable {
    package var fingerprint: Int
    package var count: Int
    /// Of the newest of them.
    package var failure: Failure
    package var kind: TaskKind
    package var newestTask: Int64
    package var newestAt: Int64

    package init(
        fingerprint: Int, count: Int, failure: Failure, kind: TaskKind, newestTask: Int64, newestAt: Int64
    ) {
        self.fingerprint = fingerprint
        self.count = count
        self.failure = failure
        self.kind = kind
        self.newestTask = newestTask
        self.newestAt = newestAt
    }
}

package struct WorkerStatus: Hashable, Sendable {
    package var registration: WorkerRegistration
    package var startedAt: Int64
    package var lastSeenAt: Int64
    package var isAlive: Bool
    package var isDraining: Bool
    package var running: [Int64]

    package init(
        registration: WorkerRegistration, startedAt: Int64, lastSeenAt: Int64, isAlive: Bool, isDraining: Bool,
        running: [Int64]
    ) {
        self.registration = registration
        self.startedAt = startedAt
        self.lastSeenAt = lastSeenAt
        self.isAlive = isAlive
        self.isDraining = isDraining
        self.running = running
    }
}

package protocol TaskStore: Sendable {
    /// Durable when it returns. A live task with the same dedupe key is answered instead, its priority lifted if
    /// the new one is higher. The same idempotency key with the same request answers the first task again.
    /// Throws `notFound` for a scan that is named and not known.
    func submit(_ task: NewTask, idempotencyKey: String?) async throws -> TaskRecord
    func task(id: Int64) async throws -> (task: TaskRecord, runs: [TaskRun], events: [TaskEvent])
    /// The tasks of its scan that a task's outcome led to, as `TaskKind.next` has them: from a file to its sound, from
    /// its sound to its vector.
    func followers(of task: TaskRecord) async throws -> [TaskRecord]
    /// Newest first. Here as with all filters, a scan that is not known is `notFound`.
    func tasks(_ filter: TaskFilter, page: PageRequest) async throws -> Page<TaskRecord>
    /// Puts a dead task back. Throws `preconditionFailed` when it is not dead.
    func retry(id: Int64, actor: String) async throws -> TaskRecord
    /// Puts back all dead tasks that match; answers how many.
    func retryAll(_ filter: TaskFilter, actor: String) async throws -> Int
    /// A dead letter is dismissed. Throws `preconditionFailed` when the task is done.
    func cancel(id: Int64, actor: String) async throws -> TaskRecord
    /// Cancels all tasks that match and have not ended, or are dead; answers how many.
    func cancelAll(_ filter: TaskFilter, actor: String) async throws -> Int
    func queues() async throws -> [QueueStatus]
    /// Causes of dead tasks, those with most tasks first. Looks at the newest `limit` tasks that died at or after
    /// `since`, microseconds since the epoch.
    func deadGroups(since: Int64, limit: Int) async throws -> [DeadGroup]
    /// How many ready tasks are handed out before this one; at most `limit` are counted. 0 for what is not ready.
    func tasksAhead(of id: Int64, limit: Int) async throws -> Int
    func setPaused(_ paused: Bool, role: Role, actor: String) async throws
    func workers() async throws -> [WorkerStatus]
}
