import Domain
import UseCases

/// Tasks that do not move, and why. Reads only.
package struct StuckTasks: Sendable {
    package struct Group: Sendable, Hashable, Encodable {
        package let kind: String
        package let state: String
        package let count: Int
        package let oldestTask: Int64
        package let why: String

        private enum CodingKeys: String, CodingKey {
            case kind, state, count, why
            case oldestTask = "oldest_task"
        }
    }

    private let database: any Database
    /// Until then a ready task without a worker for it is not stuck: the worker may just be starting.
    private let patienceSeconds: Int64

    package init(database: any Database, patienceSeconds: Int64 = 300) {
        self.database = database
        self.patienceSeconds = patienceSeconds
    }

    /// - Parameter clock: microseconds since the epoch, where the server has no time of its own.
    package func groups(clock: @escaping MicrosecondClock) async throws -> [Group] {
        let leaseClock = LeaseClock.suiting(database.dialect)
        return try await database.read { connection in
            let server = leaseClock.isOfServer ? try connection.serverTime() : nil
            let (now, leaseNow) = (server ?? clock(), server ?? leaseClock.now())
            let living = try QueueOverview.workers(now: leaseNow, bootID: leaseClock.bootID, in: connection)
                .filter(\.isAlive)
            let workers = living.map(\.registration.id)
            return try held(except: workers, on: connection) + overdue(workers, leaseNow, on: connection)
                + waiting(since: now - patienceSeconds * 1_000_000, living, on: connection)
        }
    }

    private func held(except living: [Int64], on connection: any Connection) throws -> [Group] {
        try connection.all(
            """
            SELECT kind, COUNT(*), MIN(id) FROM task
            WHERE state = 'running' AND NOT worker_id \(.among(living, connection.dialect))
            GROUP BY kind ORDER BY kind
            """
        ) { row in
            Group(row, state: .running, why: "their worker is gone; a server puts them back within a minute")
        }
    }

    private func overdue(_ living: [Int64], _ leaseNow: Int64, on connection: any Connection) throws -> [Group] {
        try connection.all(
            """
            SELECT kind, COUNT(*), MIN(id) FROM task
            WHERE \(Rescue.isOverdue(leaseNow)) AND worker_id \(.among(living, connection.dialect))
            GROUP BY kind ORDER BY kind
            """
        ) { row in
            Group(row, state: .running, why: "they run past their deadline; a server puts them back within a minute")
        }
    }

    private func waiting(
        since: Int64, _ living: [WorkerStatus], on connection: any Connection
    ) throws -> [Group] {
        let paused = Set(try connection.all("SELECT role FROM queue_control") { $0.text(0) ?? "" })
        let groups = try connection.all(
            """
            SELECT kind, COUNT(*), MIN(id), MAX(version), MIN(version) FROM task
            WHERE state = 'ready' AND created_at < \(since) AND (run_at IS NULL OR run_at < \(since))
            GROUP BY kind ORDER BY kind
            """
        ) { row -> Group? in
            guard let kind = TaskKind(rawValue: row.text(0) ?? "") else {
                return Group(row, state: .ready, why: "this build does not know what they are")
            }
            if paused.contains(kind.role.rawValue) {
                return Group(row, state: .ready, why: "the role \(kind.role.rawValue) is paused")
            }
            let oldest = Int(row.int(4) ?? 0)
            let isServed = living.contains { ($0.registration.kinds[kind] ?? 0) >= oldest && !$0.isDraining }
            guard isServed else {
                return Group(row, state: .ready, why: "no worker serves the role \(kind.role.rawValue)")
            }
            return WaitReason.heldBack(kind, living).map { Group(row, state: .ready, why: $0.text) }
        }
        return try groups.compactMap(\.self) + parked(on: connection)
    }

    private func parked(on connection: any Connection) throws -> [Group] {
        try connection.all(
            "SELECT kind, COUNT(*), MIN(id) FROM task WHERE state = 'parked' GROUP BY kind ORDER BY kind"
        ) { Group($0, state: .parked, why: "no worker knows their version") }
    }
}

extension StuckTasks.Group {
    /// From kind, count and smallest id.
    fileprivate init(_ row: any Row, state: TaskState, why: String) {
        self.init(
            kind: row.text(0) ?? "", state: state.rawValue, count: Int(row.int(1) ?? 0), oldestTask: row.int(2) ?? 0,
            why: why)
    }
}
