import Audio
import Domain
import Files
import Foundation
import Logging
import Persistence
import UseCases

/// How fast the queue itself is: no-op tasks, one worker process, audit row and fence on.
struct QueueBench: Sendable {
    let tasks: Int
    let batch: Int
    let lanes: Int

    struct Drain: Sendable, Encodable {
        let tasksPerSecond: Double
        /// Of the whole process, user and system.
        let cpuMicrosecondsPerTask: Double

        enum CodingKeys: String, CodingKey {
            case tasksPerSecond = "tasks_per_second"
            case cpuMicrosecondsPerTask = "cpu_us_per_task"
        }
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
        try await stores.tasks.fillNoops(count: tasks)
        let drain = try await measure(stores)
        try database.close()
        return drain
    }

    private func measure(_ stores: Stores) async throws -> Drain {
        let broker = CountingBroker(stores.broker, until: tasks)
        let media = MediaHostPool(MediaHostSettings())
        let worker = Worker(
            registration: WorkerRegistration(
                id: Int64.random(in: 1...Int64.max), host: "bench", processID: getpid(), roles: [.indexer],
                kinds: [.noop: TaskKind.noop.currentVersion], slots: [.indexer: lanes], version: Build.version),
            lanes: Array(repeating: WorkLane(kinds: [.noop], batch: batch), count: lanes), broker: broker,
            handlers: Handlers(walker: DirectoryWalker(), media: media, broker: broker, models: []),
            logger: Logger(label: "bench"))
        let (start, cpu) = (ContinuousClock.now, ProcessorTime.now())
        async let running: Void = worker.run()
        await broker.done.wait()
        let (elapsed, used) = (ContinuousClock.now - start, ProcessorTime.now() - cpu)
        worker.stop()
        try await running
        await media.shutdown()
        return Drain(
            tasksPerSecond: Double(tasks) / (elapsed / .seconds(1)),
            cpuMicrosecondsPerTask: used / .microseconds(1) / Double(tasks))
    }

    struct Report: Sendable, Encodable {
        let tasks: Int
        let batch: Int
        let lanes: Int
        let drains: [Drain]
        let tasksPerSecond: Spread
        let cpuMicrosecondsPerTask: Spread

        init(_ bench: QueueBench, drains: [Drain]) {
            (tasks, batch, lanes) = (bench.tasks, bench.batch, bench.lanes)
            self.drains = drains
            tasksPerSecond = Spread(drains.map(\.tasksPerSecond))
            cpuMicrosecondsPerTask = Spread(drains.map(\.cpuMicrosecondsPerTask))
        }

        enum CodingKeys: String, CodingKey {
            case tasks, batch, lanes, drains
            case tasksPerSecond = "tasks_per_second"
            case cpuMicrosecondsPerTask = "cpu_us_per_task"
        }

        var text: String {
            """
            \(Readable.count(tasks)) no-op tasks, \(drains.count) drains, \(lanes) lanes of \(batch)
              tasks/s       \(tasksPerSecond.text(places: 0))
              CPU us/task   \(cpuMicrosecondsPerTask.text(places: 1))
            """
        }
    }
}
