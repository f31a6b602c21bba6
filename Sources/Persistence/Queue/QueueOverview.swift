import Domain
import UseCases

/// Numbers for dashboards. Every count reads an index that holds nothing but what is counted, or a tally.
enum QueueOverview {
    static func queues(now: Int64, in connection: any Connection) throws -> [QueueStatus] {
        let paused = try pausedRoles(in: connection)
        let counts = try counts(in: connection)
        let ages = try oldestReadyAges(of: counts, now: now, in: connection)
        let lanes = try readyByPriority(in: connection)
        return Role.allCases.map { role in
            let kinds = TaskKind.allCases.filter { $0.role == role }
            var status = QueueStatus(
                role: role, isPaused: paused.contains(role),
                counts: kinds.compactMap { counts[$0] }.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) },
                oldestReadyAgeSeconds: kinds.compactMap { ages[$0] }.max())
            status.ready = lanes[role] ?? [:]
            return status
        }
    }

    private static func readyByPriority(in connection: any Connection) throws -> [Role: [Priority: Int]] {
        var ready: [Role: [Priority: Int]] = [:]
        let query: Query = "SELECT kind, lane, count(*) FROM task WHERE state = 'ready' GROUP BY kind, lane"
        try connection.forEach(query) { row in
            guard let kind = TaskKind(rawValue: row.text(0) ?? "") else { return }
            ready[kind.role, default: [:]][Priority(lane: row.number(1)), default: 0] += row.number(2)
        }
        return ready
    }

    static func pausedRoles(in connection: any Connection) throws -> Set<Role> {
        Set(try connection.all("SELECT role FROM queue_control") { $0.text(0).flatMap(Role.init) }.compactMap(\.self))
    }

    static func counts(in connection: any Connection) throws -> [TaskKind: [TaskState: Int]] {
        var counts: [TaskKind: [TaskState: Int]] = [:]
        let sources: [(TaskState, Query)] = [
            (.ready, "SELECT kind, count(*) FROM task WHERE state = 'ready' GROUP BY kind"),
            (.running, "SELECT kind, count(*) FROM task WHERE state = 'running' GROUP BY kind"),
            (.scheduled, "SELECT kind, count(*) FROM task WHERE state = 'scheduled' GROUP BY kind"),
            (.parked, "SELECT kind, count(*) FROM task WHERE state = 'parked' GROUP BY kind"),
            (.dead, "SELECT kind, count(*) FROM task_dead GROUP BY kind"),
            (.done, "SELECT kind, CAST(SUM(done) AS BIGINT) FROM task_ended GROUP BY kind"),
            (.cancelled, "SELECT kind, CAST(SUM(cancelled) AS BIGINT) FROM task_ended GROUP BY kind"),
        ]
        for (state, query) in sources {
            try connection.forEach(query) { row in
                guard let kind = TaskKind(rawValue: row.text(0) ?? "") else { return }
                let count = row.number(1)
                if count > 0 { counts[kind, default: [:]][state] = count }
            }
        }
        return counts
    }

    /// Seconds since the first task of each lane became ready, the most of them: one index look-up a lane, for kinds that
    /// have something to do.
    static func oldestReadyAges(
        of counts: [TaskKind: [TaskState: Int]], now: Int64, in connection: any Connection
    ) throws -> [TaskKind: Double] {
        var ages: [TaskKind: Double] = [:]
        for (kind, states) in counts where states[.ready] != nil {
            for lane in Priority.lanes {
                let first = try connection.first(
                    """
                    SELECT created_at, run_at FROM task
                    WHERE state = 'ready' AND kind = \(kind.rawValue) AND lane = \(lane) ORDER BY id LIMIT 1
                    """
                ) { max($0.int(0) ?? 0, $0.int(1) ?? 0) }
                guard let first else { continue }
                ages[kind] = max(ages[kind] ?? 0, Double(now - first) / 1_000_000)
            }
        }
        return ages
    }

    static func workers(now: Int64, bootID: String, in connection: any Connection) throws -> [WorkerStatus] {
        var held: [Int64: [Int64]] = [:]
        try connection.forEach("SELECT worker_id, id FROM task WHERE state = 'running'") { row in
            held[row.int(0) ?? 0, default: []].append(row.int(1) ?? 0)
        }
        return try connection.all(
            """
            SELECT id, registration, boot_id, lease_until, is_draining, started_at, seen_at, ended_at FROM worker
            ORDER BY started_at, id
            """
        ) { row in
            let isAlive = row.int(7) == nil && row.text(2) == bootID && (row.int(3) ?? 0) >= now
            let id = row.int(0) ?? 0
            return WorkerStatus(
                registration: WorkerRegistration(stored: row.text(1) ?? "", id: id), startedAt: row.int(5) ?? 0,
                lastSeenAt: row.int(6) ?? 0, isAlive: isAlive, isDraining: row.int(4) == 1,
                running: (held[id] ?? []).sorted())
        }
    }
}
