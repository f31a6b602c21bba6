import Contracts
import Domain
import Logging
import Telemetry

/// Tasks that were claimed together, up to their results.
extension Worker {
    /// Runs a batch side by side. Results are settled together, or every so often, so that one slow file does not hold
    /// back the others.
    func run(_ tasks: [LeasedTask], _ loop: LoopWatch.Loop?) async {
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
}
