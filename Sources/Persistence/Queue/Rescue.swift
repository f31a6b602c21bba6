import Contracts
import Domain
import UseCases

/// A task whose worker was lost, or did not come back in time.
package struct RescuedTask: Hashable, Sendable {
    package enum End: String, Sendable {
        /// Into the queue, to be run alone.
        case putBack = "put_back"
        /// A dead letter: it lost its worker too often.
        case buried
        /// Nobody wanted it any more.
        case cancelled
    }

    package var id: Int64
    package var kind: String
    /// The run that was lost, 1 for the first.
    package var attempt: Int
    package var end: End
}

/// Who is lost, and what comes of the tasks.
enum Rescue {
    /// Workers whose lease has ended or began in another boot, and owners of running tasks that no living worker
    /// answers for. The question is always "is there a live lease?", never "is this row old?".
    static func silentWorkers(_ bootID: String, now: Int64) -> Query {
        """
        SELECT id FROM worker WHERE ended_at IS NULL AND (boot_id <> \(bootID) OR lease_until < \(now))
        UNION
        SELECT worker_id FROM task WHERE state = 'running' AND NOT EXISTS (
            SELECT 1 FROM worker WHERE worker.id = task.worker_id AND worker.ended_at IS NULL)
        """
    }

    /// Read from the index of running tasks alone.
    static func overdueTasks(now: Int64) -> Query {
        "SELECT id FROM task WHERE \(isOverdue(now))"
    }

    static func isOverdue(_ now: Int64) -> Query { "state = 'running' AND deadline_at < \(now)" }
}

extension QueueTransaction {
    /// Takes a worker off the list and puts its tasks back, in the caller's transaction. Unless its death is certain,
    /// looks again: it may have renewed its lease meanwhile.
    mutating func rescue(worker lost: Int64, isCertain: Bool, tellingCatalogue: Bool = true) throws -> [RescuedTask] {
        if !isCertain {
            try lock(worker: lost)
            let silent = try connection.all(Rescue.silentWorkers(context.leaseClock.bootID, now: leaseNow)) {
                $0.int(0)
            }
            guard silent.contains(lost) else { return [] }
        }
        let registration = try connection.first(
            "UPDATE worker SET ended_at = \(now) WHERE id = \(lost) AND ended_at IS NULL RETURNING registration"
        ) { $0.text(0) ?? "" }
        let rows = try tasks(heldBy: lost)
        if let registration {
            let worker = WorkerRegistration(stored: registration, id: lost)
            announcements.append(
                .workerLost(WorkerLost(host: worker.host, roles: worker.roles, tasks: rows.count)))
        }
        return try rows.map { try rescue($0, because: "its worker was lost", tellingCatalogue: tellingCatalogue) }
    }

    mutating func rescueOverdue(tellingCatalogue: Bool = true) throws -> [RescuedTask] {
        let rows = try connection.all(
            """
            SELECT \(raw: TaskRow.columns) FROM task WHERE \(Rescue.isOverdue(leaseNow))
            ORDER BY id\(Query.forUpdate(connection.dialect))
            """
        ) { try TaskRow($0) }
        return try rows.map { try rescue($0, because: "it ran past its deadline", tellingCatalogue: tellingCatalogue) }
    }
}
