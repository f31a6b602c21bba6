import Domain
import Synchronization
import Tracing

/// A span that goes on. What is not sampled records nothing and only hands its place on.
package final class TraceSpan: Tracing.Span {
    private let record: Mutex<SpanRecord?>
    private let recorder: TraceRecorder
    package let place: TraceParent
    package let context: ServiceContext

    /// - Parameter record: nil for what is not sampled.
    init(_ record: SpanRecord?, at place: TraceParent, in context: ServiceContext, _ recorder: TraceRecorder) {
        self.record = Mutex(record)
        self.recorder = recorder
        self.place = place
        var work = context[WorkContext.Key.self] ?? WorkContext()
        work.trace = place
        work.recorder = recorder
        var context = context
        context[WorkContext.Key.self] = work
        self.context = context
    }

    /// What is done below this span.
    package var work: WorkContext { context[WorkContext.Key.self] ?? WorkContext() }

    package var isRecording: Bool { record.withLock { $0 != nil } }

    package var operationName: String {
        get { record.withLock { $0?.name } ?? "" }
        set { record.withLock { $0?.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { record.withLock { $0?.attributes } ?? [:] }
        set { record.withLock { $0?.attributes = newValue } }
    }

    package func setStatus(_ status: SpanStatus) {
        record.withLock { $0?.status = status }
    }

    package func addEvent(_ event: SpanEvent) {
        record.withLock { record in
            guard let count = record?.events.count, count < SpanRecord.eventsMax else { return }
            record?.events.append(event)
        }
    }

    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes[TraceKeys.exceptionType] = String(describing: type(of: error))
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
        fail(String(describing: type(of: error)), nil)
    }

    package func addLink(_ link: SpanLink) {
        guard let place = link.context[WorkContext.Key.self]?.trace else { return }
        record.withLock { record in
            guard let count = record?.links.count, count < SpanRecord.linksMax else { return }
            record?.links.append(place)
        }
    }

    package func set(_ key: String, _ value: String) { record.withLock { $0?.attributes[key] = value } }
    package func set(_ key: String, _ value: Int64) { record.withLock { $0?.attributes[key] = value } }

    /// - Parameter type: of a closed set.
    package func fail(_ type: String, _ message: String?) {
        record.withLock { record in
            record?.attributes[TraceKeys.errorType] = type
            record?.status = SpanStatus(code: .error, message: message)
        }
    }

    package func fail(_ failure: Failure) { fail(failure.reason.rawValue, failure.message) }

    /// Ending it twice is ending it once.
    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard var ended = record.withLock({ $0.take() }) else { return }
        // The clock of the day may have been set back meanwhile.
        ended.end = max(ended.start, instant().nanosecondsSinceEpoch)
        recorder.queue.add(ended)
    }

    package func end() { end(at: DefaultTracerClock.now) }
}
