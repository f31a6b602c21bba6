import Domain
import Telemetry
import UseCases

/// Which trace a new task belongs to.
enum TaskLineage: Sendable {
    /// That of the request that asks for it; one of its own where nobody asks.
    case request
    /// That of the run that it follows from; none where that had none.
    case continues(TraceParent?)
    /// One of its own that refers to another: of a walk follow more tasks than any trace should hold.
    case begins(link: TraceParent?)
}

/// What is told of a task that joins the queue: its place is the parent of its runs.
struct TaskTrace: Sendable {
    let place: TraceParent
    let parent: TraceParent?
    let link: TraceParent?
}

extension QueueTransaction {
    /// Nil where nothing is recorded: a row without a trace is not traced further on, wherever it is run.
    func trace(_ lineage: TaskLineage) -> TaskTrace? {
        guard let recorder = context.recorder else {
            // Others may be recording: the next link stays within the trace.
            guard case .continues(let parent?) = lineage else { return nil }
            return TaskTrace(place: parent, parent: nil, link: nil)
        }
        let parent: TraceParent?
        var link: TraceParent?
        switch lineage {
        case .request: parent = origin
        case .continues(nil): return nil
        case .continues(let run): parent = run
        case .begins(let other): (parent, link) = (nil, other)
        }
        let place = recorder.place(below: parent)
        return place.isSampled ? TaskTrace(place: place, parent: parent, link: link) : nil
    }

    /// The span of the run that a result tells of, if it lies in the trace of its task.
    mutating func noteRuns(_ settlements: [Settlement]) {
        for settlement in settlements {
            if let trace = settlement.trace { runTraces[settlement.lease.taskID] = trace }
        }
    }

    func lineage(after row: TaskRow) -> TaskLineage {
        guard row.kind != .scanLibrary else { return .begins(link: row.trace) }
        guard let trace = row.trace, let run = runTraces[row.id], run.isSameTrace(as: trace) else {
            return .continues(row.trace)
        }
        return .continues(run)
    }
}

extension QueueEvents {
    struct Submission: Sendable {
        let kind: TaskKind
        let id: Int64
        let trace: TaskTrace
    }
}
