import Contracts
import Domain
import Foundation
import Testing
import UseCases

@testable import Persistence

@Suite struct QueueRescueTests {
    @Test("A lost worker's tasks run again alone, each in a lease of its own", arguments: Engine.available)
    func quarantine(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register(1)
        for _ in 0..<3 { try await bench.submitNoop() }
        #expect(try await bench.lease(1).count == 3)
        bench.time.advance(seconds: 100)
        let rescued = await bench.housekeeper.tick().rescuedTasks
        #expect(rescued.count == 3 && rescued.allSatisfy { $0.kind == "noop" && $0.attempt == 1 && $0.end == .putBack })

        try await bench.register(2)
        let normal = try await bench.submitNoop(.low)
        let first = try await bench.lease(2)
        #expect(first.map(\.lease.taskID) == [normal], "suspects come last")
        #expect(try await bench.lease(2).isEmpty, "no suspect beside another task")
        try await bench.complete(first, worker: 2)
        for run in 1...3 {
            let alone = try await bench.lease(2)
            #expect(alone.count == 1, "suspect \(run)")
            try await bench.submitNoop(.high)
            #expect(try await bench.lease(2).isEmpty, "nothing beside a suspect")
            try await bench.complete(alone, worker: 2)
            try await bench.complete(bench.lease(2), worker: 2)
        }
        #expect(try await bench.number("SELECT COUNT(*) FROM task") == 0)
    }

    @Test("A task under which workers are lost ten times is a dead letter", arguments: Engine.available)
    func crashLoop(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let id = try await bench.submitIndex("poison")
        for crash in 1...RetryPolicy.maxCrashes {
            try await bench.register(Int64(crash))
            #expect(try await bench.lease(Int64(crash)).count == 1)
            bench.time.advance(seconds: 100)
            let rescued = await bench.housekeeper.tick().rescuedTasks
            let end: RescuedTask.End = crash == RetryPolicy.maxCrashes ? .buried : .putBack
            #expect(rescued == [RescuedTask(id: id, kind: "index_file", attempt: crash, end: end)])
        }
        let (task, runs, _) = try await bench.tasks.task(id: id)
        #expect(task.state == .dead && task.crashes == RetryPolicy.maxCrashes && task.failures == 0)
        #expect(task.lastFailure?.reason == .crashLoop)
        #expect(runs.map(\.run) == Array(1...RetryPolicy.maxCrashes))
        #expect(runs.last?.end == .died && runs.dropLast().allSatisfy { $0.end == .lost })
    }

    @Test("A parser that crashes is an ordinary failure, not a lost worker", arguments: Engine.available)
    func parserCrash(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitIndex("a")
        _ = try await bench.settle(bench.lease(), .failed(Failure(.parserCrash, "signal 11")))
        let task = try await bench.tasks.task(id: id).task
        #expect(task.failures == 1 && task.crashes == 0 && !task.isQuarantined)
    }

    @Test("A worker that renews keeps its tasks", arguments: Engine.available)
    func renewal(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.submitNoop()
        _ = try await bench.lease()
        for _ in 0..<20 {
            bench.time.advance(seconds: 30)
            try await bench.beat()
            #expect(await bench.housekeeper.tick().rescued == 0)
        }
    }

    @Test("A task that overstays its time is taken from a living worker", arguments: Engine.available)
    func deadline(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.submitNoop()
        let leased = try await bench.lease()
        let running = leased.map(\.lease.taskID)
        for _ in 0..<(TaskKind.noop.deadlineSeconds / 30) + 1 {
            bench.time.advance(seconds: 30)
            _ = try await bench.broker.renew(Heartbeat(worker: 1, running: running, leaseSeconds: 40, draining: false))
        }
        #expect(await bench.housekeeper.tick().rescued == 1)
        #expect(try await bench.complete(leased) == [.stale])
        #expect(try await bench.tasks.workers().map(\.isAlive) == [true])
    }

    @Test("Setting the time of day rescues nobody", arguments: Engine.available)
    func clockJump(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.submitNoop()
        let leased = try await bench.lease()
        for jump in [365.0 * 86400, -3600, 600] {
            bench.time.jump(seconds: jump)
            #expect(await bench.housekeeper.tick().rescued == 0)
        }
        #expect(try await bench.complete(leased) == [.accepted])
    }

    @Test("A worker of another boot is dead", arguments: Engine.available)
    func reboot(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.submitNoop()
        _ = try await bench.lease()
        try await bench.execute("UPDATE worker SET boot_id = 'an earlier boot', lease_until = 9000000000000000")
        #expect(await bench.housekeeper.tick().rescued == 1)
    }

    @Test("After this process stood still, living workers get time for a heartbeat", arguments: Engine.available)
    func stall(_ engine: Engine) async throws {
        let database = try await engine.open()
        let time = FakeTime()
        let random = SeededRandom(seed: 1)
        let stores = try Stores(
            database: database, sink: RecordingSink(), lockFolder: nil, clock: time.clock, leaseClock: time.leaseClock,
            random: { random.next() })
        try await RecordingSink.createTables(in: database)
        let bench = try await QueueBench(database, time: time, isFirst: false)
        try await bench.register()
        try await bench.submitNoop()
        _ = try await bench.lease()
        await stores.housekeeper.tick()
        time.advance(seconds: 3600)
        #expect(await stores.housekeeper.tick().rescued == 0)
        time.advance(seconds: 5)
        try await bench.beat()
        time.advance(seconds: 9)
        #expect(await stores.housekeeper.tick().rescued == 0)
        time.advance(seconds: 9)
        await stores.housekeeper.tick()
        for _ in 0..<6 {
            time.advance(seconds: 9)
            await stores.housekeeper.tick()
        }
        #expect(try await bench.number("SELECT COUNT(*) FROM task WHERE state = 'ready' AND lane >= 4") == 1)
    }

    @Test("A worker whose process is gone is found at once by its lock", arguments: Engine.available)
    func lockFile(_ engine: Engine) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sillon-locks-\(UUID().uuidString)").path
        let bench = try await QueueBench(engine, lockFolder: folder)
        try await bench.register(1)
        try await bench.submitNoop()
        _ = try await bench.lease(1)
        #expect(await bench.housekeeper.tick().rescued == 0, "the lock is held")
        // A file that nobody holds is what a dead process leaves behind.
        try await bench.register(2)
        try await bench.submitNoop()
        _ = try await bench.lease(2)
        try FileManager.default.removeItem(atPath: folder + "/2.lock")
        #expect(FileManager.default.createFile(atPath: folder + "/2.lock", contents: nil))
        #expect(await bench.housekeeper.tick().rescued == 1)
        #expect(!FileManager.default.fileExists(atPath: folder + "/2.lock"))
        try await bench.broker.deregister(worker: 1)
        #expect(!FileManager.default.fileExists(atPath: folder + "/1.lock"))
    }

    @Test("A worker that was given up goes on when it speaks again", arguments: Engine.available)
    func comeback(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitNoop()
        let late = try await bench.lease()
        bench.time.advance(seconds: 100)
        await bench.housekeeper.tick()
        #expect(try await bench.tasks.workers().map(\.isAlive) == [false])
        #expect(try await bench.complete(late) == [.stale])
        let again = try await bench.lease()
        #expect(again.map(\.lease.taskID) == [id])
        #expect(try await bench.tasks.workers().map(\.isAlive) == [true])
        #expect(try await bench.complete(again) == [.accepted])
    }

    @Test("What a living worker names no more goes back without a charge", arguments: Engine.available)
    func forgotten(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let (kept, lost) = (try await bench.submitNoop(), try await bench.submitNoop())
        #expect(try await bench.lease().count == 2)
        bench.time.advance(seconds: 30)
        func beat() async throws {
            _ = try await bench.broker.renew(Heartbeat(worker: 1, running: [kept], leaseSeconds: 90, draining: false))
        }
        try await beat()
        #expect(try await bench.tasks.task(id: lost).task.state == .running, "the answer may be on its way")
        bench.time.advance(seconds: 40)
        try await beat()
        let record = try await bench.tasks.task(id: lost).task
        #expect(record.state == .ready && record.failures == 0 && record.crashes == 0)
        #expect(try await bench.tasks.task(id: kept).task.state == .running)
    }
}
