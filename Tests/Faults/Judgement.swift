import Contracts
import Domain
import Persistence
import TestSupport

/// Compares what was promised with what the database holds, after the faults.
struct Judgement {
    let promises: Load.Promises
    let database: any Database

    private struct Place: Sendable {
        let id: Int64
        let state: String
    }

    /// Fills in what is lost, doubled and stuck, and what else must not be.
    func judge(_ report: inout ChaosReport) async throws {
        let places = try await places()
        report.lost += try await lost(places)
        report.doubled += doubledPromises() + doubledTasks(places)
        for (sentence, query) in Self.doubles {
            report.doubled += try await listed(query).map { "\(sentence): \($0)" }
        }
        report.stuck += places.filter { !["done", "dead", "cancelled"].contains($0.state) }.map {
            "task \($0.id) is \($0.state)"
        }
        report.stuck += try await listed("SELECT uuid FROM scan WHERE finished_at IS NULL").map { "scan \($0) is open" }
        for (sentence, query) in Self.others { report.other += try await listed(query).map { "\(sentence): \($0)" } }
        report.other += promises.problems
        let trail = try await AuditTrail.load(database)
        report.other += trail.breaches
        let counts = trail.counts
        report.extraRunsPerThousand = counts.tasks == 0 ? 0 : Double(counts.extra) * 1000 / Double(counts.tasks)
        report.doubled += try await surplus()
    }

    /// Every place in which a task is found; a task has exactly one.
    private func places() async throws -> [Place] {
        try await database.read { connection in
            try connection.all(
                """
                SELECT id, state FROM task UNION ALL SELECT id, 'dead' FROM task_dead
                UNION ALL SELECT task_id, CASE ending WHEN 'succeeded' THEN 'done' ELSE 'cancelled' END
                    FROM task_run WHERE payload IS NOT NULL
                """
            ) { Place(id: $0.int(0) ?? 0, state: $0.text(1) ?? "") }
        }
    }

    private func lost(_ places: [Place]) async throws -> [String] {
        let states = Dictionary(places.map { ($0.id, $0.state) }) { first, _ in first }
        var lost: [String] = []
        for (key, id) in promises.tasks.sorted(by: { $0.value < $1.value }) {
            switch states[id] {
            case nil: lost.append("task \(id) of key \(key) is gone")
            case let state? where ["dead", "cancelled"].contains(state):
                lost.append("task \(id) of key \(key) is \(state): \(try await history(of: id))")
            default: break
            }
        }
        return lost
    }

    /// Why a task is where it is: its runs, then what was noted of it.
    private func history(of id: Int64) async throws -> String {
        let runs: Query = """
            SELECT ending || COALESCE(' ' || failure_reason || ' ' || failure_message, '') FROM task_run
            WHERE task_id = \(id) ORDER BY finished_at
            """
        let events: Query = "SELECT type || ' ' || detail FROM task_event WHERE task_id = \(id) ORDER BY id"
        return (try await listed(runs) + listed(events)).joined(separator: "; ")
    }

    private func doubledPromises() -> [String] {
        let byTask = Dictionary(grouping: promises.tasks, by: \.value)
        return byTask.filter { $0.value.count > 1 }.map { "task \($0.key) answers \($0.value.count) keys" }
    }

    private func doubledTasks(_ places: [Place]) -> [String] {
        Dictionary(grouping: places, by: \.id).filter { $0.value.count > 1 }.map { id, places in
            "task \(id) is in \(places.count) places: \(places.map(\.state))"
        }
    }

    /// More no-ops or scans than there were keys: one key made two.
    private func surplus() async throws -> [String] {
        let noops = try await ids(
            """
            SELECT id FROM task WHERE kind = 'noop' UNION SELECT id FROM task_dead WHERE kind = 'noop'
            UNION SELECT task_id FROM task_run WHERE kind = 'noop'
            """)
        let scans = try await listed("SELECT uuid FROM scan")
        // A key without an answer may have made one, and no more.
        let unanswered = Set(promises.unanswered).count
        let (extraNoops, extraScans) = (
            noops.subtracting(promises.noops.values), Set(scans).subtracting(promises.scans.values.map(\.scan))
        )
        let extra =
            extraNoops.map { "no-op \($0) belongs to no key" } + extraScans.map { "scan \($0) belongs to no key" }
        return extra.count > unanswered ? extra : []
    }

    private func ids(_ query: Query) async throws -> Set<Int64> {
        try await database.read { Set(try $0.all(query) { $0.int(0) ?? 0 }) }
    }

    private func listed(_ query: Query) async throws -> [String] {
        try await database.read { try $0.all(query) { $0.text(0) ?? $0.int(0).map(String.init) ?? "?" } }
    }

    private static let doubles: [(String, Query)] = [
        (
            "a task that succeeded twice",
            """
            SELECT CAST(task_id AS TEXT) FROM task_run WHERE ending = 'succeeded' GROUP BY task_id HAVING COUNT(*) > 1
            """
        ),
        (
            "a file whose chain goes on more than once",
            // The walk of a scan may take up many chains; every other task goes on with one.
            """
            SELECT CAST(child.parent_id AS TEXT) FROM (
                SELECT id, kind, parent_id FROM task
                UNION SELECT id, kind, parent_id FROM task_dead
                UNION SELECT task_id, kind, parent_id FROM task_run WHERE payload IS NOT NULL) AS child
            JOIN task_run AS parent ON parent.task_id = child.parent_id AND parent.payload IS NOT NULL
            WHERE parent.kind <> 'scan_library' GROUP BY child.parent_id HAVING COUNT(*) > 1
            """
        ),
        (
            "a file that is two tracks",
            "SELECT CAST(MIN(id) AS TEXT) FROM track GROUP BY folder_id, name HAVING COUNT(*) > 1"
        ),
    ]

    private static let others: [(String, Query)] = [
        (
            "a scan whose ledger differs from its live tasks",
            """
            SELECT uuid FROM scan WHERE
                (SELECT COUNT(*) FROM task WHERE task.scan_id = scan.id) <>
                (SELECT COALESCE(SUM(tasks_queued) - SUM(tasks_done), 0) FROM scan_progress
                    WHERE scan_progress.scan_id = scan.id)
            """
        ),
        (
            "a finished scan with live tasks",
            """
            SELECT uuid FROM scan WHERE finished_at IS NOT NULL
                AND EXISTS (SELECT 1 FROM task WHERE task.scan_id = scan.id)
            """
        ),
        (
            "a track without the analysis of its sound",
            """
            SELECT CAST(id AS TEXT) FROM track WHERE content_key IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM analysis WHERE analysis.content_key = track.content_key)
            """
        ),
        (
            "a vector without its analysis",
            """
            SELECT content_key FROM embedding WHERE NOT EXISTS (
                SELECT 1 FROM analysis WHERE analysis.content_key = embedding.content_key)
            """
        ),
    ]
}
