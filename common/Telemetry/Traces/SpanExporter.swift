import Domain
import Logging
import Synchronization

/// Sends ended spans by the batch, for as long as it runs.
package struct SpanExporter: Sendable {
    package struct Options: Sendable {
        /// Spans wait this long at most for their batch.
        package var interval = Duration.seconds(1)
        package var batchMax = 512
        /// After the end of the last one what is left is sent, for this long at most.
        package var farewell = Duration.seconds(3)
        /// A receiver that is away is asked again, and for each batch this often.
        package var retries = RetryPolicy(maxFailures: 8, baseSeconds: 1, capSeconds: 30)

        package init() {}
    }

    /// Throws when there was no answer.
    package typealias Send = @Sendable (_ body: String) async throws -> ExportReply

    private let queue: SpanQueue
    private let json: SpanJSON
    private let options: Options
    private let send: Send
    private let sleep: @Sendable (Duration) async throws -> Void
    private let unit: @Sendable () -> Double
    private let logger: Logger
    private let memory = Memory()

    /// What it has to remember from one batch to the next.
    private final class Memory: Sendable {
        struct State {
            var hasRemarked = false
            /// When it was told to stop.
            var stop: ContinuousClock.Instant?
        }

        let state = Mutex(State())
    }

    package init(
        queue: SpanQueue, json: SpanJSON, options: Options = Options(), logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        unit: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, send: @escaping Send
    ) {
        self.queue = queue
        self.json = json
        self.options = options
        self.logger = logger
        self.sleep = sleep
        self.unit = unit
        self.send = send
    }

    /// Until the calling task is cancelled. What is under way then may still come to its end, as long as the farewell is.
    package func run() async {
        var isAway = false
        while !Task.isCancelled {
            let batch = queue.take(upTo: options.batchMax)
            guard !batch.isEmpty else {
                await pause(options.interval)
                continue
            }
            await deliver(batch, isAway: &isAway)
        }
    }

    private func deliver(_ batch: [SpanRecord], isAway: inout Bool) async {
        var failures = 0
        while true {
            switch await lastingAttempt(batch) {
            case .accepted, .refused:
                if isAway { logger.notice("Traces can be delivered again") }
                isAway = false
                return
            case .tryAgain(let seconds):
                failures += 1
                if !isAway { logger.warning("Traces cannot be delivered now; they are tried again") }
                isAway = true
                guard failures < options.retries.maxFailures else {
                    return Metrics.traces.spans.count(.lost, by: batch.count)
                }
                let delay = options.retries.delaySeconds(afterFailure: failures, retryAfter: seconds, unit: unit())
                await pause(.seconds(delay))
                if Task.isCancelled { return queue.putBack(batch) }
            }
        }
    }

    /// One try, in a task of its own: a stop does not cut it off at once, but a receiver that hangs does not hold the stop
    /// up either.
    private func lastingAttempt(_ batch: [SpanRecord]) async -> ExportReply.Verdict {
        let trying = Task { await attempt(batch) }
        return await withTaskCancellationHandler {
            await trying.value
        } onCancel: {
            memory.state.withLock { $0.stop = .now }
            // Nobody awaits this: the attempt, which is awaited, has come to its end before or comes to it by this.
            Task {
                await pause(options.farewell)
                trying.cancel()
            }
        }
    }

    /// One try.
    private func attempt(_ batch: [SpanRecord]) async -> ExportReply.Verdict {
        let verdict: ExportReply.Verdict
        do {
            verdict = try await send(json.request(batch)).verdict
        } catch {
            logger.debug("The receiver of traces did not answer", metadata: [LogKeys.error: "\(error)"])
            return .tryAgain(afterSeconds: nil)
        }
        switch verdict {
        case .accepted(let refused, let remark):
            if let remark { note(remark) }
            Metrics.traces.spans.count(.sent, by: batch.count - min(refused, batch.count))
            Metrics.traces.spans.count(.refused, by: min(refused, batch.count))
        case .refused(let status):
            Metrics.traces.spans.count(.refused, by: batch.count)
            logger.warning(
                "Traces were refused", metadata: [LogKeys.count: "\(batch.count)", LogKeys.status: "\(status)"])
        case .tryAgain: break
        }
        return verdict
    }

    /// Once: a receiver says the same to each batch.
    private func note(_ remark: String) {
        let isFirst = memory.state.withLock { state in
            defer { state.hasRemarked = true }
            return !state.hasRemarked
        }
        guard isFirst else { return }
        logger.warning("The receiver of traces has a remark", metadata: [LogKeys.error: .string(remark)])
    }

    /// Sends what is left, for the last time, in what the stop has left of the farewell.
    package func finish() async {
        let spent = memory.state.withLock { $0.stop }.map { ContinuousClock.now - $0 } ?? .zero
        let left = max(.zero, options.farewell - spent)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await sendRest() }
            group.addTask { await pause(left) }
            await group.next()
            group.cancelAll()
        }
        Metrics.traces.spans.count(.lost, by: queue.take(upTo: .max).count)
    }

    private func sendRest() async {
        while !Task.isCancelled {
            let batch = queue.take(upTo: options.batchMax)
            guard !batch.isEmpty else { return }
            guard case .tryAgain(let seconds) = await attempt(batch) else { continue }
            queue.putBack(batch)
            await pause(.seconds(max(seconds ?? 0, Self.farewellPauseSeconds)))
        }
    }

    private static let farewellPauseSeconds = 0.25

    /// Ends early when the task is cancelled, which the callers look at themselves.
    private func pause(_ duration: Duration) async {
        try? await sleep(duration)  // only cancellation throws here
    }
}
