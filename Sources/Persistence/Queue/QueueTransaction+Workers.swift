import Domain
import UseCases

extension QueueTransaction {
    func tasks(heldBy worker: Int64) throws -> [TaskRow] {
        try connection.all(
            """
            SELECT \(raw: TaskRow.columns) FROM task WHERE state = 'running' AND worker_id = \(worker) ORDER BY id
            """
        ) { try TaskRow($0) }
    }

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

    /// A task's time is measured from the moment it runs: one that waits in its worker's batch gets its full time.
    func extendDeadlines(_ heartbeat: Heartbeat) throws {
        let running = Query.ids(heartbeat.running, connection.dialect)
        for kind in TaskKind.allCases {
            try connection.execute(
                """
                UPDATE task SET deadline_at = \(leaseNow + Self.deadlineUs(kind))
                WHERE state = 'running' AND worker_id = \(heartbeat.worker) AND kind = \(kind.rawValue)
                    AND id NOT IN (\(running))
                """)
        }
    }
}
