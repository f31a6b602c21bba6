import Audio
import Domain
import Files
import Foundation
import Logging
import Synchronization
import UseCases

/// How soon a waiting worker begins a task: from the moment before it is submitted until the worker has it in hand.
struct LatencyBench: Sendable {
    let tasks: Int
    /// Tasks a second.
    let rate: Double

    /// Tasks at the beginning that are not counted: connections are made, pages are read.
    private static let warmup = 10

    /// - Parameters:
    ///   - submit: queues a task that does nothing, and answers its number.
    func run(
        on broker: any TaskBroker, submit: @Sendable () async throws -> Int64
    ) async throws -> LatencyReport.Way {
        let notes = Notes()
        let watched = WatchedBroker(broker, picked: { notes.picked($0) })
        let media = MediaHostPool(MediaHostSettings())
        let worker = Worker(
            registration: WorkerRegistration(
                id: Int64.random(in: 1...Int64.max), host: "bench", processID: getpid(), roles: [.indexer],
                kinds: [.noop: TaskKind.noop.currentVersion], slots: [.indexer: 1], version: Build.version),
            lanes: [WorkLane(kinds: [.noop], batch: 1)], broker: watched,
            handlers: Handlers(walker: DirectoryWalker(), media: media, broker: watched, models: []),
            logger: Logger(label: "bench"))
        async let running: Void = worker.run()
        let start = ContinuousClock.now
        for number in 0..<(tasks + Self.warmup) {
            try await Task.sleep(until: start + .seconds(Double(number) / rate), clock: .continuous)
            let before = ContinuousClock.now
            let id = try await submit()
            notes.submitted(id, at: before, acknowledged: .now)
        }
        await notes.wait(for: tasks + Self.warmup)
        worker.stop()
        try await running
        await media.shutdown()
        return LatencyReport.Way(notes.latencies.dropFirst(Self.warmup))
    }

    struct Latency: Sendable {
        /// Milliseconds from before the submission, and from its acknowledgement (negative when the worker was first).
        let sinceSubmission: Double
        let sinceAcknowledgement: Double
    }

    /// When each task was submitted and picked up, whichever is heard of first.
    private final class Notes: Sendable {
        private struct State {
            var submitted: [Int64: (before: ContinuousClock.Instant, after: ContinuousClock.Instant)] = [:]
            var picked: [Int64: ContinuousClock.Instant] = [:]
            var goal = Int.max
        }

        private let state = Mutex(State())
        private let done = StopSignal()

        func submitted(_ id: Int64, at before: ContinuousClock.Instant, acknowledged after: ContinuousClock.Instant) {
            state.withLock { $0.submitted[id] = (before, after) }
        }

        func picked(_ id: Int64) {
            let now = ContinuousClock.now
            let isDone = state.withLock { state in
                state.picked[id] = now
                return state.picked.count >= state.goal
            }
            if isDone { done.raise() }
        }

        func wait(for count: Int) async {
            let isDone = state.withLock { state in
                state.goal = count
                return state.picked.count >= count
            }
            if isDone { done.raise() }
            await done.wait()
        }

        /// In the order of submission.
        var latencies: [Latency] {
            state.withLock { state in
                state.submitted.sorted { $0.key < $1.key }.compactMap { id, times in
                    state.picked[id].map { picked in
                        Latency(
                            sinceSubmission: (picked - times.before) / .milliseconds(1),
                            sinceAcknowledgement: (picked - times.after) / .milliseconds(1))
                    }
                }
            }
        }
    }
}
