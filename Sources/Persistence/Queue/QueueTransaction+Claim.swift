import Domain
import UseCases

extension QueueTransaction {
    /// Tasks that are moved from "later" to "ready" at once.
    static let promotionBatch = 1000
    /// The most that one lease can claim.
    static let maxLease = 1000

    /// Claims tasks in the caller's transaction, best lane first, oldest first; among kinds of one lane a server takes
    /// any kind first, so that none waits for the end of another. Suspects come last, one at a time:
    /// a worker takes one only when it runs nothing of the requested kinds, and holds at most one.
    mutating func claim(_ request: LeaseRequest, after marks: [ClaimMarks.Lane: Int64] = [:]) throws -> [TaskRow] {
        // The first try may still be on its way, perhaps through another orchestrator.
        if request.token != nil { try lock(worker: request.worker) }
        try checkAlive(request.worker)
        let known = try claimed(by: request)
        guard known.isEmpty else { return known }
        try promoteDue()
        let kinds = try openKinds(request)
        guard !kinds.isEmpty, request.max > 0 else { return [] }
        let held = try suspectsHeld(by: request.worker)
        if !held.isDisjoint(with: kinds.map(\.key)) { return [] }
        let limit = min(request.max, Self.maxLease)
        let tasks = try claim(kinds, limit: limit, quarantined: false, after: marks, for: request)
        // Nothing behind the marks does not mean that there is nothing.
        guard tasks.isEmpty, marks.isEmpty else { return tasks }
        try parkTooNew(kinds)
        guard held.isEmpty, try !isRunning(kinds.map(\.key), worker: request.worker) else { return [] }
        return try claim(kinds, limit: 1, quarantined: true, after: [:], for: request)
    }

    /// What the worker was given already when it asked with the same token, and did not hear.
    private func claimed(by request: LeaseRequest) throws -> [TaskRow] {
        guard let token = request.token else { return [] }
        return try tasks(heldBy: request.worker).filter { $0.lease == token }
    }

    /// The requested kinds whose role is not paused, in a fixed order so that the statement's text stays the same.
    private func openKinds(_ request: LeaseRequest) throws -> [(key: TaskKind, value: Int)] {
        let paused = Set(try connection.all("SELECT role FROM queue_control") { $0.text(0) ?? "" })
        return request.kinds.filter { !paused.contains($0.key.role.rawValue) }
            .sorted { $0.key.rawValue < $1.key.rawValue }
    }

    private mutating func claim(
        _ kinds: [(key: TaskKind, value: Int)], limit: Int, quarantined: Bool, after marks: [ClaimMarks.Lane: Int64],
        for request: LeaseRequest
    ) throws -> [TaskRow] {
        var deadline: Query = "CASE kind"
        for (kind, _) in kinds {
            deadline = deadline + " WHEN \(kind.rawValue) THEN \(leaseNow + Self.deadlineUs(kind))"
        }
        var order = kinds
        if connection.dialect == .postgres {
            order = startingAnywhere(kinds)
            try connection.perform(Self.withoutSorting)
        }
        let rows = try connection.all(
            """
            UPDATE task SET state = \(TaskState.ready.moved(by: .claim).rawValue), worker_id = \(request.worker),
                lease = \(request.token ?? context.randomID()), claimed_at = \(now), deadline_at = \(deadline) END,
                runs = runs + 1
            WHERE \(Self.isCandidate(order, limit: limit, quarantined: quarantined, after: marks, connection.dialect))
            RETURNING \(raw: TaskRow.columns)
            """
        ) { try TaskRow($0) }.sorted { ($0.lane, $0.id) < ($1.lane, $1.id) }
        for row in rows { events.taskClaimed(row, at: now) }
        return rows
    }

    /// Rotated, not shuffled: as few statements are prepared as there are kinds.
    private func startingAnywhere(_ kinds: [(key: TaskKind, value: Int)]) -> [(key: TaskKind, value: Int)] {
        let start = min(Int(context.randomUnit() * Double(kinds.count)), kinds.count - 1)
        return Array(kinds[start...] + kinds[..<start])
    }

    static func isCandidate(
        _ kinds: [(key: TaskKind, value: Int)], limit: Int, quarantined: Bool, after marks: [ClaimMarks.Lane: Int64],
        _ dialect: Dialect
    ) -> Query {
        switch dialect {
        case .sqlite: "id IN (\(candidates(kinds, limit: limit, quarantined: quarantined)))"
        case .postgres:
            "id = ANY(ARRAY(\(lockedCandidates(kinds, limit: limit, quarantined: quarantined, after: marks))))"
        }
    }

    /// For the rest of the transaction. A plan that was made on a short queue would sort all of what is a long queue by
    /// now, where the index has the order already.
    static let withoutSorting: Query = "SET LOCAL enable_sort = off"

    /// Each lane of each kind is one range of the index, read in order and only as far as tasks are needed; what
    /// another worker is claiming is passed over. The lane is a range, too: were it one value, the primary key would
    /// have the same order, and a planner that saw one lane full would read it all to find another one empty.
    static func lockedCandidates(
        _ kinds: [(key: TaskKind, value: Int)], limit: Int, quarantined: Bool, after marks: [ClaimMarks.Lane: Int64]
    ) -> Query {
        var union: Query = ""
        for priority in Priority.allCases {
            let lane = priority.rawValue + (quarantined ? Priority.quarantineOffset : 0)
            for (kind, version) in kinds {
                if !union.sql.isEmpty { union = union + " UNION ALL " }
                let mark = marks[ClaimMarks.Lane(kind: kind.rawValue, lane: lane)] ?? 0
                union =
                    union + """
                        SELECT id FROM (SELECT id FROM task
                            WHERE state = 'ready' AND kind = \(kind.rawValue) AND lane <= \(lane)
                                AND (lane, id) > (\(lane), \(mark)) AND version <= \(version)
                            ORDER BY lane, id LIMIT 1000 FOR UPDATE SKIP LOCKED) AS one_lane
                        """
            }
        }
        return "SELECT id FROM (\(union)) AS candidate LIMIT \(limit)"
    }

    /// Each kind is one range of the index, read in order; the best of them are taken.
    static func candidates(_ kinds: [(key: TaskKind, value: Int)], limit: Int, quarantined: Bool) -> Query {
        let lanes: Query = quarantined ? "lane >= 4" : "lane < 4"
        var union: Query = ""
        for (offset, (kind, version)) in kinds.enumerated() {
            if offset > 0 { union = union + " UNION ALL " }
            union =
                union + """
                    SELECT id, lane FROM (SELECT id, lane FROM task
                        WHERE state = 'ready' AND kind = \(kind.rawValue) AND \(lanes) AND version <= \(version)
                        ORDER BY lane, id LIMIT \(limit)) AS one_kind
                    """
        }
        return "SELECT id FROM (\(union)) AS candidate ORDER BY lane, id LIMIT \(limit)"
    }

    static func deadlineUs(_ kind: TaskKind) -> Int64 { Int64(kind.deadlineSeconds) * 1_000_000 }

    /// Scheduled tasks whose time has come. Nothing is written when there is none.
    @discardableResult
    mutating func promoteDue() throws -> Int {
        let count = try connection.execute(
            """
            UPDATE task SET state = \(TaskState.scheduled.moved(by: .promote).rawValue)
            WHERE state = 'scheduled' AND id IN (
                \(Self.dueTasks(now: now, limit: Self.promotionBatch))\(Query.forUpdateSkippingLocked(connection.dialect)))
            """)
        if count > 0 { hasNewWork = true }
        return count
    }

    static func dueTasks(now: Int64, limit: Int) -> Query {
        "SELECT id FROM task WHERE state = 'scheduled' AND run_at <= \(now) ORDER BY run_at LIMIT \(limit)"
    }

    /// Ready tasks that this worker does not understand and no other living one does either.
    private mutating func parkTooNew(_ kinds: [(key: TaskKind, value: Int)]) throws {
        for (kind, version) in kinds {
            let rows = try connection.all(
                """
                SELECT \(raw: TaskRow.columns) FROM task
                WHERE state = 'ready' AND kind = \(kind.rawValue) AND version > \(version)
                ORDER BY lane, id LIMIT \(Self.promotionBatch)\(Query.forUpdateSkippingLocked(connection.dialect))
                """
            ) { try TaskRow($0) }
            for row in rows where try !isUnderstood(kind, version: row.version) { try park(row) }
        }
    }

    /// Kinds of the quarantined tasks that the worker holds.
    private func suspectsHeld(by worker: Int64) throws -> Set<TaskKind> {
        Set(
            try connection.all(
                "SELECT kind FROM task WHERE state = 'running' AND worker_id = \(worker) AND lane >= 4"
            ) { TaskKind(rawValue: $0.text(0) ?? "") }.compactMap { $0 })
    }

    private func isRunning(_ kinds: [TaskKind], worker: Int64) throws -> Bool {
        let running = try connection.all(
            "SELECT DISTINCT kind FROM task WHERE state = 'running' AND worker_id = \(worker)"
        ) { $0.text(0) ?? "" }
        return running.contains { name in kinds.contains { $0.rawValue == name } }
    }
}
