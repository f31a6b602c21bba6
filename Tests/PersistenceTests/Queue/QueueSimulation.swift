import Contracts
import Domain
import TestSupport
import UseCases

@testable import Persistence

/// A random life of the queue under a seed: submits, claims, results in time and too late, crashes, stalls, cancels,
/// retries, pauses, clock jumps. Between any two steps the invariants of `QueueInvariants` must hold.
struct QueueSimulation {
    /// One worker process. A stalled one sends no heartbeats but keeps what it claimed, and answers late.
    private struct Process {
        var id: Int64
        var isStalled = false
        var held: [LeasedTask] = []
    }

    let bench: QueueBench
    /// Set when the fence is to be taken away, to show that the invariants notice.
    let unfenced: UnfencedDatabase?
    private var processes: [Process] = []
    private var nextWorker: Int64 = 1
    private var scans: [String] = []
    /// Ids that a submit acknowledged.
    private(set) var acknowledged: Set<Int64> = []
    private(set) var staleResults = 0
    private(set) var acceptedResults = 0

    init(_ bench: QueueBench, unfenced: UnfencedDatabase? = nil) async throws {
        self.bench = bench
        self.unfenced = unfenced
        for _ in 0..<3 { processes.append(try await start()) }
    }

    private var random: SeededRandom { bench.random }

    private mutating func start() async throws -> Process {
        defer { nextWorker += 1 }
        return Process(id: try await bench.register(nextWorker))
    }

    mutating func step() async throws {
        switch random.below(100) {
        case ..<18: try await submit()
        case ..<22: try await startScan()
        case ..<46: try await claim()
        case ..<72: try await settle()
        case ..<75: try await crash()
        case ..<79: stallOrWake()
        case ..<80: try await freezeAndWake()
        case ..<84: try await cancel()
        case ..<86: try await retry()
        case ..<88: try await pauseOrResume()
        case ..<95: try await passTime()
        default: await bench.housekeeper.tick()
        }
    }

    private mutating func submit() async throws {
        let priority = Priority(lane: random.below(3))
        switch random.below(4) {
        case 0: acknowledged.insert(try await bench.submitNoop(priority))
        case 1:
            let later = bench.time.wall + Int64(random.below(30)) * 1_000_000
            acknowledged.insert(try await bench.submitNoop(priority, runAt: later))
        default: acknowledged.insert(try await bench.submitIndex("file \(random.below(40))", priority))
        }
    }

    private mutating func startScan() async throws {
        let scan = try await bench.startScan(priority: Priority(lane: random.below(3)))
        scans.append(scan.id)
        if let task = scan.taskID { acknowledged.insert(task) }
    }

    private mutating func claim() async throws {
        let index = random.below(processes.count)
        guard !processes[index].isStalled else { return }
        try await claim(index)
    }

    private mutating func claim(_ index: Int) async throws {
        let tasks = try await bench.lease(processes[index].id, max: 1 + random.below(6))
        processes[index].held += tasks
        for task in tasks where task.kind == .scanLibrary { try await walk(task) }
    }

    private func walk(_ task: LeasedTask) async throws {
        do {
            _ = try await bench.broker.beginWalk(lease: task.lease)
        } catch StoreError.preconditionFailed {
            return  // cancelled between claim and walk
        }
        let names = (0..<random.below(12)).map { _ in "file \(random.below(40))" }
        _ = try await bench.broker.report([QueueBench.listing(names)], lease: task.lease)
    }

    /// Some of what a worker holds comes back; for a stalled worker that is usually too late.
    private mutating func settle() async throws {
        let index = random.below(processes.count)
        if processes[index].isStalled, random.chance(90) { return }
        try await settle(index, atMost: 1 + random.below(5))
    }

    private mutating func settle(_ index: Int, atMost limit: Int) async throws {
        let count = min(processes[index].held.count, limit)
        guard count > 0 else { return }
        let tasks = Array(processes[index].held.prefix(count))
        processes[index].held.removeFirst(count)
        try await settle(tasks.map { ($0, result(of: $0)) }, worker: processes[index].id)
    }

    private func result(of task: LeasedTask) -> Settlement.Result {
        switch random.below(20) {
        case ..<15: .completed(QueueBench.outcome(of: task.kind))
        case ..<17: .failed(Failure(.ioError, "no luck"))
        case 17: .failed(Failure(.corruptFile, "broken"))
        case 18: .released
        default: .failed(Failure(.parserCrash, "signal 11"))
        }
    }

    private mutating func settle(_ results: [(LeasedTask, Settlement.Result)], worker: Int64) async throws {
        let settlements = results.map { Settlement(lease: $0.0.lease, result: $0.1) }
        unfenced?.present(settlements.map(\.lease))
        defer { unfenced?.present([]) }
        let verdicts = try await bench.broker.settle(settlements, worker: worker)
        staleResults += verdicts.count { $0 == .stale }
        acceptedResults += verdicts.count { $0 == .accepted }
    }

    private mutating func crash() async throws {
        let index = random.below(processes.count)
        processes[index] = try await start()
    }

    private mutating func stallOrWake() {
        processes[random.below(processes.count)].isStalled.toggle()
    }

    /// One stands still until its lease is over and others have had its tasks, as far as they get; then it answers.
    private mutating func freezeAndWake() async throws {
        let frozen = random.below(processes.count)
        let other = (frozen + 1) % processes.count
        bench.time.advance(seconds: Self.freezeSeconds)
        try await bench.beat(processes[other].id)
        await bench.housekeeper.tick()
        for _ in 0..<Self.roundsWhileFrozen {
            try await settle(other, atMost: .max)
            try await claim(other)
        }
        try await settle(frozen, atMost: .max)
    }

    /// Longer than any lease here.
    private static let freezeSeconds = 100.0
    /// Suspects come last and one by one: as many as it takes to get to some of them.
    private static let roundsWhileFrozen = 12

    private func cancel() async throws {
        if let scan = scans.last, random.chance(20) {
            do {
                _ = try await bench.scans.cancelScan(id: scan)
            } catch StoreError.preconditionFailed {}  // it has ended already
        }
        guard let newest = acknowledged.max() else { return }
        let id = max(1, newest - Int64(random.below(60)))
        guard acknowledged.contains(id) else { return }
        do {
            _ = try await bench.tasks.cancel(id: id, actor: "simulation")
        } catch StoreError.preconditionFailed {}  // it has ended already
    }

    private func retry() async throws {
        let dead = try await bench.tasks.tasks(TaskFilter(state: .dead), page: PageRequest(limit: 5)).items
        for task in dead where random.chance(50) {
            do {
                _ = try await bench.tasks.retry(id: task.id, actor: "simulation")
            } catch StoreError.preconditionFailed, StoreError.conflict {}  // its scan has ended, or its place is taken
        }
        if random.chance(20) { _ = try await bench.tasks.retryAll(TaskFilter(), actor: "simulation") }
    }

    private func pauseOrResume() async throws {
        try await bench.tasks.setPaused(
            random.chance(30), role: random.chance(50) ? .indexer : .audio, actor: "simulation")
    }

    private func passTime() async throws {
        if random.chance(10) { bench.time.jump(seconds: Double(random.below(7200) - 3600)) }
        bench.time.advance(seconds: Double(random.below(40)))
        for process in processes where !process.isStalled { try await bench.beat(process.id) }
    }

    /// Faults stop; everything must come to an end.
    mutating func drain() async throws {
        for role in Role.allCases { try await bench.tasks.setPaused(false, role: role, actor: "simulation") }
        for index in processes.indices {
            // What the old processes still hold comes in late, or is given up.
            try await settle(
                processes[index].held.map { ($0, .completed(QueueBench.outcome(of: $0.kind))) },
                worker: processes[index].id)
        }
        processes = [try await start()]
        // The time of day is set right: it may have been set back by more hours than the rounds below last.
        let latest = Int64(
            try await bench.number("SELECT COALESCE(MAX(run_at), 0) FROM task WHERE state = 'scheduled'"))
        bench.time.jump(seconds: max(0, Double(latest - bench.time.wall) / 1_000_000))
        for _ in 0..<Self.drainRounds {
            bench.time.advance(seconds: 30)
            try await bench.beat(processes[0].id)
            await bench.housekeeper.tick()
            var tasks = try await bench.lease(processes[0].id)
            while !tasks.isEmpty {
                for task in tasks where task.kind == .scanLibrary { try await walk(task) }
                try await settle(
                    tasks.map { ($0, .completed(QueueBench.outcome(of: $0.kind))) }, worker: processes[0].id)
                tasks = try await bench.lease(processes[0].id)
            }
            if try await bench.number("SELECT COUNT(*) FROM task") == 0 { break }
        }
        await bench.housekeeper.tick()
    }

    /// Longer than any back-off.
    private static let drainRounds = 400
}
