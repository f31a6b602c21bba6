import Contracts
import Domain
import UseCases

extension QueueTransaction {
    func tasks(heldBy worker: Int64) throws -> [TaskRow] {
        try connection.all(
            """
            SELECT \(raw: TaskRow.columns) FROM task WHERE state = 'running' AND worker_id = \(worker)
            ORDER BY id\(Query.forUpdate(connection.dialect))
            """
        ) { try TaskRow($0) }
    }

    /// True when nobody has the worker's id, or this very worker. Texts may differ in the order of their members.
    func isFree(_ worker: WorkerRegistration) throws -> Bool {
        let stored = try connection.first("SELECT registration FROM worker WHERE id = \(worker.id)") {
            $0.text(0) ?? ""
        }
        guard let stored else { return true }
        do {
            var stored = try ContractJSON.decode(WorkerRegistration.self, from: stored)
            stored.hold = worker.hold  // the one thing that changes
            return stored == worker
        } catch {
            return false  // one that cannot be read is somebody else's
        }
    }

    /// A worker that was given up and speaks again is alive: what it held has another lease by now, so its late
    /// results are refused, and it may go on with new tasks.
    func keepAlive(_ worker: Int64, seconds: Double, isDraining: Bool) throws {
        let leaseUntil = leaseNow + Int64(seconds * 1_000_000)
        let known = try connection.execute(
            """
            UPDATE worker SET lease_until = \(leaseUntil), boot_id = \(context.leaseClock.bootID), seen_at = \(now),
                is_draining = \(isDraining), ended_at = NULL
            WHERE id = \(worker)
            """)
        guard known > 0 else { throw Self.unknownWorker }
    }

    /// Lets nobody else act for this worker until the transaction ends. Comes before the worker's tasks wherever both
    /// are locked, so that two never wait for each other.
    func lock(worker: Int64) throws {
        let row: Query = "SELECT 1 FROM worker WHERE id = \(worker)\(Query.forUpdate(connection.dialect))"
        try connection.forEach(row) { _ in }
    }

    /// Sees to it that a claim is held by a living lease.
    func checkAlive(_ worker: Int64) throws {
        let isAlive = try connection.first(
            """
            SELECT CASE WHEN ended_at IS NULL AND boot_id = \(context.leaseClock.bootID)
                AND lease_until > \(leaseNow) THEN 1 ELSE 0 END
            FROM worker WHERE id = \(worker)
            """
        ) { $0.int(0) == 1 }
        guard let isAlive else { throw Self.unknownWorker }
        if !isAlive {
            try keepAlive(worker, seconds: Double(DatabaseBroker.firstLeaseSeconds), isDraining: false)
        }
    }

    /// From its first task on a worker shows every few seconds that it lives, so the long lease of its idle time ends:
    /// a device that is switched off right after a claim must not hold on to it for minutes.
    func endIdleLease(_ worker: Int64) throws {
        let leaseUntil = leaseNow + DatabaseBroker.claimLeaseSeconds * 1_000_000
        try connection.execute(
            "UPDATE worker SET lease_until = \(leaseUntil) WHERE id = \(worker) AND lease_until > \(leaseUntil)")
    }

    private static let unknownWorker = StoreError.preconditionFailed(
        "this worker is not known (any more): register again with a new id")

    /// A worker that knows newer versions has come: what waited for it is ready.
    mutating func unpark(_ kinds: [TaskKind: Int]) throws {
        for (kind, version) in kinds.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let released = try connection.all(
                """
                UPDATE task SET state = \(TaskState.parked.moved(by: .unpark).rawValue)
                WHERE state = 'parked' AND kind = \(kind.rawValue) AND version <= \(version) RETURNING id
                """
            ) { $0.int(0) ?? 0 }
            for id in released { try event("unparked", task: id, actor: "queue") }
            if !released.isEmpty { hasNewWork = true }
        }
    }

    /// Time for a claim to reach the worker's own list of what it holds.
    static let forgottenAfterUs: Int64 = 60_000_000

    /// Puts back what the worker leased and holds no more: its results could not be settled, or the answer to its
    /// lease was lost. The file is not to blame, so nothing is charged.
    mutating func releaseForgotten(_ heartbeat: Heartbeat) throws {
        let held = Set(heartbeat.running)
        let before = now - Self.forgottenAfterUs
        let rows = try tasks(heldBy: heartbeat.worker).filter { row in
            !held.contains(row.id) && (row.claimedAt ?? now) < before
        }
        for row in rows { try release(row) }
    }
}
