import Domain
import Telemetry
import UseCases

/// What `/metrics` tells of the queue, the scans and the services outside: a dozen questions in one snapshot, none of
/// which looks at history.
package struct QueueFacts: Sendable {
    let context: QueueContext

    /// Throws a `StoreError` when the database does not answer.
    package func read() async throws -> [MetricSample] {
        try await context.database.read { [context] connection in
            let times = try context.times(on: connection)
            return try Self.tasks(now: times.now, in: connection)
                + Self.workers(now: times.leaseNow, bootID: context.leaseClock.bootID, in: connection)
                + Self.scans(in: connection) + Self.services(now: times.now, in: connection)
        }
    }

    private static func tasks(now: Int64, in connection: any Connection) throws -> [MetricSample] {
        let counts = try QueueOverview.counts(in: connection)
        let ages = try QueueOverview.oldestReadyAges(of: counts, now: now, in: connection)
        let paused = try QueueOverview.pausedRoles(in: connection)
        let tasks = TaskKind.allCases.flatMap { kind in
            [TaskState.ready, .running, .scheduled, .parked, .dead].map { state in
                Metrics.queue.tasks.sample(counts[kind]?[state] ?? 0, kind, state)
            }
        }
        let finished = TaskKind.allCases.flatMap { kind in
            [
                Metrics.queue.finished.sample(counts[kind]?[.done] ?? 0, kind, .done),
                Metrics.queue.finished.sample(counts[kind]?[.cancelled] ?? 0, kind, .cancelled),
            ]
        }
        return tasks + finished + TaskKind.allCases.map { Metrics.queue.oldestReadyAge.sample(ages[$0] ?? 0, $0) }
            + Role.allCases.map { Metrics.queue.paused.sample(paused.contains($0) ? 1 : 0, $0) }
    }

    private static func workers(now: Int64, bootID: String, in connection: any Connection) throws -> [MetricSample] {
        let alive = try connection.all(
            """
            SELECT id, registration, is_draining FROM worker
            WHERE ended_at IS NULL AND boot_id = \(bootID) AND lease_until >= \(now)
            """
        ) { (registration: WorkerRegistration(stored: $0.text(1) ?? "", id: $0.int(0) ?? 0), drains: $0.int(2) == 1) }
        let known = Set(alive.map(\.registration.id))
        var held: [Role: [LeaseHolder: Int]] = [:]
        try connection.forEach(
            "SELECT worker_id, kind, count(*) FROM task WHERE state = 'running' GROUP BY worker_id, kind"
        ) { row in
            guard let role = TaskKind(rawValue: row.text(1) ?? "")?.role else { return }
            held[role, default: [:]][known.contains(row.int(0) ?? 0) ? .alive : .lost, default: 0] += row.number(2)
        }
        return Role.allCases.flatMap { role in
            let ours = alive.filter { $0.registration.roles.contains(role) }
            let draining = ours.count { $0.drains }
            return [
                Metrics.queue.leases.sample(held[role]?[.alive] ?? 0, role, .alive),
                Metrics.queue.leases.sample(held[role]?[.lost] ?? 0, role, .lost),
                Metrics.queue.workersUp.sample(ours.count - draining, role, .working),
                Metrics.queue.workersUp.sample(draining, role, .draining),
                Metrics.queue.slots.sample(ours.reduce(0) { $0 + ($1.registration.slots[role] ?? 0) }, role),
            ]
        }
    }

    private static func scans(in connection: any Connection) throws -> [MetricSample] {
        var steps: [ScanStep: Int] = [:]
        var (open, begun) = (0, 0)
        try connection.forEach(
            """
            SELECT started_at, found, unchanged, refused, moved, missing FROM scan WHERE finished_at IS NULL
            """
        ) { row in
            open += 1
            if row.int(0) != nil { begun += 1 }
            let walked: [ScanStep] = [.found, .unchanged, .refused, .moved, .missing]
            for (column, step) in walked.enumerated() { steps[step, default: 0] += row.number(column + 1) }
        }
        var (queued, done) = (0, 0)
        try connection.forEach(
            """
            SELECT tasks_queued, tasks_done, indexed, analyzed, vectorized, cached, failed FROM scan_progress
            WHERE scan_id IN (SELECT id FROM scan WHERE finished_at IS NULL)
            """
        ) { row in
            queued += row.number(0)
            done += row.number(1)
            let worked: [ScanStep] = [.indexed, .analyzed, .vectorized, .cached, .failed]
            for (column, step) in worked.enumerated() { steps[step, default: 0] += row.number(column + 2) }
        }
        return ScanStep.allCases.map { Metrics.scans.files.sample(steps[$0] ?? 0, $0) } + [
            Metrics.scans.open.sample(open - begun, .queued), Metrics.scans.open.sample(begun, .running),
            Metrics.scans.tasks.sample(queued, .queued), Metrics.scans.tasks.sample(done, .done),
        ]
    }

    /// Of the worst of a service's doors. Those that nobody ever asked are left out.
    private static func services(now: Int64, in connection: any Connection) throws -> [MetricSample] {
        let records = try StoredGate.all(at: Double(now) / 1_000_000, connection)
        let order: [ServiceState: BreakerState] = [
            .blocked: .blocked, .open: .open, .halfOpen: .halfOpen, .closed: .closed, .unknown: .unknown,
        ]
        return ServiceID.allCases.flatMap { service -> [MetricSample] in
            // A model behind a service has a door of its own: ollama:nomic-embed-text.
            let states = records.filter { $0.door.service.prefix { $0 != ":" } == service.rawValue }.map(\.state)
            let worst = [ServiceState.blocked, .open, .halfOpen, .closed].first(where: states.contains)
            guard let worst, let state = order[worst] else { return [] }
            return BreakerState.allCases.map { Metrics.services.breaker.sample($0 == state ? 1 : 0, service, $0) }
        }
    }
}
