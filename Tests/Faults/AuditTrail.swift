import Domain
import Persistence
import UseCases

/// The history of every task, played through the table of transitions: each run claims, and its ending must be legal.
struct AuditTrail: Sendable {
    struct Run: Sendable {
        let task: Int64
        let number: Int
        let end: TaskRun.End?
        let isLast: Bool
    }

    let runs: [Run]
    /// Tasks that somebody sent back from the dead letters.
    let requeued: Set<Int64>

    static func load(_ database: any Database) async throws -> AuditTrail {
        try await database.read { connection in
            let runs = try connection.all(
                "SELECT task_id, run, ending, CASE WHEN payload IS NULL THEN 0 ELSE 1 END FROM task_run ORDER BY task_id, run"
            ) { row in
                Run(
                    task: row.int(0) ?? 0, number: Int(row.int(1) ?? 0),
                    end: TaskRun.End(rawValue: row.text(2) ?? ""), isLast: row.int(3) == 1)
            }
            let requeued = try connection.all("SELECT task_id FROM task_event WHERE type IN ('requeued', 'retried')") {
                $0.int(0) ?? 0
            }
            return AuditTrail(runs: runs, requeued: Set(requeued))
        }
    }

    /// Attempts beyond the first, and tasks that were run at all.
    var counts: (extra: Int, tasks: Int) {
        let tasks = Set(runs.map(\.task)).count
        return (runs.count - tasks, tasks)
    }

    /// One sentence for each task whose history cannot have happened.
    var breaches: [String] {
        var breaches: [String] = []
        var start = runs.startIndex
        while start < runs.endIndex {
            let task = runs[start].task
            let end = runs[start...].firstIndex { $0.task != task } ?? runs.endIndex
            if let why = Self.breach(runs[start..<end], wasRequeued: requeued.contains(task)) {
                breaches.append("task \(task): \(why)")
            }
            start = end
        }
        return breaches
    }

    private static func breach(_ runs: ArraySlice<Run>, wasRequeued: Bool) -> String? {
        var state = TaskState.ready
        // Run 0 closes a task that was cancelled between attempts, so it is the last.
        let ordered = runs.filter { $0.number > 0 } + runs.filter { $0.number == 0 }
        for (index, run) in ordered.enumerated() {
            guard let end = run.end else { return "run \(run.number) has an ending that nobody knows" }
            if run.number > 0 {
                guard run.number == index + 1 else { return "run \(run.number) comes after run \(index)" }
                guard let running = claimable(state, wasRequeued: wasRequeued)?.after(.claim) else {
                    return "run \(run.number) began when the task was \(state.rawValue)"
                }
                state = running
            }
            guard let next = state.after(event(end)) else {
                return "a \(state.rawValue) task cannot be \(end.rawValue)"
            }
            guard run.isLast == (end == .succeeded || end == .cancelled) else {
                return "run \(run.number) is \(end.rawValue) and \(run.isLast ? "" : "not ")the last"
            }
            state = next
        }
        return nil
    }

    /// What leads from one attempt to the next leaves no row of its own, but for a way back from the dead letters.
    private static func claimable(_ state: TaskState, wasRequeued: Bool) -> TaskState? {
        switch state {
        case .scheduled: state.after(.promote)
        case .parked: state.after(.unpark)
        case .dead: wasRequeued ? state.after(.requeue) : nil
        default: state
        }
    }

    private static func event(_ end: TaskRun.End) -> TaskState.Event {
        switch end {
        case .succeeded: .complete
        case .retried: .retryLater
        case .died: .fail
        case .cancelled: .cancel
        case .released: .release
        case .lost: .rescue
        case .parked: .park
        }
    }
}
