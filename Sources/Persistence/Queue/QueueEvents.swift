import Domain
import Telemetry
import UseCases

/// What one transaction did to tasks, to be counted once it is committed: a transaction may run more than once.
struct QueueEvents: Sendable {
    private struct Run: Hashable {
        let kind: TaskKind
        let ending: RunEnding
    }

    private struct Loss: Hashable {
        let role: Role
        let reason: Failure.Reason
    }

    private var enqueued: [TaskKind: Int] = [:]
    private var runs: [Run: Int] = [:]
    private var failures: [Loss: Int] = [:]
    private var submissions: [Submission] = []
    private var runSeconds: [(kind: TaskKind, seconds: Double)] = []
    private var waitSeconds: [(kind: TaskKind, seconds: Double)] = []

    mutating func taskTraced(_ kindName: String, id: Int64, _ trace: TaskTrace?) {
        guard let trace, let kind = TaskKind(rawValue: kindName) else { return }
        submissions.append(Submission(kind: kind, id: id, trace: trace))
    }

    /// A kind that this build does not know is not counted.
    mutating func taskQueued(_ kindName: String) {
        guard let kind = TaskKind(rawValue: kindName) else { return }
        enqueued[kind, default: 0] += 1
    }

    /// - Parameter now: microseconds, as in the row.
    mutating func taskClaimed(_ row: TaskRow, at now: Int64) {
        // Of one that was put back nobody knows since when it is ready.
        guard let kind = row.kind, row.runs == 1 || (row.runAt ?? 0) > row.createdAt else { return }
        waitSeconds.append((kind, Self.seconds(from: max(row.createdAt, row.runAt ?? 0), to: now)))
    }

    mutating func runEnded(_ row: TaskRow, _ ending: TaskRun.End, _ failure: Failure? = nil, at now: Int64) {
        guard let kind = row.kind, let label = RunEnding(rawValue: ending.rawValue) else { return }
        runs[Run(kind: kind, ending: label), default: 0] += 1
        if let failure { failures[Loss(role: kind.role, reason: failure.reason), default: 0] += 1 }
        if let claimedAt = row.claimedAt { runSeconds.append((kind, Self.seconds(from: claimedAt, to: now))) }
    }

    private static func seconds(from start: Int64, to end: Int64) -> Double {
        max(0, Double(end) - Double(start)) / 1_000_000
    }

    /// - Parameter now: microseconds since the epoch.
    func record(in history: HistoryRecorder, at now: Int64) {
        guard !(enqueued.isEmpty && runs.isEmpty && waitSeconds.isEmpty) else { return }
        history.note(at: now) { books in
            for (kind, count) in enqueued { books.tasks[kind, default: TaskTally()].enqueued += count }
            for (run, count) in runs {
                guard let place = Self.place(of: run.ending) else { continue }
                books.tasks[run.kind, default: TaskTally()][keyPath: place] += count
            }
            for (kind, seconds) in runSeconds { books.tasks[kind, default: TaskTally()].run.add(seconds: seconds) }
            for (kind, seconds) in waitSeconds { books.tasks[kind, default: TaskTally()].wait.add(seconds: seconds) }
        }
    }

    /// Nil for what says nothing of the work.
    private static func place(of ending: RunEnding) -> WritableKeyPath<TaskTally, Int>? {
        switch ending {
        case .succeeded: \.succeeded
        case .retried: \.retried
        case .died: \.died
        case .lost: \.lost
        case .cancelled: \.cancelled
        case .released: \.released
        case .parked: nil
        }
    }

    /// - Parameter recorder: nil where nothing is recorded.
    func publish(_ recorder: TraceRecorder?) {
        for new in submissions {
            recorder?.submitted(
                new.kind, id: new.id, at: new.trace.place, below: new.trace.parent, link: new.trace.link)
        }
        for (kind, count) in enqueued { Metrics.tasks.enqueued.count(kind, by: count) }
        for (run, count) in runs { Metrics.tasks.runs.count(run.kind, run.ending, by: count) }
        for (loss, count) in failures { Metrics.tasks.failures.count(loss.role, loss.reason, by: count) }
        for (kind, seconds) in runSeconds { Metrics.tasks.runSeconds.record(seconds, kind) }
        for (kind, seconds) in waitSeconds { Metrics.tasks.waitSeconds.record(seconds, kind) }
    }
}
