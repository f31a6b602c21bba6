import Tracing

/// Makes spans, decides which traces are recorded, and keeps ended spans until they are sent.
///
/// It is handed to those who use it and not installed as the tracer of the whole process: the HTTP client would take
/// that one and send `traceparent` to every service outside.
package final class TraceRecorder: Tracer {
    package typealias Span = TraceSpan

    package let queue: SpanQueue
    private let ratio: Double
    private let random: @Sendable () -> UInt64

    /// - Parameter ratio: of the traces that begin here, in 0…1; a trace from elsewhere is recorded when it says so.
    package init(queue: SpanQueue, ratio: Double, random: @escaping @Sendable () -> UInt64) {
        self.queue = queue
        self.ratio = ratio
        self.random = random
    }

    /// A place below `parent`, with its decision, or the first of a new trace. By the low half of the trace's id, as
    /// OpenTelemetry's TraceIdRatioBased sampler decides.
    package func place(below parent: TraceParent?) -> TraceParent {
        if let parent {
            return TraceParent(
                traceHigh: parent.traceHigh, traceLow: parent.traceLow, span: newID(), isSampled: parent.isSampled)
        }
        let (high, low) = (newID(), newID())
        let isSampled = Double(low >> 1) < ratio * 0x1p63
        return TraceParent(traceHigh: high, traceLow: low, span: newID(), isSampled: isSampled)
    }

    private func newID() -> UInt64 {
        let id = random()
        return id == 0 ? 1 : id
    }

    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> TraceSpan {
        start(operationName, kind, in: context(), at: instant().nanosecondsSinceEpoch)
    }

    func start(
        _ name: String, _ kind: SpanKind, in context: ServiceContext, at nanoseconds: UInt64,
        _ attributes: @autoclosure () -> SpanAttributes = [:]
    ) -> TraceSpan {
        let parent = context[WorkContext.Key.self]?.trace
        let place = place(below: parent)
        guard place.isSampled else { return TraceSpan(nil, at: place, in: context, self) }
        let record = SpanRecord(
            name, kind, place, parent: parent?.span, start: nanoseconds, end: nanoseconds, attributes: attributes())
        return TraceSpan(record, at: place, in: context, self)
    }

    // Where spans go is the exporter's matter.
    package func forceFlush() {}

    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: Self.header, from: carrier), let place = TraceParent(text) else {
            return
        }
        var work = context[WorkContext.Key.self] ?? WorkContext()
        work.trace = place
        context[WorkContext.Key.self] = work
    }

    package func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let place = context[WorkContext.Key.self]?.trace else { return }
        injector.inject(place.text, forKey: Self.header, into: &carrier)
    }

    package static let header = "traceparent"
}
