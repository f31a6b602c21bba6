import Synchronization

/// What is read from the database, a few seconds old at most, however many ask; and whether it answered. A database that
/// hangs delays nobody for long.
package final class DatabaseFacts: MetricsSource {
    package struct Limits: Sendable {
        /// What is younger is told again.
        package var fresh = Duration.seconds(5)
        /// Longer than this nobody waits for the database.
        package var patience = Duration.seconds(2)
        /// What is older is not told any more.
        package var stale = Duration.seconds(60)

        package init() {}
    }

    private struct State {
        var samples: [MetricSample] = []
        /// When the last reading began that succeeded.
        var readAt: ContinuousClock.Instant?
        var isReading = false
        var waiting: [AsyncStream<Never>.Continuation] = []
    }

    private let read: @Sendable () async throws -> [MetricSample]
    private let limits: Limits
    private let state = Mutex(State())

    package init(limits: Limits = Limits(), read: @escaping @Sendable () async throws -> [MetricSample]) {
        self.limits = limits
        self.read = read
    }

    package func samples() async -> [MetricSample] {
        if age.map({ $0 > limits.fresh }) ?? true { await waitForReading() }
        let (samples, readAt) = state.withLock { ($0.samples, $0.readAt) }
        let age = readAt.map { ContinuousClock.now - $0 }
        let isUp = age.map { $0 <= limits.fresh + limits.patience } ?? false
        guard let age, age <= limits.stale else { return [Metrics.database.up.sample(0)] }
        return samples + [
            Metrics.database.up.sample(isUp ? 1 : 0), Metrics.database.factsAge.sample(age / .seconds(1)),
        ]
    }

    private var age: Duration? {
        state.withLock { $0.readAt }.map { ContinuousClock.now - $0 }
    }

    /// Returns when the reading that is under way, or is begun here, has ended; or when the patience has.
    private func waitForReading() async {
        let (ending, continuation) = AsyncStream<Never>.makeStream()
        let isFirst: Bool? = state.withLock { state in
            guard state.waiting.count < Self.waitingMax else { return nil }
            state.waiting.append(continuation)
            defer { state.isReading = true }
            return !state.isReading
        }
        guard let isFirst else { return }
        // Not awaited: it outlives whoever loses patience, and wakes all who still wait.
        if isFirst { Task { await readOnce() } }
        // Cancelled below.
        let timer = Task { [patience = limits.patience] in
            try? await Task.sleep(for: patience)  // only cancellation throws here
            continuation.finish()
        }
        for await _ in ending {}
        timer.cancel()
    }

    /// Beyond so many, who comes is told what is known at once.
    private static let waitingMax = 64

    private func readOnce() async {
        let start = ContinuousClock.now
        let found = try? await read()  // `sillon_database_up` says so
        let waiting = state.withLock { state in
            if let found { (state.samples, state.readAt) = (found, start) }
            defer { (state.isReading, state.waiting) = (false, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.finish() }
    }
}
