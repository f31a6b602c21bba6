import Contracts
import Domain
import UseCases

/// The queue as workers see it, straight on the database.
package final class DatabaseBroker: TaskBroker, LeaseLookup {
    let context: QueueContext
    let payloads = PayloadCache()
    private let marks = ClaimMarks()
    /// Nil for workers on other devices, whose death only the end of their lease can tell.
    private let locks: WorkerLocks?
    private let watch: CommitWatch

    /// A worker's lease until its first heartbeat, which an idle worker sends after a minute.
    static let firstLeaseSeconds: Int64 = 90
    /// A worker's lease from a claim until the heartbeat that names what it claimed.
    static let claimLeaseSeconds: Int64 = 40
    static let maxLeaseSeconds: Double = 3600
    static let maxWaitSeconds: Double = 60

    init(context: QueueContext, locks: WorkerLocks?, pollInterval: Duration) {
        self.context = context
        self.locks = locks
        watch = CommitWatch(database: context.database, signal: context.signal, interval: pollInterval)
    }

    package func register(_ worker: WorkerRegistration) async throws {
        let hasLock = locks?.take(worker.id) ?? false
        let json = ContractJSON.encode(worker)
        let bootID = context.leaseClock.bootID
        try await context.write { transaction in
            guard try transaction.isFree(worker) else { throw StoreError.conflict("another worker has this id") }
            let leaseUntil = transaction.leaseNow + Self.firstLeaseSeconds * 1_000_000
            try transaction.connection.execute(
                """
                INSERT INTO worker (id, registration, boot_id, has_lock, lease_until, started_at, seen_at)
                VALUES (\(worker.id), \(json), \(bootID), \(hasLock), \(leaseUntil), \(transaction.now),
                    \(transaction.now))
                ON CONFLICT (id) DO UPDATE SET registration = excluded.registration, lease_until = excluded.lease_until,
                    boot_id = excluded.boot_id, has_lock = excluded.has_lock, seen_at = excluded.seen_at, ended_at = NULL
                """)
            try transaction.unpark(worker.kinds)
        }
    }

    package func lease(_ request: LeaseRequest) async throws -> [LeasedTask] {
        let tasks = try await claim(request)
        guard tasks.isEmpty, request.waitSeconds > 0 else { return tasks }
        return try await watch.during { try await waitForTasks(request) }
    }

    private func waitForTasks(_ request: LeaseRequest) async throws -> [LeasedTask] {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(min(request.waitSeconds, Self.maxWaitSeconds))
        // Taken before each look: what happens after it ends the next wait at once.
        var seen = context.signal.generation
        var tasks = try await claim(request)
        while tasks.isEmpty, clock.now < end, !Task.isCancelled {
            await context.signal.wait(while: seen, upTo: end - clock.now)
            seen = context.signal.generation
            if try await mayFind(request) { tasks = try await claim(request) }
        }
        return tasks
    }

    /// A look that takes no write lock.
    private func mayFind(_ request: LeaseRequest) async throws -> Bool {
        try await context.database.read { [context] connection in
            for kind in request.kinds.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
                let isReady = try connection.first(
                    "SELECT 1 FROM task WHERE state = 'ready' AND kind = \(kind.rawValue) LIMIT 1"
                ) { _ in true }
                if isReady == true { return true }
            }
            let now = try context.times(on: connection).now
            return try connection.first(QueueTransaction.dueTasks(now: now, limit: 1)) { _ in true } ?? false
        }
    }

    /// Claims, and reads what was claimed: what cannot be read is a dead letter at once and is not handed out.
    private func claim(_ request: LeaseRequest) async throws -> [LeasedTask] {
        while true {
            let rows = try await claimRows(request)
            var tasks: [LeasedTask] = []
            var unreadable: [Settlement] = []
            for row in rows {
                guard let kind = row.kind, let token = row.lease else { continue }
                let lease = Lease(taskID: row.id, token: token)
                var decoded: TaskPayload?
                do throws(TaskPayload.Problem) {
                    let payload = try row.decodedPayload()
                    payloads.put(payload, task: row.id, lease: token)
                    decoded = payload
                } catch .malformed(let text) {
                    let failure = Failure(.invalidPayload, TaskPayload.Problem.malformed(text).text)
                    unreadable.append(Settlement(lease: lease, result: .failed(failure)))
                    continue
                } catch {
                    // A version that only the worker knows: it decides.
                }
                tasks.append(
                    LeasedTask(
                        lease: lease, kind: kind, version: row.version, payload: row.payload, run: row.runs,
                        decoded: decoded, trace: row.trace))
            }
            if !unreadable.isEmpty { await bury(unreadable, worker: request.worker) }
            if !tasks.isEmpty || rows.isEmpty { return tasks }
        }
    }

    /// From where the last claim ended, and from the front when that yields nothing.
    private func claimRows(_ request: LeaseRequest) async throws -> [TaskRow] {
        let start = context.database.dialect == .postgres ? marks.start(at: context.leaseClock.now()) : [:]
        let rows = try await claimRows(request, after: start)
        if context.database.dialect == .postgres {
            marks.claimed(rows, isDry: rows.count < min(request.max, QueueTransaction.maxLease))
        }
        guard rows.isEmpty, !start.isEmpty else { return rows }
        return try await claimRows(request, after: [:])
    }

    private func claimRows(_ request: LeaseRequest, after start: [ClaimMarks.Lane: Int64]) async throws -> [TaskRow] {
        try await context.write(worker: request.worker) { transaction in
            let rows = try transaction.claim(request, after: start)
            if !rows.isEmpty { try transaction.endIdleLease(request.worker) }
            return rows
        }
    }

    /// When that fails, nobody names these tasks in a heartbeat, and they come back.
    private func bury(_ unreadable: [Settlement], worker: Int64) async {
        _ = try? await settle(unreadable, worker: worker)  // said above; the readable ones must not wait for this
    }

    package func renew(_ heartbeat: Heartbeat) async throws -> [Int64] {
        let seconds = min(max(heartbeat.leaseSeconds, 1), Self.maxLeaseSeconds)
        return try await context.write { transaction in
            try transaction.keepAlive(heartbeat.worker, seconds: seconds, isDraining: heartbeat.draining)
            try transaction.releaseForgotten(heartbeat)
            return try Self.cancellations(heartbeat.worker, transaction.connection)
        }
    }

    package func cancellations(worker: Int64) async throws -> [Int64] {
        try await context.database.read { try Self.cancellations(worker, $0) }
    }

    private static func cancellations(_ worker: Int64, _ connection: any Connection) throws -> [Int64] {
        try connection.all(
            """
            SELECT task.id FROM task LEFT JOIN scan ON scan.id = task.scan_id
            WHERE task.state = 'running' AND task.worker_id = \(worker)
                AND (task.cancel_requested = 1 OR scan.cancelled_at IS NOT NULL)
            """
        ) { $0.int(0) ?? 0 }
    }

    package func deregister(worker: Int64) async throws {
        try await context.write(worker: worker) { transaction in
            try transaction.lock(worker: worker)
            for row in try transaction.tasks(heldBy: worker) { try transaction.release(row) }
            try transaction.connection.execute("DELETE FROM worker WHERE id = \(worker)")
        }
        locks?.drop(worker)
    }

    package func task(holding lease: Lease) async throws -> LeasedTask? {
        try await context.database.read { connection in
            let row = try connection.first(
                """
                SELECT \(raw: TaskRow.columns) FROM task
                WHERE id = \(lease.taskID) AND state = 'running' AND lease = \(lease.token)
                """
            ) { try TaskRow($0) }
            guard let row, let kind = row.kind else { return nil }
            return LeasedTask(
                lease: lease, kind: kind, version: row.version, payload: row.payload, run: row.runs,
                trace: row.trace)
        }
    }

    package func hasAnalysis(
        contentKey: String, version: String, withFingerprint: Bool
    ) async throws -> Bool {
        let sink = context.sink
        return try await context.database.read { connection in
            try sink.hasAnalysis(
                contentKey: contentKey, version: version, withFingerprint: withFingerprint, in: connection)
        }
    }
}
