/// Wakes one task that waits, from anywhere. A ring while nobody waits is kept for whoever waits next.
package final class Doorbell: Sendable {
    private let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func ring() { continuation.yield() }

    /// Returns at a ring, after `limit`, or when the task is cancelled.
    package func wait(upTo limit: Duration) async {
        await withTaskGroup { group in
            group.addTask {
                try? await Task.sleep(for: limit)  // cancelled is as good as slept: both end the wait
                if !Task.isCancelled { self.ring() }
            }
            var iterator = rings.makeAsyncIterator()
            _ = await iterator.next()
            group.cancelAll()
        }
    }
}
