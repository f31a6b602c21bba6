import Domain
import Tracing

// Every span there is, with its name and what it says from the start.

extension TraceRecorder {
    /// A request that somebody makes of this server. Its path is told by its pattern only, its query not at all.
    ///
    /// - Parameters:
    ///   - route: nil where none was found.
    ///   - start: nanoseconds since the epoch.
    package func request(
        method: String, route: String?, requestID: String, below parent: TraceParent?, since start: UInt64
    ) -> TraceSpan {
        var attributes: SpanAttributes = [
            TraceKeys.httpMethod: .string(method), TraceKeys.urlScheme: "http", TraceKeys.requestID: .string(requestID),
        ]
        if let route { attributes[TraceKeys.httpRoute] = route }
        return self.start(
            route.map { "\(method) \($0)" } ?? method, .server, in: WorkContext(trace: parent).service, at: start,
            attributes)
    }

    /// A task that was put into the queue, as a span without length: its place is the parent of each of its runs.
    package func submitted(
        _ kind: TaskKind, id: Int64, at place: TraceParent, below parent: TraceParent?, link: TraceParent?
    ) {
        guard place.isSampled else { return }
        let now = Self.now
        var record = SpanRecord(
            "submit \(kind.rawValue)", .producer, place, parent: parent?.span, start: now, end: now,
            attributes: Self.message(kind, id, "submit", "create"))
        record.links = [link].compactMap(\.self)
        queue.add(record)
    }

    /// One run of a task.
    package func run(_ task: TaskFields, worker: Int64, below parent: TraceParent) -> TraceSpan {
        var attributes = Self.message(task.kind, task.id, "run", "process")
        attributes[TraceKeys.taskRun] = Int64(task.run)
        attributes[TraceKeys.worker] = String(worker)
        if let scanID = task.scanID { attributes[TraceKeys.scanID] = scanID }
        if let trackID = task.trackID { attributes[TraceKeys.trackID] = trackID }
        let context = WorkContext(trace: parent, task: task).service
        return start("run \(task.kind.rawValue)", .consumer, in: context, at: Self.now, attributes)
    }

    private static func message(
        _ kind: TaskKind, _ id: Int64, _ operation: String, _ type: String
    ) -> SpanAttributes {
        [
            TraceKeys.messagingSystem: "sillon", TraceKeys.messagingOperation: .string(operation),
            TraceKeys.messagingType: .string(type), TraceKeys.messagingDestination: .string(kind.rawValue),
            TraceKeys.messagingID: .string(String(id)),
        ]
    }

    /// Nanoseconds since the epoch.
    package static var now: UInt64 { DefaultTracerClock.now.nanosecondsSinceEpoch }
}

extension TraceSpan {
    /// How a run ended, in the words of the metrics.
    package func setOutcome(_ outcome: String) { set(TraceKeys.taskOutcome, outcome) }

    /// Only what is the server's own doing is an error.
    package func setStatus(code: Int) {
        set(TraceKeys.httpStatus, Int64(code))
        if code >= 500 { fail(String(code), nil) }
    }
}

extension TraceSpan {
    /// For who asks, a refusal is an error, too.
    package func setAnswer(code: Int) {
        set(TraceKeys.httpStatus, Int64(code))
        if code >= 400 { fail(String(code), nil) }
    }
}

extension WorkContext {
    /// What a media host did for this task. Told afterwards, on a thread that knows no Swift task.
    ///
    /// - Parameters:
    ///   - microseconds: from the moment at which the child had nothing else to do until now.
    ///   - peakBytes: the most memory that the child ever had; nil where that is not known.
    package func mediaHost(
        _ job: String, microseconds: Int64, processID: Int32?, peakBytes: Int64?, failure: Failure?
    ) {
        guard let recorder, let trace, trace.isSampled else { return }
        let end = TraceRecorder.now
        let length = UInt64(max(0, microseconds)).multipliedReportingOverflow(by: 1000).partialValue
        var record = SpanRecord(
            "media_host \(job)", .internal, recorder.place(below: trace), parent: trace.span,
            start: end - min(length, end), end: end, attributes: [TraceKeys.hostJob: .string(job)])
        if let processID { record.attributes[TraceKeys.processID] = Int64(processID) }
        if let peakBytes { record.attributes[TraceKeys.hostMemory] = peakBytes }
        if let failure {
            record.attributes[TraceKeys.errorType] = failure.reason.rawValue
            record.status = SpanStatus(code: .error, message: failure.message)
        }
        recorder.queue.add(record)
    }

    /// A request to a service outside; nil where nothing is recorded. Of its address only host and port are told.
    package func call(_ service: String, method: String, host: String, port: Int) -> TraceSpan? {
        guard let recorder, trace?.isSampled == true else { return nil }
        return recorder.start(
            method, .client, in: self.service, at: TraceRecorder.now,
            [
                TraceKeys.httpMethod: .string(method), TraceKeys.serverAddress: .string(host),
                TraceKeys.serverPort: .int64(Int64(port)), TraceKeys.service: .string(service),
            ])
    }
}
