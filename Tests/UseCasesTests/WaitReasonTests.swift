import Domain
import Testing
import UseCases

@Suite struct WaitReasonTests {
    private func task(_ kind: TaskKind = .analyzeAudio, _ state: TaskState = .ready, version: Int = 1) -> TaskRecord {
        TaskRecord(
            id: 7, kind: kind, version: version, state: state, priority: .normal, payload: "{}", scanID: nil,
            parentID: nil, runs: 0, failures: 0, crashes: 0, isQuarantined: false, workerID: nil, createdAt: 1,
            runAt: state == .scheduled ? 99 : nil, claimedAt: nil, finishedAt: nil, lastFailure: nil)
    }

    private func worker(
        _ kinds: [TaskKind: Int], isAlive: Bool = true, isDraining: Bool = false, hold: WorkHold? = nil
    ) -> WorkerStatus {
        WorkerStatus(
            registration: WorkerRegistration(
                id: 1, host: "pi", processID: 1, roles: Role.allCases, kinds: kinds, slots: [:], version: "1",
                hold: hold),
            startedAt: 0, lastSeenAt: 0, isAlive: isAlive, isDraining: isDraining, running: [])
    }

    private func service(_ name: String, _ state: CircuitBreaker.State, isSetUp: Bool = true) -> ServiceStatus {
        let record = ServiceRecord(
            breaker: CircuitBreaker(state: state), requests: 1, failures: 1, lastFailure: nil, lastFailureAt: nil)
        let door = ServiceDoor(service: name, host: "h", purpose: .work)
        return ServiceStatus(
            name: name, title: name, address: isSetUp ? "http://h" : nil, policy: isSetUp ? ServicePolicy() : nil,
            doors: [StoredServiceRecord(door: door, record: record, fullAt: 0, now: 1000)])
    }

    private func reasons(
        _ task: TaskRecord, paused: Set<Role> = [], workers: [WorkerStatus]? = nil, services: [ServiceStatus] = [],
        ahead: Int = 0
    ) -> [WaitReason] {
        let workers = workers ?? [worker([.analyzeAudio: 1, .vectorizeText: 1, .enrichTrack: 1])]
        return WaitReason.all(
            for: task,
            WaitReason.Facts(pausedRoles: paused, workers: workers, services: services, ahead: ahead))
    }

    @Test("A task with nothing in its way is next")
    func next() {
        #expect(reasons(task()) == [.next])
    }

    @Test("What runs or has ended waits for nothing", arguments: [TaskState.running, .done, .dead, .cancelled])
    func ended(state: TaskState) {
        #expect(reasons(task(.noop, state), paused: [.indexer], workers: [], ahead: 3) == [])
    }

    @Test("A paused role holds up its own tasks only")
    func paused() {
        #expect(reasons(task(), paused: [.audio]) == [.paused(.audio)])
        #expect(reasons(task(), paused: [.vector]) == [.next])
    }

    @Test("Heavy work waits where the devices of all its workers are held back, and for all their reasons")
    func heldBack() {
        let hot = worker([.analyzeAudio: 1, .indexFile: 1], hold: WorkHold(slots: 0, causes: [.heat]))
        let resting = worker([.analyzeAudio: 1], hold: WorkHold(slots: 0, causes: [.hours]))
        let warm = worker([.analyzeAudio: 1], hold: WorkHold(slots: 1, causes: [.heat]))
        #expect(reasons(task(), workers: [resting, hot]) == [.heldBack([.heat, .hours])])
        #expect(reasons(task(), workers: [resting, warm]) == [.next])
        #expect(reasons(task(.indexFile), workers: [hot]) == [.next])
    }

    @Test("A worker that is gone, stops, or has other kinds is no worker for it")
    func noWorker() {
        #expect(reasons(task(), workers: []) == [.noWorker(.analyzeAudio)])
        #expect(reasons(task(), workers: [worker([.analyzeAudio: 1], isAlive: false)]) == [.noWorker(.analyzeAudio)])
        #expect(reasons(task(), workers: [worker([.analyzeAudio: 1], isDraining: true)]) == [.noWorker(.analyzeAudio)])
        #expect(reasons(task(), workers: [worker([.indexFile: 1])]) == [.noWorker(.analyzeAudio)])
    }

    @Test("A version that no worker knows is told; one worker that knows it is enough")
    func version() {
        #expect(reasons(task(.analyzeAudio, .parked, version: 2)) == [.unknownVersion(2)])
        let both = [worker([.analyzeAudio: 1]), worker([.analyzeAudio: 2])]
        #expect(reasons(task(.analyzeAudio, .parked, version: 2), workers: both) == [.next])
    }

    @Test("Services hold a task up when all that it could use are closed, until the first of them is tried")
    func services() {
        let away = service("ollama:nomic", .open(untilSeconds: 1030))
        let sooner = service("openai", .open(untilSeconds: 1010))
        let well = service("openai", .closed(failures: 0))
        let text = task(.vectorizeText, .ready)
        #expect(reasons(text, services: [away]) == [.serviceAway(name: "ollama:nomic", seconds: 30)])
        #expect(reasons(text, services: [away, sooner]) == [.serviceAway(name: "openai", seconds: 10)])
        #expect(reasons(text, services: [away, well]) == [.next])
        #expect(reasons(text, services: [service("ollama:x", .open(untilSeconds: 1030), isSetUp: false)]) == [.next])
        #expect(reasons(text, services: [service("napster", .open(untilSeconds: 1030))]) == [.next])
        #expect(reasons(task(), services: [away]) == [.next], "it needs no service")
    }

    @Test("Everything that is in the way is told, what needs somebody first")
    func order() {
        #expect(reasons(task(.analyzeAudio, .scheduled), ahead: 9) == [.scheduled(at: 99)])
        #expect(
            reasons(task(), paused: [.audio], workers: [], ahead: 4)
                == [.paused(.audio), .noWorker(.analyzeAudio), .behind(4)])
    }

    @Test("Every answer has a name of its own and a sentence")
    func names() {
        let all: [WaitReason] = [
            .paused(.audio), .noWorker(.noop), .unknownVersion(2), .heldBack([.heat]),
            .serviceAway(name: "a", seconds: .infinity),
            .scheduled(at: 1), .behind(10_000), .next,
        ]
        #expect(all.map(\.name) == WaitReason.Name.allCases)
        #expect(all.allSatisfy { !$0.text.isEmpty })
        #expect(WaitReason.behind(10_000).text.contains("or more") && !WaitReason.behind(9999).text.contains("or more"))
    }
}
