import Domain
import UseCases

/// Finds the newest tasks that match a filter, in the queue, among the dead letters and in the history, by id.
///
/// Every table has few kinds and states, so each combination is a range of an index that is read in order and left
/// after a page: a list costs what it shows, however long the queue and the history are. Only running tasks are sorted,
/// of which there are no more than the workers hold.
struct TaskListing {
    let filter: TaskFilter
    /// The row of the filter's scan; nil when the filter names none.
    let scan: Int64?
    let before: Int64
    let limit: Int

    /// Newest first. A kind that a newer build wrote is in no list.
    func ids(in connection: any Connection) throws -> [Int64] {
        guard let query else { return [] }
        return try connection.all(query) { $0.int(0) ?? 0 }
    }

    /// Nil when nothing can match.
    var query: Query? {
        let ranges = ranges
        guard let first = ranges.first else { return nil }
        let union = ranges.dropFirst().reduce(range(first)) { $0 + " UNION ALL " + range($1) }
        return "SELECT id FROM (\(union)) AS newest ORDER BY id DESC LIMIT \(limit)"
    }

    private func range(_ query: Query) -> Query { "SELECT id FROM (\(query)) AS one_range" }

    private var ranges: [Query] {
        let kinds = TaskKind.allCases.filter { kind in
            (filter.kind ?? kind) == kind && (filter.role ?? kind.role) == kind.role
        }
        let states = TaskState.allCases.filter { state in
            (filter.state ?? state) == state && (filter.fingerprint == nil || state == .dead)
        }
        return states.flatMap { state in
            kinds.flatMap { ranges(state, $0) }
        }
    }

    private func ranges(_ state: TaskState, _ kind: TaskKind) -> [Query] {
        switch state {
        case .ready: scan.map { [readyOfScan($0, kind)] } ?? Priority.lanes.map { ready(kind, lane: $0) }
        case .running: [running(kind)]
        case .scheduled: [waiting("state = 'scheduled'", kind)]
        case .parked: [waiting("state = 'parked'", kind)]
        case .dead: [dead(kind)]
        case .done: [ended("ending = 'succeeded'", kind)]
        case .cancelled: [ended("ending = 'cancelled'", kind)]
        }
    }

    private func ready(_ kind: TaskKind, lane: Int) -> Query {
        """
        SELECT id FROM task WHERE state = 'ready' AND kind = \(kind.rawValue) AND lane = \(lane) AND id < \(before)
        ORDER BY id DESC LIMIT \(limit)
        """
    }

    /// What is left out, rather than `state = 'ready'`, keeps the planner at the index of scans.
    private func readyOfScan(_ scan: Int64, _ kind: TaskKind) -> Query {
        """
        SELECT id FROM task WHERE scan_id = \(scan) AND kind = \(kind.rawValue) AND id < \(before)
            AND state NOT IN ('running', 'scheduled', 'parked')
        ORDER BY id DESC LIMIT \(limit)
        """
    }

    /// The plus keeps the planner away from the order of the whole table.
    private func running(_ kind: TaskKind) -> Query {
        """
        SELECT id FROM task WHERE state = 'running' AND kind = \(kind.rawValue)\(ofScan) AND +id < \(before)
        ORDER BY +id DESC LIMIT \(limit)
        """
    }

    private func waiting(_ condition: Query, _ kind: TaskKind) -> Query {
        """
        SELECT id FROM task WHERE \(condition) AND kind = \(kind.rawValue)\(ofScan) AND id < \(before)
        ORDER BY id DESC LIMIT \(limit)
        """
    }

    /// For the few tasks in these states: filters them without offering the planner the index of scans.
    private var ofScan: Query { scan.map { " AND COALESCE(scan_id, 0) = \($0)" } ?? "" }

    private func dead(_ kind: TaskKind) -> Query {
        """
        SELECT id FROM task_dead WHERE kind = \(kind.rawValue)\(scanRange)\(ofCause) AND id < \(before)
        ORDER BY id DESC LIMIT \(limit)
        """
    }

    private var ofCause: Query { filter.fingerprint.map { " AND fingerprint = \($0)" } ?? "" }

    private func ended(_ condition: Query, _ kind: TaskKind) -> Query {
        """
        SELECT task_id AS id FROM task_run
        WHERE payload IS NOT NULL AND \(condition) AND kind = \(kind.rawValue)\(scanRange) AND task_id < \(before)
        ORDER BY task_id DESC LIMIT \(limit)
        """
    }

    private var scanRange: Query { scan.map { " AND scan_id = \($0)" } ?? "" }
}

extension Priority {
    /// Where ready tasks stand: each priority, and each priority's suspects.
    static let lanes = Priority.allCases.flatMap { [$0.rawValue, $0.rawValue + quarantineOffset] }
}
