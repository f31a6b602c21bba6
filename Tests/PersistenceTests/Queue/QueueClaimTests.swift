import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct QueueClaimTests {
    @Test("The best priority is claimed first, and within it the oldest", arguments: Engine.available)
    func order(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let low = try await bench.submitNoop(.low)
        let normal = try await bench.submitNoop(.normal)
        let firstHigh = try await bench.submitNoop(.high)
        let secondHigh = try await bench.submitIndex("a", .high)
        let claimed = try await bench.lease().map(\.lease.taskID)
        #expect(claimed == [firstHigh, secondHigh, normal, low])
    }

    @Test("A claimed task is not handed out twice", arguments: Engine.available)
    func once(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register(1)
        try await bench.register(2)
        for _ in 0..<10 { try await bench.submitNoop() }
        let first = try await bench.lease(1, max: 6)
        let second = try await bench.lease(2, max: 6)
        #expect(first.count == 6 && second.count == 4)
        #expect(Set((first + second).map(\.lease.taskID)).count == 10)
        #expect(try await bench.lease(1).isEmpty)
    }

    @Test("Work of one kind that does not end keeps no other kind waiting", arguments: Engine.available)
    func fairness(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let waiting: Set = [try await bench.submitNoop(), try await bench.submitIndex("first")]
        var claimed: Set<Int64> = []
        // On a server a kind comes first by chance: that one never does in so many rounds is as likely as 64 equal tosses.
        for round in 0..<64 where !waiting.isSubset(of: claimed) {
            for place in 0..<2 {
                try await bench.submitNoop()
                try await bench.submitIndex("file \(round) \(place)")
            }
            let tasks = try await bench.lease(max: 2)
            claimed.formUnion(tasks.map(\.lease.taskID))
            try await bench.complete(tasks)
        }
        #expect(waiting.isSubset(of: claimed))
    }

    @Test("Only the requested kinds are claimed", arguments: Engine.available)
    func kinds(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.submitNoop()
        let file = try await bench.submitIndex("a")
        let claimed = try await bench.lease(kinds: [.indexFile: 1])
        #expect(claimed.map(\.lease.taskID) == [file])
    }

    @Test("A worker that is not registered gets nothing", arguments: Engine.available)
    func unknownWorker(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        await #expect(throws: StoreError.self) { try await bench.lease(99) }
        await #expect(throws: StoreError.self) { try await bench.beat(99) }
    }

    @Test("A paused role is not claimed until it is resumed", arguments: Engine.available)
    func pause(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.submitNoop()
        try await bench.tasks.setPaused(true, role: .indexer, actor: "test")
        #expect(try await bench.lease().isEmpty)
        #expect(try await bench.tasks.queues().first { $0.role == .indexer }?.isPaused == true)
        try await bench.tasks.setPaused(false, role: .indexer, actor: "test")
        #expect(try await bench.lease().count == 1)
    }

    @Test("A scheduled task is claimed when its time has come, not before", arguments: Engine.available)
    func scheduled(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitNoop(runAt: bench.time.wall + 60_000_000)
        #expect(try await bench.state(id) == .scheduled)
        #expect(try await bench.lease().isEmpty)
        bench.time.advance(seconds: 61)
        #expect(try await bench.lease().map(\.lease.taskID) == [id])
    }

    @Test("A waiting lease wakes when a task is submitted", .timeLimit(.minutes(1)), arguments: Engine.available)
    func wakeUp(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        async let waiting = bench.lease(wait: 50)
        let id = try await bench.submitNoop()
        #expect(try await waiting.map(\.lease.taskID) == [id])
    }

    @Test("Cancelling a waiting lease ends it", .timeLimit(.minutes(1)), arguments: Engine.available)
    func cancelledWait(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let waiting = Task { try await bench.lease(wait: 50) }
        waiting.cancel()
        #expect(try await waiting.value.isEmpty)
    }

    @Test("A lease that waits writes nothing", .timeLimit(.minutes(1)), arguments: Engine.available)
    func idleWritesNothing(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        #expect(await bench.housekeeper.tick().problem == nil)
        let before = try await bench.database.writeMark()
        #expect(try await bench.lease(wait: 0.2).isEmpty)
        #expect(await bench.housekeeper.tick().problem == nil)
        // The first round of pruning found nothing; a second tick does not even look.
        #expect(await bench.housekeeper.tick() == Housekeeper.Report())
        #expect(try await bench.database.writeMark() == before)
    }

    @Test(
        "A payload that cannot be read is a dead letter with a reason, and hides nothing", arguments: Engine.available)
    func unreadable(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        for index in 0..<8 { try await bench.submitIndex("bad \(index)", .high) }
        try await bench.execute("UPDATE task SET payload = 'no json'")
        let good = try await bench.submitIndex("good", .low)
        #expect(try await bench.lease(max: 4).map(\.lease.taskID) == [good])
        let dead = try await bench.tasks.tasks(TaskFilter(state: .dead), page: PageRequest()).items
        #expect(dead.count == 8)
        #expect(dead.allSatisfy { $0.lastFailure?.reason == .invalidPayload })
    }

    @Test("A task of a newer version waits, uncharged, for a worker that knows it", arguments: Engine.available)
    func parking(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register(1)
        let newer = NewTask(
            payload: .noop, priority: .normal, raw: RawTask(kind: .noop, version: 2, json: #"{"new":true}"#))
        let id = try await bench.tasks.submit(newer, idempotencyKey: nil).id
        #expect(try await bench.lease(1).isEmpty)
        #expect(try await bench.state(id) == .parked)
        try await bench.register(2, kinds: [.noop: 2])
        let claimed = try await bench.lease(2, kinds: [.noop: 2])
        #expect(claimed.map(\.lease.taskID) == [id])
        #expect(claimed.first?.run == 1 && claimed.first?.version == 2)
    }

    @Test("A worker that meets a version it does not know parks the task", arguments: Engine.available)
    func parkedByWorker(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitNoop()
        #expect(try await bench.settle(bench.lease(), .parked) == [.accepted])
        let (task, runs, events) = try await bench.tasks.task(id: id)
        #expect(task.state == .parked && task.failures == 0)
        #expect(runs.map(\.end) == [.parked])
        #expect(events.map(\.type) == ["parked"])
    }
}
