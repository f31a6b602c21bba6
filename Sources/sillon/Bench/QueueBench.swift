import Audio
import Contracts
import Domain
import Files
import Foundation
import Logging
import Persistence
import UseCases

/// How fast the queue itself is: no-op tasks, one worker process, audit row and fence on.
struct QueueBench: Sendable {
    /// Tasks in a drain, all links of the chains together.
    let tasks: Int
    let batch: Int
    let lanes: Int
    /// Tasks in a row, each queued by the one before it.
    var chain = 1
    /// Tasks that are due tomorrow and lie there meanwhile.
    var scheduled = 0
    /// Tasks that are drained first, so that the database has a history.
    var warmup = 0
    var pace = Pace(isOn: false)

    /// About what a task of a scan carries: a path and a hash.
    private static let note = "Artist/Album/01 Title of a song.flac 9f86d081884c7d659a2feaa0"

    struct Drain: Sendable, Encodable {
        let tasksPerSecond: Double
        /// Of the whole process, user and system.
        let cpuMicrosecondsPerTask: Double
        /// The median of a lease that came back with tasks.
        let claimMilliseconds: Double

        enum CodingKeys: String, CodingKey {
            case tasksPerSecond = "tasks_per_second"
            case cpuMicrosecondsPerTask = "cpu_us_per_task"
            case claimMilliseconds = "claim_milliseconds"
        }
    }

    /// Makes the schema in a database on a server, which must be empty, drains tasks there, and takes it away again.
    func drain(_ url: PostgresURL, _ options: PostgresOptions) async throws -> Drain {
        let database = PostgresDatabase(url, options: options)
        defer { database.close() }
        let migrator = Migrator(database: database)
        guard try await migrator.status().allSatisfy({ !$0.isApplied }) else {
            throw CommandError.misconfigured("\(url) is in use: a benchmark needs an empty database")
        }
        try await migrator.up(now: SystemClock.microseconds())
        let drain = try await drain(
            Stores(database: database, lockFolder: nil, clock: SystemClock.microseconds))
        // A script that keeps pace reads the counts of the tables afterwards.
        if !pace.isOn { try await migrator.down(to: 0) }
        return drain
    }

    /// Makes a database in a folder of its own below `base`, fills it, drains it, and takes it away again.
    func drain(in base: String) async throws -> Drain {
        let folder = base + "/sillon-bench-\(UUID().uuidString)"
        try DataFolder(path: folder).prepare()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // a leftover in a folder for temporary files
        let database = try SQLiteDatabase(path: folder + "/sillon.db")
        try await Migrator(database: database).up(now: SystemClock.microseconds())
        let stores = try Stores(
            database: database, lockFolder: folder + "/workers", clock: SystemClock.microseconds)
        let drain = try await drain(stores)
        try database.close()
        return drain
    }

    private func drain(_ stores: Stores) async throws -> Drain {
        try pace.pause(.ready)
        let tomorrow = SystemClock.microseconds() + 86_400_000_000
        try await stores.tasks.loadNoops(noops, count: scheduled / chain, runAt: tomorrow)
        if warmup > 0 {
            try await stores.tasks.loadNoops(noops, count: warmup / chain)
            _ = try await measure(stores, tasks: warmup, pace: Pace(isOn: false))
        }
        try await stores.tasks.fillNoops(noops, count: tasks / chain)
        try pace.pause(.filled)
        return try await measure(stores, tasks: tasks, pace: pace)
    }

    private var noops: NoopChain { NoopChain(followers: chain - 1, note: Self.note) }

    private func measure(_ stores: Stores, tasks: Int, pace: Pace) async throws -> Drain {
        let broker = CountingBroker(stores.broker, until: tasks / chain * chain)
        let media = MediaHostPool(MediaHostSettings())
        let worker = Worker(
            registration: WorkerRegistration(
                id: Int64.random(in: 1...Int64.max), host: "bench", processID: getpid(), roles: [.indexer],
                kinds: [.noop: TaskKind.noop.currentVersion], slots: [.indexer: lanes], version: Build.version),
            lanes: Array(repeating: WorkLane(kinds: [.noop], batch: batch), count: lanes), broker: broker,
            handlers: Handlers(walker: DirectoryWalker(), media: media, broker: broker, models: []),
            logger: Logger(label: "bench"))
        try pace.say(.first)
        let (start, cpu) = (ContinuousClock.now, ProcessorTime.now())
        async let running: Void = worker.run()
        await broker.done.wait()
        let (elapsed, used) = (ContinuousClock.now - start, ProcessorTime.now() - cpu)
        try pace.say(.last)
        worker.stop()
        do {
            try await running
        } catch  where broker.problem != nil {
            // Said below, with its cause.
        }
        await media.shutdown()
        if let problem = broker.problem { throw CommandError.unreachable("the drain came to a stop: \(problem)") }
        return Drain(
            tasksPerSecond: Double(tasks) / (elapsed / .seconds(1)),
            cpuMicrosecondsPerTask: used / .microseconds(1) / Double(tasks),
            claimMilliseconds: Spread(broker.claimMilliseconds).median)
    }

    struct Report: Sendable, Encodable {
        let tasks: Int
        let batch: Int
        let lanes: Int
        let drains: [Drain]
        let tasksPerSecond: Spread
        let cpuMicrosecondsPerTask: Spread
        let claimMilliseconds: Spread

        init(_ bench: QueueBench, drains: [Drain]) {
            (tasks, batch, lanes) = (bench.tasks, bench.batch, bench.lanes)
            self.drains = drains
            tasksPerSecond = Spread(drains.map(\.tasksPerSecond))
            cpuMicrosecondsPerTask = Spread(drains.map(\.cpuMicrosecondsPerTask))
            claimMilliseconds = Spread(drains.map(\.claimMilliseconds))
        }

        enum CodingKeys: String, CodingKey {
            case tasks, batch, lanes, drains
            case tasksPerSecond = "tasks_per_second"
            case cpuMicrosecondsPerTask = "cpu_us_per_task"
            case claimMilliseconds = "claim_milliseconds"
        }

        var text: String {
            """
            \(Readable.count(tasks)) no-op tasks, \(drains.count) drains, \(lanes) lanes of \(batch)
              tasks/s       \(tasksPerSecond.text(places: 0))
              CPU us/task   \(cpuMicrosecondsPerTask.text(places: 1))
              ms/claim      \(claimMilliseconds.text(places: 2))
            """
        }
    }
}
