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
    private let broker: any TaskBroker
    private let handlers: Handlers
    private let timing: Timing
    let logger: Logger
    /// Nil where no traces are made.
    let recorder: TraceRecorder?
    /// Nil where nothing holds lanes back.
    private let heavyWork: HeavyWork?
    /// Ends what does not listen to cancellation; called when the grace time is over.
    private let endMedia: @Sendable () async -> Void
    /// Called when the broker knows this worker and tasks are asked for.
    private let onRegistered: @Sendable () -> Void
    /// Nil where nobody watches.
    private let loops: LoopWatch?
    private let running = RunningTasks()
    private let stopping = StopSignal()
    private let drained = StopSignal()
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
    private func register() async throws -> Bool {
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
    /// - Throws: what the broker throws; it may be told again.
    package func tell(_ hold: WorkHold?) async throws {
        heavyWork?.hold = hold
        // Who registers is alive, and this worker soon is not.
        guard !stopping.isRaised else { return }
        try await broker.register(present)
    }

    /// A call that the broker does not answer is counted; who calls says what follows.
    private func counting<Value>(_ call: BrokerCall, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            if !(error is CancellationError) { Metrics.workers.brokerErrors.count(call) }
            throw error
        }
    }

    /// Cancels `body` when `stop` is called; nil when it then ended without a result.
    private func unlessStopped<Value: Sendable>(
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

    // MARK: A lane

    private func work(_ lane: WorkLane) async {
        let loop = loops?.begin("claims of \(lane.kinds[0].rawValue)")
        defer { loop?.ends() }
        while !stopping.isRaised && !Task.isCancelled {
            do {
                if let place = lane.heavyPlace, let pause = heavyWork?.pause(place: place) {
                    loop?.sleeps(pause)
                    _ = try await unlessStopped { try await Task.sleep(for: pause) }
                    continue
                }
                let (kinds, pause) = handlers.awake(lane.kinds)
                if kinds.isEmpty {
                    // Tasks that nothing can be done for stay where they are.
                    loop?.sleeps(pause)
                    _ = try await unlessStopped { try await Task.sleep(for: pause) }
                    continue
                }
                expectAnswer(loop, waiting: .seconds(timing.leaseWaitSeconds))
                let tasks = try await lease(kinds, max: lane.batch)
                if !tasks.isEmpty { await run(tasks, loop) }
            } catch {
                logger.warning("Leasing failed", metadata: [LogKeys.error: "\(error)"])
                expectAnswer(loop, waiting: timing.errorPause)
                await recover(from: error)
            }
        }
    }

    /// A broker that is tried until it is in reach again may stay away for ever.
    private func expectAnswer(_ loop: LoopWatch.Loop?, waiting: Duration = .zero) {
        if timing.brokerGivesUp { loop?.asks(waiting: waiting) } else { loop?.isAway() }
    }

    /// A worker that is not known any more makes itself known again; one that is refused ends; else time may help.
    private func recover(from error: any Error) async {
        var error = error
        if case StoreError.preconditionFailed = error {
            do {
                _ = try await register()
                return
            } catch let other {
                logger.warning("Registering again failed", metadata: [LogKeys.error: "\(other)"])
                error = other
            }
        }
        end(because: error)
        await pause(timing.errorPause)
    }

    /// When the error is a refusal, nothing that still runs can be settled.
    private func end(because error: any Error) {
        guard let error = error as? AccessRefused else { return }
        refusal.withLock { $0 = error }
        stopping.raise()
        running.cancelAll()
    }

    /// Waits for work, but no longer than until `stop`.
    private func lease(_ kinds: [TaskKind], max: Int) async throws -> [LeasedTask] {
        let request = LeaseRequest(
            worker: registration.id,
            kinds: Dictionary(uniqueKeysWithValues: kinds.map { ($0, $0.currentVersion) }), max: max,
            waitSeconds: timing.leaseWaitSeconds)
        return try await counting(.lease) { try await unlessStopped { try await self.broker.lease(request) } ?? [] }
    }

    /// Runs a batch side by side. Results are settled together, or every so often, so that one slow file does not hold
    /// back the others.
    private func run(_ tasks: [LeasedTask], _ loop: LoopWatch.Loop?) async {
        running.hold(tasks.map(\.lease.taskID))
        let results = ResultBox(expecting: tasks.count)
        start(tasks, results)
        await withTaskCancellationHandler {
            while true {
                loop?.sleeps(timing.settleInterval)
                let haul = await results.take(within: timing.settleInterval)
                await settle(haul.settlements, loop)
                running.letGo(haul.settlements.map(\.lease.taskID))
                if haul.isLast { return }
            }
        } onCancel: {
            for task in tasks { running.cancel(task.lease.taskID) }
        }
    }

    /// Files are read as one attempt: to start and to wake a task for each would cost as much as its tags. When one of
    /// them is cancelled, the others that are not begun are handed back.
    private func start(_ tasks: [LeasedTask], _ results: ResultBox) {
        for task in tasks { Metrics.workers.slotsUsed.change(by: 1, task.kind) }
        let files = tasks.filter { $0.kind == .indexFile }
        if !files.isEmpty {
            running.start(files.map(\.lease.taskID)) { [self] in await index(files, results) }
        }
        for task in tasks where task.kind != .indexFile {
            running.start([task.lease.taskID]) { [self] in
                let attempt = begin(task)
                let gauge = AttemptGauge()
                let result = await AttemptGauge.$current.withValue(gauge) {
                    await attempt.work.run { await self.result(of: attempt) }
                }
                end(attempt, result, results, memoryBytes: gauge.peakMemoryBytes)
            }
        }
    }

    private func end(
        _ attempt: Attempt, _ result: Settlement.Result, _ results: ResultBox, memoryBytes: Int64? = nil
    ) {
        let task = attempt.task
        running.remove(task.lease.taskID)
        Metrics.workers.slotsUsed.change(by: -1, task.kind)
        tell(result, of: attempt)
        results.put(
            Settlement(
                lease: task.lease, result: result, run: task.run, memoryBytes: memoryBytes, trace: attempt.span?.place))
    }

    private func index(_ tasks: [LeasedTask], _ results: ResultBox) async {
        var readable: [Attempt] = []
        var files: [Handlers.IndexJob] = []
        for task in tasks {
            let attempt = begin(task)
            switch attempt.payload {
            case .success(.indexFile(let payload)):
                readable.append(attempt)
                files.append(Handlers.IndexJob(payload: payload, lease: task.lease, work: attempt.work))
            case .success: end(attempt, .failed(Failure(.internalError, "this is no file to index")), results)
            case .failure(let refusal): end(attempt, refusal.result, results)
            }
        }
        await handlers.index(files) { [self, readable] place, result in
            end(readable[place], Settlement.Result(result), results)
        }
    }

    /// Of one attempt; never throws, whatever the payload or the handler does. A store that is busy, out of reach or full
    /// is waited for: its task is not to blame.
    private func result(of attempt: Attempt) async -> Settlement.Result {
        let task = attempt.task
        switch attempt.payload {
        case .failure(let refusal): return refusal.result
        case .success(let payload):
            var failures = 0
            while true {
                do {
                    return .completed(try await handlers.handle(payload, lease: task.lease, run: task.run))
                } catch  where Task.isCancelled {
                    // Whatever it threw: the file is not to blame for being interrupted.
                    return .released
                } catch let error as StoreError where error.mayPass && failures < timing.patience.maxFailures {
                    failures += 1
                    logger.notice(
                        "A task waits for the store",
                        metadata: [LogKeys.error: "\(error)"])
                    let seconds = timing.patience.delaySeconds(afterFailure: failures, unit: .random(in: 0..<1))
                    await pause(.seconds(seconds))
                } catch {
                    return Settlement.Result(.failure(error))
                }
            }
        }
    }

    /// Tries until the results are in. When it gives up, the next heartbeats no longer name the tasks, and the broker
    /// hands them to somebody else.
    private func settle(_ settlements: [Settlement], _ loop: LoopWatch.Loop?) async {
        guard !settlements.isEmpty else { return }
        for _ in 0..<Worker.maxSettleTries {
            expectAnswer(loop, waiting: timing.errorPause)
            do {
                let verdicts = try await counting(.settle) {
                    try await broker.settle(settlements, worker: registration.id)
                }
                let stale = verdicts.count { $0 == .stale }
                if stale > 0 {
                    logger.notice("Results came too late and were thrown away", metadata: [LogKeys.count: "\(stale)"])
                }
                return
            } catch {
                logger.warning(
                    "Settling failed", metadata: [LogKeys.error: "\(error)", LogKeys.count: "\(settlements.count)"])
                end(because: error)
                if error is AccessRefused { return }
                await pause(timing.errorPause)
            }
        }
        logger.error(
            "Results could not be settled; their tasks will run again",
            metadata: [LogKeys.count: "\(settlements.count)"])
    }

    private static let maxSettleTries = 30

    // MARK: Beside the lanes

    private func keepAlive() async {
        var beats = 0
        let loop = loops?.begin("heartbeat")
        defer { loop?.ends() }
        while !drained.isRaised && !Task.isCancelled {
            loop?.sleeps(timing.heartbeat)
            await pause(timing.heartbeat)
            if Task.isCancelled { return }
            let hadArrivals = running.takeArrivals()
            let ids = running.held
            beats += 1
            // A claim makes the lease short, also when its tasks have ended before this beat.
            guard !ids.isEmpty || hadArrivals || beats >= timing.heartbeatsPerIdleRenewal else { continue }
            beats = 0
            let beat = timing.heartbeat / .seconds(1)
            let beatsPromised = timing.leaseHeartbeats + (ids.isEmpty ? timing.heartbeatsPerIdleRenewal : 0)
            let heartbeat = Heartbeat(
                worker: registration.id, running: ids, leaseSeconds: beat * Double(beatsPromised),
                draining: stopping.isRaised)
            // No broker tries this for long: a lease would be lost meanwhile.
            loop?.asks()
            do {
                let cancelled = try await counting(.renew) { try await broker.renew(heartbeat) }
                for id in cancelled { running.cancel(id) }
            } catch {
                logger.warning("The heartbeat failed", metadata: [LogKeys.error: "\(error)"])
                beats = timing.heartbeatsPerIdleRenewal  // the next one tries again
                end(because: error)
            }
        }
    }

    private func watchForCancellations() async {
        while !drained.isRaised && !Task.isCancelled {
            await pause(timing.cancellationPoll)
            if Task.isCancelled { return }
            if running.isEmpty { continue }
            do {
                let cancelled = try await counting(.cancellations) {
                    try await broker.cancellations(worker: registration.id)
                }
                for id in cancelled { running.cancel(id) }
            } catch {
                logger.warning("Asking for cancelled tasks failed", metadata: [LogKeys.error: "\(error)"])
            }
        }
    }

    private func limitDrain() async {
        await stopping.wait()
        if Task.isCancelled { return }
        await pause(timing.drainGrace)
        if Task.isCancelled { return }
        running.cancelAll()
        await endMedia()
    }

    /// Sleeps; ends early when the task is cancelled, which the callers look at themselves.
    private func pause(_ duration: Duration) async {
        try? await Task.sleep(for: duration)  // only cancellation throws here
    }
}
