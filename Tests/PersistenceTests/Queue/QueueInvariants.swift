import Domain
import UseCases

@testable import Persistence

/// What must be true of the queue's tables at every instant, as one sentence per breach.
enum QueueInvariants {
    static func breaches(_ bench: QueueBench, acknowledged: Set<Int64>) async throws -> [String] {
        var breaches: [String] = []
        for (sentence, query) in alwaysEmpty {
            let count = try await bench.number(query)
            if count > 0 { breaches.append("\(sentence): \(count)") }
        }
        let known = try await bench.database.read { connection in
            try connection.all(
                """
                SELECT id FROM task UNION ALL SELECT id FROM task_dead
                UNION ALL SELECT task_id FROM task_run WHERE payload IS NOT NULL
                """
            ) { $0.int(0) ?? 0 }
        }
        if Set(known).count != known.count { breaches.append("a task is in two places at once") }
        let lost = acknowledged.subtracting(known)
        if !lost.isEmpty { breaches.append("acknowledged and lost: \(lost.sorted())") }
        return breaches
    }

    /// Queries that count breaches.
    private static let alwaysEmpty: [(String, Query)] = [
        ("an effect happened twice", "SELECT COUNT(*) FROM effect WHERE count > 1 AND task_id > 0"),
        (
            "an effect without a finished task",
            """
            SELECT COUNT(*) FROM effect WHERE task_id > 0 AND NOT EXISTS (
                SELECT 1 FROM task_run WHERE task_run.task_id = effect.task_id AND ending = 'succeeded')
            """
        ),
        (
            "a finished task without its effect",
            """
            SELECT COUNT(*) FROM task_run WHERE ending = 'succeeded' AND NOT EXISTS (
                SELECT 1 FROM effect WHERE effect.task_id = task_run.task_id)
            """
        ),
        (
            "a task that succeeded twice",
            """
            SELECT COUNT(*) FROM (SELECT task_id FROM task_run WHERE ending = 'succeeded' GROUP BY task_id
                HAVING COUNT(*) > 1) AS twice
            """
        ),
        (
            "a running task without a living worker",
            """
            SELECT COUNT(*) FROM task WHERE state = 'running' AND NOT EXISTS (
                SELECT 1 FROM worker WHERE worker.id = task.worker_id AND ended_at IS NULL)
            """
        ),
        (
            "a suspect beside another of its worker's tasks of the same batch",
            """
            SELECT COUNT(*) FROM task AS suspect JOIN task AS other
                ON other.lease = suspect.lease AND other.id <> suspect.id
            WHERE suspect.state = 'running' AND suspect.lane >= 4
            """
        ),
        (
            "two suspects with one worker",
            """
            SELECT COUNT(*) FROM (SELECT worker_id FROM task WHERE state = 'running' AND lane >= 4
                GROUP BY worker_id HAVING COUNT(*) > 1) AS crowded
            """
        ),
        (
            "a ledger that differs from the live tasks",
            """
            SELECT COUNT(*) FROM scan WHERE
                (SELECT COUNT(*) FROM task WHERE task.scan_id = scan.id) <>
                (SELECT COALESCE(SUM(tasks_queued) - SUM(tasks_done), 0) FROM scan_progress
                    WHERE scan_progress.scan_id = scan.id)
            """
        ),
        (
            "a finished scan with live tasks",
            """
            SELECT COUNT(*) FROM scan WHERE finished_at IS NOT NULL
                AND EXISTS (SELECT 1 FROM task WHERE task.scan_id = scan.id)
            """
        ),
        (
            "an indexed file whose chain goes on more than once, or not at all",
            """
            SELECT COUNT(*) FROM task_run AS parent LEFT JOIN scan ON scan.id = parent.scan_id
            WHERE parent.kind = 'index_file' AND parent.ending = 'succeeded' AND scan.cancelled_at IS NULL AND 1 <>
                (SELECT COUNT(*) FROM task WHERE parent_id = parent.task_id) +
                (SELECT COUNT(*) FROM task_dead WHERE parent_id = parent.task_id) +
                (SELECT COUNT(*) FROM task_run AS child WHERE child.parent_id = parent.task_id)
            """
        ),
        (
            "two dead letters about the same work",
            "SELECT COUNT(*) FROM (SELECT work FROM task_dead WHERE work IS NOT NULL GROUP BY work HAVING COUNT(*) > 1) AS twice"
        ),
        (
            "a tally that differs from the history",
            """
            SELECT CAST(ABS((SELECT COALESCE(SUM(done + cancelled), 0) FROM task_ended)
                - (SELECT COUNT(*) FROM task_run WHERE payload IS NOT NULL)) AS BIGINT)
            """
        ),
        ("more crashes than the limit", "SELECT COUNT(*) FROM task WHERE crashes >= 10"),
    ]
}
