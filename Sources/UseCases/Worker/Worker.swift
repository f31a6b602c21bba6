import Contracts
import Domain
import Logging
import Synchronization
import Telemetry

/// Leases tasks, runs their handlers, settles what they learned, until it is told to stop.
///
/// It knows neither database nor network: the broker is either. Each lane is a child task of `run`; so are the
/// heartbeat and the look-out for cancelled tasks.
package final class Worker: Sendable {
    let registration: WorkerRegistration
    private let lanes: [WorkLane]
    let broker: any TaskBroker
    let handlers: Handlers
    let timing: Timing
    let logger: Logger
    /// Nil where no traces are made.
    let recorder: TraceRecorder?
    /// Nil where nothing holds lanes back.
    let heavyWork: HeavyWork?
    /// Ends what does not listen to cancellation; called when the grace time is over.
    let endMedia: @Sendable () async -> Void
    /// Called when the broker knows this worker and tasks are asked for.
    private let onRegistered: @Sendable () -> Void
    /// Nil where nobody watches.
    let loops: LoopWatch?
    let running = RunningTasks()
    let stopping = StopSignal()
    let drained = StopSignal()
    /// Why the broker will have nothing more to do with this worker.
    private let refusal = Mutex<AccessRefused?>(nil)

    package init(
        registration: WorkerRegistration, lanes: [WorkLane], broker: any TaskBroker, handlers: Handlers,
        timing: Timing = Timing(), logger: Logger, recorder: TraceRecorder? = nil,
        heavyWork: HeavyWork? = nil,
        endMedia: @escaping @Sendable () async -> Void = {},
        loops: LoopWatch? = nil, onRegistered: @escaping @Sendable () -> Void = {}
    ) {
        self.registration = registration
        self.lanes = lanes
        self.broker = broker
        self.handlers = handlers
        self.timing = timing
        self.logger = logger
        self.recorder = recorder
        self.heavyWork = heavyWork
        self.endMedia = endMedia
        self.loops = loops
        self.onRegistered = onRegistered
    }

    /// Tasks that were claimed and are not settled yet.
    package var tasksInHand: Int { running.held.count }

    /// Ends when `stop` was called and the running tasks have ended or were handed back. Throws `AccessRefused` when
    /// the broker turned the worker away meanwhile.
    package func run() async throws {
        for (role, slots) in registration.slots { Metrics.workers.slots.set(Double(slots), role) }
        guard try await register() else { return }
        onRegistered()
        await withTaskGroup(of: Void.self) { helpers in
            helpers.addTask { await self.keepAlive() }
            helpers.addTask { await self.watchForCancellations() }
            helpers.addTask { await self.limitDrain() }
            await withTaskGroup(of: Void.self) { group in
                for lane in lanes { group.addTask { await self.work(lane) } }
                // A worker of a role that has no work in this build waits with the others.
                group.addTask { await self.stopping.wait() }
            }
            drained.raise()
            helpers.cancelAll()
        }
        if let refusal = refusal.withLock({ $0 }) { throw refusal }
        try await broker.deregister(worker: registration.id)
    }

    /// Waits for the broker where that does; false when `stop` came first.
    func register() async throws -> Bool {
        try await counting(.register) {
            try await unlessStopped { try await self.broker.register(self.present) } != nil
        }
    }

    /// The registration as it holds now.
    private var present: WorkerRegistration {
        var present = registration
        present.hold = heavyWork?.hold
        return present
    }

    /// The device is held back, or no longer: people who look for the reason are to find it.
    ///
    /// A broker that does not answer is not waited for beyond `tellLimit`, and not at all after `stop`: who tells has the
    /// device to look after.
    /// - Throws: what the broker throws, and `retryable` where it does not answer; it may be told again.
    package func tell(_ hold: WorkHold?) async throws {
        heavyWork?.hold = hold
        // Who registers is alive, and this worker soon is not.
        guard !stopping.isRaised else { return }
        _ = try await unlessStopped {
            try await self.within(self.timing.tellLimit) { try await self.broker.register(self.present) }
        }
    }

    /// Cancels `body` when the time is over, and throws `retryable` then.
    private func within(_ limit: Duration, _ body: @Sendable @escaping () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            guard try await group.next() == true else {
                throw StoreError.retryable(afterSeconds: 0, "no answer in time")
            }
        }
    }

    /// A call that the broker does not answer is counted; who calls says what follows.
    func counting<Value>(_ call: BrokerCall, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            if !(error is CancellationError) { Metrics.workers.brokerErrors.count(call) }
            throw error
        }
    }

    /// Cancels `body` when `stop` is called; nil when it then ended without a result.
    func unlessStopped<Value: Sendable>(
        _ body: @Sendable @escaping () async throws -> Value
    ) async throws -> Value? {
        do {
            return try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask { try await body() }
                group.addTask {
                    await self.stopping.wait()
                    return nil
                }
                while let result = try await group.next() {
                    group.cancelAll()
                    if let value = result { return value }
                }
                return nil
            }
        } catch is CancellationError where stopping.isRaised {
            return nil
        }
    }

    /// Stops claiming; what runs may finish within the grace time.
    package func stop() {
        stopping.raise()
    }

    /// When the error is a refusal, nothing that still runs can be settled.
    func end(because error: any Error) {
        guard let error = error as? AccessRefused else { return }
        refusal.withLock { $0 = error }
        stopping.raise()
        running.cancelAll()
    }

    /// A broker that is tried until it is in reach again may stay away for ever.
    func expectAnswer(_ loop: LoopWatch.Loop?, waiting: Duration = .zero) {
        if timing.brokerGivesUp { loop?.asks(waiting: waiting) } else { loop?.isAway() }
    }

    /// Sleeps; ends early when the task is cancelled, which the callers look at themselves.
    func pause(_ duration: Duration) async {
        try? await Task.sleep(for: duration)  // only cancellation throws here
    }
}
