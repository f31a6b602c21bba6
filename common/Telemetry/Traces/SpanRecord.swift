import Tracing

/// A span that has ended, on its way out.
package struct SpanRecord: Sendable {
    package var name: String
    package var kind: SpanKind
    package var place: TraceParent
    /// Nil for the first span of a trace.
    package var parent: UInt64?
    /// Nanoseconds since the epoch.
    package var start: UInt64
    package var end: UInt64
    package var attributes: SpanAttributes
    package var links: [TraceParent] = []
    package var events: [SpanEvent] = []
    package var status: SpanStatus?

    package init(
        _ name: String, _ kind: SpanKind, _ place: TraceParent, parent: UInt64?, start: UInt64, end: UInt64,
        attributes: SpanAttributes = [:]
    ) {
        self.name = name
        self.kind = kind
        self.place = place
        self.parent = parent
        self.start = start
        self.end = end
        self.attributes = attributes
    }

    /// What one span may hold; more is left out.
    static let eventsMax = 32
    static let linksMax = 32
    /// Bytes of one text.
    static let textMax = 1024
}
