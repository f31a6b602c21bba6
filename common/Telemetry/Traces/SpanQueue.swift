import Synchronization

/// Ended spans that wait to be sent. What does not fit is dropped and counted: nobody waits for a trace.
package final class SpanQueue: Sendable {
    private let spans = Mutex<[SpanRecord]>([])
    private let spansMax: Int

    package init(spansMax: Int = SpanQueue.usualMax) {
        self.spansMax = spansMax
    }

    /// Some ten megabytes.
    package static let usualMax = 16_384

    func add(_ span: SpanRecord) {
        let isFull = spans.withLock { spans in
            guard spans.count < spansMax else { return true }
            spans.append(span)
            return false
        }
        if isFull { Metrics.traces.spans.count(.dropped) }
    }

    /// The oldest.
    package func take(upTo count: Int) -> [SpanRecord] {
        spans.withLock { spans in
            let taken = Array(spans.prefix(count))
            spans.removeFirst(taken.count)
            return taken
        }
    }

    /// In front of the others, however many there are.
    func putBack(_ taken: [SpanRecord]) {
        spans.withLock { $0.insert(contentsOf: taken, at: 0) }
    }
}
