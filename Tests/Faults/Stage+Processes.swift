import Contracts
import Domain
import Glibc
import Persistence
import Similarity
import TestSupport
import UseCases

/// Faults of the program's own processes.
extension Stage {
    private static let killInterval = Duration.seconds(3)
    /// A first lease lasts 90 s, an idle worker's 240 s.
    private static let freezeLimit = Duration.seconds(300)
    private static let maxFreezes = 5
    private static let scanInterval = Duration.seconds(5)

    func killAtRandom() async throws -> Deed {
        var random = SplitMix64(seed: seed)
        var (servers, workers, hosts) = (0, 0, 0)
        let interval = min(Self.killInterval, .seconds(seconds / 8))
        _ = try await repeatedly(every: interval) {
            let choice = random.next() % 100
            let post = random.next()
            if choice < 30 {
                try fleet.kill(fleet.servers[Int(post % UInt64(fleet.servers.count))])
                servers += 1
            } else if choice < 85 {
                try fleet.kill(fleet.workers[Int(post % UInt64(fleet.workers.count))])
                workers += 1
            } else if fleet.killMediaHost(post) {
                hosts += 1
            }
        }
        return Deed(text: "killed \(servers) orchestrators, \(workers) workers, \(hosts) media hosts")
    }

    /// Freezes workers with tasks in hand until those tasks were done by others, and wakes them again.
    func freezeWorker() async throws -> Deed {
        let database = try engine.open()
        defer { try? database.close() }  // only read from
        var random = SplitMix64(seed: seed)
        let staleBefore = fleet.staleResults
        var held = 0
        var freezes = 0
        repeat {
            freezes += 1
            held += try await freezeOnce("full-\(seed)-\(freezes)", &random, database)
            // The late result is offered at once, or after the heartbeat that fails.
            _ = try? await until("a late result is refused", .seconds(20)) {  // the counts below tell
                fleet.staleResults > staleBefore
            }
        } while fleet.staleResults == staleBefore && plan.workerProgram != .unfenced && freezes < Self.maxFreezes
        let stale = fleet.staleResults - staleBefore
        var deed = Deed(text: "froze \(freezes) workers with \(held) tasks; late results refused \(stale) times")
        if stale == 0, plan.workerProgram != .unfenced { deed.problems.append("no late result was seen to be refused") }
        return deed
    }

    private func freezeOnce(_ key: String, _ random: inout SplitMix64, _ database: any Database) async throws -> Int {
        let (process, worker, held) = try await catchWorker(key, &random, database)
        defer { process.signal(SIGCONT) }
        try await until("the tasks of the frozen worker are taken from it", Self.freezeLimit, every: .milliseconds(100))
        {
            try await database.tasks(heldBy: worker, listening: false).isEmpty
        }
        try await until("others have done them", .seconds(120), every: .milliseconds(100)) {
            try await database.ended(held)
        }
        return held.count
    }

    /// Stops a worker that listens to a file. It does so for a moment only, so there is a new scan again and again.
    private func catchWorker(
        _ key: String, _ random: inout SplitMix64, _ database: any Database
    ) async throws -> (process: SpawnedProcess, worker: Int64, held: [Int64]) {
        var (scans, nextScan) = (0, ContinuousClock.now)
        return try await until("a worker stands still with tasks in hand", Self.freezeLimit, every: .milliseconds(5)) {
            if ContinuousClock.now >= nextScan {
                scans += 1
                await load.scanInFull("\(key)-\(scans)")
                nextScan = .now + Self.scanInterval
            }
            let post = fleet.workers[Int(random.next() % UInt64(fleet.workers.count))]
            guard let process = fleet.process(post), let worker = try await database.worker(process: process.id),
                try await !database.tasks(heldBy: worker, listening: true).isEmpty
            else { return nil }
            process.signal(SIGSTOP)
            let held = try await database.tasks(heldBy: worker, listening: true)
            if !held.isEmpty { return (process, worker, held) }
            process.signal(SIGCONT)
            return nil
        }
    }
}

extension Database {
    /// The worker of a process, if it has registered.
    fileprivate func worker(process: pid_t) async throws -> Int64? {
        try await read { connection in
            try connection.all("SELECT id, registration FROM worker WHERE ended_at IS NULL") {
                ($0.int(0) ?? 0, $0.text(1) ?? "")
            }
        }.first { _, json in
            // A registration that cannot be read is not the one that is looked for.
            let found = try? ContractJSON.decode(WorkerRegistration.self, from: json)  // not ours
            return found?.processID == process
        }?.0
    }

    /// - Parameter listening: only tasks that take long enough to be caught, and of scans: the books of a scan show
    ///   when a result was counted twice.
    fileprivate func tasks(heldBy worker: Int64, listening: Bool) async throws -> [Int64] {
        try await read { connection in
            try connection.all(
                "SELECT id, kind, scan_id FROM task WHERE state = 'running' AND worker_id = \(worker)"
            ) { (id: $0.int(0) ?? 0, kind: $0.text(1) ?? "", scan: $0.int(2)) }
        }.filter { !listening || ($0.kind == "analyze_audio" && $0.scan != nil) }.map(\.id)
    }

    fileprivate func ended(_ tasks: [Int64]) async throws -> Bool {
        for id in tasks {
            let isLive = try await read { connection in
                try connection.first("SELECT 1 FROM task WHERE id = \(id)") { _ in true } ?? false
            }
            if isLive { return false }
        }
        return true
    }
}
