import Contracts
import Domain
import Logging
import Synchronization
import Testing

@testable import UseCases

@Suite(.timeLimit(.minutes(1))) struct VectorizeTextTests {
    private let broker = ScriptedBroker()
    private let model = WordModel()

    private var handlers: Handlers {
        Handlers(walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: [], textModels: [model])
    }

    private func outcome(_ model: String, _ text: String?) async throws -> Outcome {
        try await handlers.handle(
            .vectorizeText(VectorizeTextPayload(trackID: 7, model: model, text: text)),
            lease: Lease(taskID: 1, token: 2))
    }

    @Test("The text of a task becomes a vector of the model that it names")
    func vector() async throws {
        let embedding = WordModel.embedding("abba", "test:words", "one")
        #expect(
            try await outcome("test:words", "abba")
                == .textVectorComplete(TextVectorCompleteOutcome(trackID: 7, embedding: embedding)))
        await #expect(throws: Failure.self) { try await outcome("test:words", nil) }
    }

    @Test("A model that this worker has not got is waited for, and no attempt is charged")
    func unknownModel() async throws {
        let failure = await #expect(throws: Failure.self) { try await outcome("test:other", "abba") }
        #expect(failure?.isPostponing == true)
        #expect(failure?.message.contains("test:other") == true)
    }

    @Test("Beside a model that is well, tasks of one that is blocked wait the longer the oftener they came in vain")
    func blockedBesideWell() async throws {
        let well = WordModel("test:other")
        let handlers = Handlers(
            walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: [], textModels: [model, well])
        model.state.withLock { state in
            (state.failure, state.pauseSeconds) = (Failure(.serviceBlocked, "401", retryAfterSeconds: 15), 25)
        }
        #expect(handlers.awake([.vectorizeText]).kinds == [.vectorizeText], "the other one can work")
        var waits: [Double] = []
        for run in 1...12 {
            let failure = await #expect(throws: Failure.self) {
                try await handlers.handle(
                    .vectorizeText(VectorizeTextPayload(trackID: 7, model: "test:words", text: "abba")),
                    lease: Lease(taskID: 1, token: 2), run: run)
            }
            #expect(failure?.reason == .serviceBlocked && failure?.message == "401")
            waits.append(failure?.retryAfterSeconds ?? 0)
        }
        #expect(waits.prefix(3) == [15, 20, 40] && waits.last == 20480)
        model.state.withLock { $0.pauseSeconds = 0 }
        let asked = await #expect(throws: Failure.self) { try await outcome("test:words", "abba") }
        #expect(asked?.retryAfterSeconds == 15, "whoever asked looks again when the service may be asked")
    }

    @Test("Only a worker with a model for words has a lane for them")
    func lanes() {
        let profile = DeviceProfile(model: "Pi", cores: 4, memoryBytes: 4 << 30)
        func kinds(_ hasModels: Bool) -> Set<TaskKind> {
            Set(WorkLane.plan(roles: [.vector], profile: profile, hasTextModels: hasModels).flatMap(\.kinds))
        }
        #expect(kinds(false) == [.vectorizeTrack, .projectMap])
        #expect(kinds(true) == [.vectorizeTrack, .projectMap, .vectorizeText])
    }

    @Test("While its service is to be left alone a worker claims none of these tasks, and goes on at once with others")
    func pause() async throws {
        let text = VectorizeTextPayload(trackID: 7, model: "test:words", text: "abba")
        broker.add([
            LeasedTask(
                lease: Lease(taskID: 1, token: 1), kind: .vectorizeText, version: 1,
                payload: TaskPayload.vectorizeText(text).json(), run: 1),
            LeasedTask(lease: Lease(taskID: 2, token: 2), kind: .noop, version: 1, payload: "{}", run: 1),
        ])
        model.state.withLock { $0.pauseSeconds = 0.2 }
        let worker = Worker(
            registration: WorkerRegistration(
                id: 7, host: "here", processID: 1, roles: [.vector], kinds: [.vectorizeText: 1, .noop: 1], slots: [:],
                version: "test"),
            lanes: [WorkLane(kinds: [.vectorizeText], batch: 8), WorkLane(kinds: [.noop], batch: 8)], broker: broker,
            handlers: handlers, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        async let running: Void = worker.run()
        #expect(await broker.settled(1).map(\.lease.taskID) == [2])
        #expect(model.state.withLock { $0.asked } == 0)
        model.state.withLock { $0.pauseSeconds = 0 }
        #expect(await broker.settled(2).last?.lease.taskID == 1)
        worker.stop()
        try await running
    }
}
