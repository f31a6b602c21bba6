import Contracts
import Domain
import Telemetry

/// How a worker reaches the queue, wherever the queue is. Every call may throw `AccessRefused`, which is final.
package protocol TaskBroker: ScanReporter, ContentLookup {
    /// Makes the worker known, so that its leases hold. Called before the first lease, and again by a worker that is
    /// not known any more; the same registration twice is one.
    func register(_ worker: WorkerRegistration) async throws

    /// Claims up to `request.max` tasks, waiting up to `request.waitSeconds` for the first one. Cancelling the
    /// calling task ends the wait; what was claimed by then is still answered.
    func lease(_ request: LeaseRequest) async throws -> [LeasedTask]

    /// Keeps the worker's leases alive and shows what it is doing. Answers the tasks that somebody asked to cancel.
    /// Throws `preconditionFailed` for a worker that is not known (any more): it registers again.
    func renew(_ heartbeat: Heartbeat) async throws -> [Int64]

    /// Tasks that this worker holds and that somebody asked to cancel, as far as is known without writing.
    func cancellations(worker: Int64) async throws -> [Int64]

    /// Applies results, each in full or not at all; a result whose lease was lost changes nothing. The same results
    /// again, because the answer was lost, get the same verdicts.
    func settle(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict]

    /// Takes the worker off the list and hands back what it still holds, without charging an attempt.
    func deregister(worker: Int64) async throws
}

/// What the orchestrator asks about a claim that a worker elsewhere shows.
package protocol LeaseLookup: Sendable {
    /// Nil when the lease has ended.
    func task(holding lease: Lease) async throws -> LeasedTask?
}

/// The claim on one task: the token is random, so a worker that lost its claim cannot act on the next one's.
package struct Lease: Hashable, Codable, Sendable {
    package let taskID: Int64
    package let token: Int64

    package init(taskID: Int64, token: Int64) {
        self.taskID = taskID
        self.token = token
    }
}

/// The broker will not work with this worker, now or later: its token is unknown or revoked, or not good for this.
package struct AccessRefused: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

package struct LeasedTask: Hashable, Sendable {
    package let lease: Lease
    package let kind: TaskKind
    package let version: Int
    /// JSON text as stored; `TaskPayload.decode` reads it.
    package let payload: String
    /// 1 for the first run of this task, counting runs that were lost.
    package let run: Int
    /// What `payload` says, where the broker has read it already.
    package let decoded: TaskPayload?
    /// The parent of its runs; nil for a task that nobody traces.
    package let trace: TraceParent?

    package init(
        lease: Lease, kind: TaskKind, version: Int, payload: String, run: Int, decoded: TaskPayload? = nil,
        trace: TraceParent? = nil
    ) {
        self.lease = lease
        self.kind = kind
        self.version = version
        self.payload = payload
        self.run = run
        self.decoded = decoded
        self.trace = trace
    }
}

package struct LeaseRequest: Sendable {
    package var worker: Int64
    /// What the worker can run, each with the newest payload version it understands.
    package var kinds: [TaskKind: Int]
    package var max: Int
    package var waitSeconds: Double
    /// Random and positive: the fencing token of what is claimed. Asking again with the same one gets the same tasks,
    /// for a worker that did not hear the answer. Nil: the broker makes one.
    package var token: Int64?

    package init(worker: Int64, kinds: [TaskKind: Int], max: Int, waitSeconds: Double, token: Int64? = nil) {
        self.worker = worker
        self.kinds = kinds
        self.max = max
        self.waitSeconds = waitSeconds
        self.token = token
    }
}

package struct Settlement: Sendable {
    package enum Result: Sendable {
        case completed(Outcome)
        case failed(Failure)
        /// Handed back unfinished: no attempt is charged.
        case released
        /// The payload is of a version this worker does not know.
        case parked
    }

    package let lease: Lease
    package let result: Result
    /// Which run of the task this was: shows that a result that comes again was applied. Nil: a second one is stale.
    package let run: Int?
    /// The most memory that children of the worker held for it, as far as it had any.
    package let memoryBytes: Int64?
    /// The span of that run, which what follows from it continues.
    package let trace: TraceParent?

    package init(
        lease: Lease, result: Result, run: Int? = nil, memoryBytes: Int64? = nil, trace: TraceParent? = nil
    ) {
        self.lease = lease
        self.result = result
        self.run = run
        self.memoryBytes = memoryBytes
        self.trace = trace
    }
}

package enum Verdict: Hashable, Sendable {
    case accepted
    /// The lease had ended; the result was thrown away.
    case stale
}

package struct WorkerRegistration: Hashable, Codable, Sendable {
    /// Random for each start of a process, never a host name.
    package var id: Int64
    package var host: String
    package var processID: Int32
    package var roles: [Role]
    package var kinds: [TaskKind: Int]
    /// How many tasks of each role it runs at once.
    package var slots: [Role: Int]
    package var version: String
    /// Why it does less heavy work at once than it has slots; nil while it does not.
    package var hold: WorkHold?

    package init(
        id: Int64, host: String, processID: Int32, roles: [Role], kinds: [TaskKind: Int], slots: [Role: Int],
        version: String, hold: WorkHold? = nil
    ) {
        self.id = id
        self.host = host
        self.processID = processID
        self.roles = roles
        self.kinds = kinds
        self.slots = slots
        self.version = version
        self.hold = hold
    }
}

package struct Heartbeat: Sendable {
    package var worker: Int64
    /// The tasks it holds: leased and not settled yet. What it leased a while ago and no longer names is handed back.
    package var running: [Int64]
    /// The worker promises the next heartbeat well within this time.
    package var leaseSeconds: Double
    package var draining: Bool

    package init(worker: Int64, running: [Int64], leaseSeconds: Double, draining: Bool) {
        self.worker = worker
        self.running = running
        self.leaseSeconds = leaseSeconds
        self.draining = draining
    }
}
