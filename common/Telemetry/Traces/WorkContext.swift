import Domain
import Logging
import Tracing

/// What the running Swift task works for: the span around it, and the queue's task. It lies in the `ServiceContext`,
/// so that child tasks have it, too.
package struct WorkContext: Sendable {
    /// The span around what is done now; nil where nobody asked for traces.
    package var trace: TraceParent?
    /// Nil where nothing is recorded.
    package var recorder: TraceRecorder?
    package var task: TaskFields?

    package init(trace: TraceParent? = nil, recorder: TraceRecorder? = nil, task: TaskFields? = nil) {
        self.trace = trace
        self.recorder = recorder
        self.task = task
    }

    enum Key: ServiceContextKey {
        typealias Value = WorkContext
    }

    package static var current: WorkContext? { ServiceContext.current?[Key.self] }

    var service: ServiceContext {
        var context = ServiceContext.topLevel
        context[Key.self] = self
        return context
    }

    /// Runs `body`, and what it starts, in this context.
    package func run<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
    ) async rethrows -> Value {
        try await ServiceContext.withValue(service, operation: body)
    }

    /// For code that does not wait.
    package func runNow<Value>(_ body: () throws -> Value) rethrows -> Value {
        try ServiceContext.withValue(service, operation: body)
    }

    /// For log lines.
    package var metadata: Logger.Metadata {
        var fields = task?.metadata ?? [:]
        if let trace {
            fields[LogKeys.traceID] = .string(trace.traceID)
            fields[LogKeys.spanID] = .string(trace.spanID)
        }
        return fields
    }
}

/// The queue's task that something is done for.
package struct TaskFields: Hashable, Sendable {
    package var id: Int64
    package var kind: TaskKind
    /// 1 for its first run.
    package var run: Int
    package var scanID: String?
    package var trackID: Int64?

    package init(id: Int64, kind: TaskKind, run: Int, scanID: String? = nil, trackID: Int64? = nil) {
        self.id = id
        self.kind = kind
        self.run = run
        self.scanID = scanID
        self.trackID = trackID
    }

    package var metadata: Logger.Metadata {
        var fields: Logger.Metadata = [
            LogKeys.taskID: .stringConvertible(id), LogKeys.kind: .string(kind.rawValue),
            LogKeys.attempt: .stringConvertible(run),
        ]
        if let scanID { fields[LogKeys.scanID] = .string(scanID) }
        if let trackID { fields[LogKeys.trackID] = .stringConvertible(trackID) }
        return fields
    }
}

extension Logger.MetadataProvider {
    /// Puts into each line what it was written for.
    package static let work = Logger.MetadataProvider { WorkContext.current?.metadata ?? [:] }
}
