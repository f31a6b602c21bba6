import Contracts
import Domain
import Logging
import Synchronization
import Testing
import UseCases

@Suite(.timeLimit(.minutes(1)))
struct WorkerTests {
    private let broker = ScriptedBroker()

    private func makeWorker(batch: Int = 8, timing: Worker.Timing = .init()) -> Worker {
        let kinds: [TaskKind: Int] = [.indexFile: 1, .noop: 1, .scanLibrary: 1]
        return Worker(
            registration: WorkerRegistration(
                id: 7, host: "here", processID: 1, roles: [.indexer], kinds: kinds, slots: [.indexer: 1],
                version: "test"),
            lanes: [WorkLane(kinds: [.indexFile, .noop, .scanLibrary], batch: batch)], broker: broker,
            handlers: Handlers(walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: []),
            timing: timing, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private func indexTask(_ id: Int64, _ path: String, version: Int = 1) -> LeasedTask {
        let payload = IndexFilePayload(
            filePath: FilePath(path), rootPath: FilePath("/music"), scanID: nil, priority: nil)
        return LeasedTask(
            lease: Lease(taskID: id, token: id * 100), kind: .indexFile, version: version,
            payload: TaskPayload.indexFile(payload).json(), run: 1)
    }

    /// Runs the worker until `count` results are in, then stops it.
    private func results(_ count: Int, of worker: Worker) async throws -> [Int64: Settlement.Result] {
        async let running: Void = worker.run()
        let settled = await broker.settled(count)
        worker.stop()
        try await running
        return Dictionary(uniqueKeysWithValues: settled.map { ($0.lease.taskID, $0.result) })
    }

    private func hold(_ slots: Int) -> WorkHold { WorkHold(slots: slots, causes: [.heat]) }

    @Test("A lane with heavy work takes nothing while its device is held back, others go on, and afterwards it does")
    func heldBack() async throws {
        let heavyWork = HeavyWork(slotsWhilePlaying: 1, presence: PlaybackPresence(), recheck: .milliseconds(5))
        heavyWork.hold = hold(0)
        let worker = Worker(
            registration: WorkerRegistration(
                id: 7, host: "here", processID: 1, roles: [.indexer], kinds: [.indexFile: 1, .noop: 1],
                slots: [.indexer: 2], version: "test"),
            lanes: [
                WorkLane(kinds: [.indexFile], batch: 1, heavyPlace: 0), WorkLane(kinds: [.noop], batch: 1),
            ], broker: broker,
            handlers: Handlers(walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: []),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            heavyWork: heavyWork)
        let other = (Int64(2)...20).map { id in
            LeasedTask(
                lease: Lease(taskID: id, token: id), kind: .noop, version: TaskKind.noop.currentVersion,
                payload: TaskPayload.noop.json(), run: 1)
        }
        broker.add([indexTask(1, "/music/a.mp3")] + other)
        async let running: Void = worker.run()
        #expect(await broker.settled(other.count).allSatisfy { $0.lease.taskID > 1 })
        try await worker.tell(hold(1))
        #expect(broker.registrations.last?.hold == hold(1))
        #expect(await broker.settled(other.count + 1).contains { $0.lease.taskID == 1 })
        worker.stop()
        try await running
    }

    @Test("A broker that does not answer is told of the device for a moment, and the next look at it tells again")
    func silentBroker() async throws {
        var timing = Worker.Timing()
        timing.tellLimit = .milliseconds(50)
        let worker = makeWorker(timing: timing)
        broker.state.withLock { $0.isSilent = true }
        await #expect(throws: StoreError.retryable(afterSeconds: 0, "no answer in time")) {
            try await worker.tell(hold(0))
        }
        #expect(broker.state.withLock { $0.waiting } == 0, "the request is given up")
        broker.state.withLock { $0.isSilent = false }
        try await worker.tell(hold(1))
        #expect(broker.registrations.count == 1)
    }

    @Test("A stop does not wait for a broker that is being told and does not answer")
    func stoppedWhileTelling() async throws {
        var timing = Worker.Timing()
        timing.tellLimit = .seconds(3600)
        let worker = makeWorker(timing: timing)
        broker.state.withLock { $0.isSilent = true }
        async let telling: Void = worker.tell(hold(0))
        while broker.state.withLock({ $0.waiting }) == 0 { await Task.yield() }
        worker.stop()
        try await telling
        #expect(broker.state.withLock { $0.waiting } == 0 && broker.registrations.isEmpty)
    }

    @Test("Each task of a batch is settled with its own result")
    func settlesEach() async throws {
        broker.add([indexTask(1, "/music/a.mp3"), indexTask(2, "/music/broken.mp3"), indexTask(3, "/music/b.mp3")])
        let results = try await results(3, of: makeWorker())
        guard case .completed(.indexComplete(let outcome)) = results[1] else {
            Issue.record("task 1 was not completed: \(String(describing: results[1]))")
            return
        }
        #expect(outcome.metadata.title == "/music/a.mp3")
        guard case .failed(let failure) = results[2] else {
            Issue.record("task 2 did not fail: \(String(describing: results[2]))")
            return
        }
        #expect(failure.reason == .corruptFile)
    }

    @Test(
        "A walk waits for a store that is busy or full, and is not charged; it fails with what will not pass",
        arguments: [
            ([.retryable(afterSeconds: 0, "busy"), .outOfSpace("full")], nil),
            ([.retryable(afterSeconds: 0, "busy"), .fatal("broken")], "broken"),
            ([.retryable(afterSeconds: 0, "1"), .retryable(afterSeconds: 0, "2"), .outOfSpace("3")], "3"),
        ] as [([StoreError], String?)])
    func waitsForTheStore(errors: [StoreError], message: String?) async throws {
        var timing = Worker.Timing()
        timing.patience = RetryPolicy(maxFailures: 2, baseSeconds: 0.01, capSeconds: 0.01)
        broker.state.withLock { $0.walkErrors = errors }
        let payload = ScanLibraryPayload(
            path: FilePath("/music"), rootPath: FilePath("/music"), scanID: "4f9d6e1c-58a8-4a64-9c4c-1f0d3a6f2b11",
            mode: .quick, priority: .normal, until: nil)
        broker.add([
            LeasedTask(
                lease: Lease(taskID: 1, token: 100), kind: .scanLibrary, version: 1,
                payload: TaskPayload.scanLibrary(payload).json(), run: 1)
        ])
        switch try await results(1, of: makeWorker(timing: timing))[1] {
        case .completed(.scanComplete): #expect(message == nil)
        case .failed(let failure): #expect(failure == Failure(.internalError, message ?? "completed"))
        case let other: Issue.record("\(String(describing: other))")
        }
        #expect(broker.state.withLock { $0.walkErrors.isEmpty })
    }

    @Test("The beat after a claim renews the lease, though the task has ended by then")
    func renewsAfterClaim() async throws {
        var timing = Worker.Timing()
        timing.heartbeat = .milliseconds(20)
        timing.heartbeatsPerIdleRenewal = 1_000_000
        let worker = makeWorker(timing: timing)
        broker.add([indexTask(1, "/music/a.mp3")])
        async let running: Void = worker.run()
        _ = await broker.settled(1)
        // Without a claim the next one would come after five hours.
        while broker.state.withLock(\.heartbeats.isEmpty) { try await Task.sleep(for: .milliseconds(5)) }
        worker.stop()
        try await running
        #expect(broker.state.withLock { $0.heartbeats.count } < 100, "an idle worker is silent")
    }

    @Test("A worker of a role without work waits until it is stopped")
    func noLanes() async throws {
        let worker = Worker(
            registration: WorkerRegistration(
                id: 7, host: "here", processID: 1, roles: [.downloader], kinds: [:], slots: [:], version: "test"),
            lanes: [], broker: broker,
            handlers: Handlers(walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: []),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        async let running: Void = worker.run()
        while broker.registrations.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        try await Task.sleep(for: .milliseconds(50))
        #expect(broker.state.withLock { $0.deregistrations } == 0)
        worker.stop()
        try await running
        #expect(broker.state.withLock { $0.deregistrations } == 1)
    }

    @Test("A payload of a newer version is parked, one that cannot be read fails with the field's name")
    func versions() async throws {
        let broken = LeasedTask(
            lease: Lease(taskID: 2, token: 5), kind: .indexFile, version: 1, payload: "{\"priority\":\"low\"}", run: 1)
        broker.add([indexTask(1, "/music/a.mp3", version: 99), broken])
        let results = try await results(2, of: makeWorker())
        guard case .parked = results[1] else {
            Issue.record("not parked: \(String(describing: results[1]))")
            return
        }
        guard case .failed(let failure) = results[2] else {
            Issue.record("not failed: \(String(describing: results[2]))")
            return
        }
        #expect(failure == Failure(.invalidPayload, "file_path is missing"))
    }

    @Test("A slow task does not hold back the results of its batch, and is handed back when it is cancelled")
    func slowTask() async throws {
        broker.add([indexTask(1, "/music/slow.mp3"), indexTask(2, "/music/a.mp3")])
        var timing = Worker.Timing()
        timing.settleInterval = .milliseconds(5)
        timing.cancellationPoll = .milliseconds(5)
        let worker = makeWorker(timing: timing)
        async let running: Void = worker.run()
        let first = await broker.settled(1)
        #expect(first.map(\.lease.taskID) == [2])
        broker.state.withLock { $0.cancelled = [1] }
        let both = await broker.settled(2)
        guard case .released = both.last?.result else {
            Issue.record("not handed back: \(String(describing: both.last))")
            return
        }
        worker.stop()
        try await running
    }

    @Test("Stopping hands back what does not end within the grace time, and signs off")
    func draining() async throws {
        broker.add([indexTask(1, "/music/slow.mp3")])
        var timing = Worker.Timing()
        timing.drainGrace = .milliseconds(20)
        timing.heartbeat = .milliseconds(2)
        let worker = makeWorker(timing: timing)
        async let running: Void = worker.run()
        while broker.state.withLock({ $0.heartbeats.isEmpty }) { await Task.yield() }
        worker.stop()
        try await running
        let state = broker.state.withLock { $0 }
        #expect(state.settled.count == 1)
        #expect(state.deregistrations == 1)
        #expect(state.heartbeats.contains { $0.running == [1] })
    }

    @Test("Results survive a queue that is busy for a while")
    func settleIsTriedAgain() async throws {
        broker.state.withLock { $0.settleFailuresLeft = 3 }
        broker.add([indexTask(1, "/music/a.mp3")])
        var timing = Worker.Timing()
        timing.errorPause = .milliseconds(1)
        let results = try await results(1, of: makeWorker(timing: timing))
        #expect(results.count == 1)
    }

    @Test("A lease never takes more than the lane's batch")
    func batchLimit() async throws {
        broker.add((1...40).map { indexTask($0, "/music/\($0).mp3") })
        let results = try await results(40, of: makeWorker(batch: 7))
        #expect(results.count == 40)
        #expect(broker.state.withLock { $0.largestLease } <= 7)
    }
}
