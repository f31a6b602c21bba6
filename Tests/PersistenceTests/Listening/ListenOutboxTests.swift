import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct ListenOutboxTests {
    @Test("Listens leave in batches, oldest first, one task at a time, each once", arguments: Engine.available)
    func batches(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect()
        try await bench.listen(130)
        var order: [Int64] = []
        var sizes: [Int] = []
        while case let tasks = try await bench.lease(), !tasks.isEmpty {
            #expect(tasks.count == 1)
            #expect(try await bench.lease().isEmpty, "there is one task for the outbox")
            sizes.append(tasks[0].payload.listens.count)
            order += tasks[0].payload.listens.map(\.listen.startedAt)
            try await bench.sendAll(tasks[0])
        }
        #expect(sizes == [1, 50, 50, 29])
        #expect(order == order.sorted() && Set(order).count == 130)
        #expect(try await bench.states() == ["sent": 130])
    }

    @Test("What a player submits counts here, and services are told by their own rule", arguments: Engine.available)
    func submitted(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect()
        let short = try #require(bench.base.tracks.last)
        func submit(_ track: Int64, playedMs: Int64?) async throws -> Play {
            let report = PlayReport(
                trackID: track, submission: .finished, startedAt: bench.now - 300_000_000, playedMs: playedMs,
                isSubmitted: true)
            return try await bench.stores.listening.report(report, account: bench.ada)
        }
        #expect(try await submit(short, playedMs: nil).counts)
        #expect(try await submit(short, playedMs: nil).counts)
        #expect(try await bench.base.mark(bench.base.tracks.count - 1).plays == 1)
        #expect(try await submit(bench.base.tracks[0], playedMs: 10_000).counts)
        #expect(try await bench.states().isEmpty)
        #expect(try await submit(bench.base.tracks[0], playedMs: 190_000).counts)
        #expect(try await bench.base.mark(0).plays == 1)
        #expect(try await bench.states().values.reduce(0, +) == 1, "heard for long enough by now")
    }

    @Test(
        "What is not connected gets nothing, and a service is told from the day it is connected on",
        arguments: Engine.available)
    func unconnected(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.listen(2)
        #expect(try await bench.states().isEmpty)
        try await bench.connect(.lastfm)
        try await bench.connect(.listenbrainz)
        try await bench.listen(1, from: 5)
        #expect(try await bench.lease().map(\.payload.target.rawValue).sorted() == ["lastfm", "listenbrainz"])
        let all = try await bench.connections.connections(account: bench.ada)
        #expect(all.map(\.waiting) == [1, 1])
        try await bench.connections.disconnect(.lastfm, account: bench.ada)
        #expect(try await bench.connections.connections(account: bench.ada).map(\.service) == [.listenbrainz])
        #expect(try await bench.connections.opened(.lastfm, account: bench.ada) == nil)
        #expect(try await bench.states() == ["waiting": 1])
        await #expect(throws: StoreError.self) {
            try await bench.connections.disconnect(.lastfm, account: bench.ada)
        }
    }

    @Test(
        "An account that is turned away stops its outbox and loses nothing; connected anew, all goes on",
        arguments: Engine.available)
    func turnedAway(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect()
        try await bench.listen(3)
        let first = try #require(try await bench.lease().first)
        try await bench.settle(first) { $0.signInAgain = "Last.fm answered error 9" }
        try await bench.listen(2, from: 3)
        #expect(try await bench.lease().isEmpty)
        try await bench.connections.wake()
        #expect(try await bench.lease().isEmpty)
        let broken = try #require(try await bench.connections.connections(account: bench.ada).first)
        #expect(broken.problem == "Last.fm answered error 9" && broken.problemAt == bench.now && broken.waiting == 5)
        bench.base.queue.time.advance(seconds: 60)
        #expect(try await bench.connect().problem == nil)
        let next = try #require(try await bench.lease().first)
        #expect(next.payload.listens.count == 5)
        #expect(next.payload.inDoubt == true, "one of them was with a task before")
        // The old connection's answer comes late: it says nothing of the new one.
        try await bench.settle(next) { outcome in
            outcome.signInAgain = "error 9"
            outcome.connectedAt = 1
        }
        #expect(try await bench.connections.connections(account: bench.ada).first?.problem == nil)
        #expect(try await bench.lease().count == 1)
    }

    @Test("What a service leaves open goes on its way again, later when it asks for that", arguments: Engine.available)
    func leftOpen(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect()
        try await bench.listen(1)
        try await bench.sendAll(try #require(try await bench.lease().first))
        try await bench.listen(3, from: 1)
        let first = try #require(try await bench.lease().first)
        try await bench.sendAll(first)
        let batch = try #require(try await bench.lease().first)
        #expect(batch.payload.listens.count == 2 && batch.payload.inDoubt == nil)
        try await bench.settle(batch) { outcome in
            outcome.verdicts = [.init(id: batch.payload.listens[0].id, state: .ignored, detail: "too old")]
            outcome.retryAfterSeconds = 300
        }
        #expect(try await bench.lease().isEmpty)
        bench.base.queue.time.advance(seconds: 301)
        _ = await bench.stores.housekeeper.tick()
        try await bench.register()
        let rest = try #require(try await bench.lease().first)
        #expect(rest.payload.listens.map(\.id) == [batch.payload.listens[1].id] && rest.payload.inDoubt == true)
        try await bench.sendAll(rest)
        #expect(try await bench.states() == ["sent": 3, "ignored": 1])
    }

    @Test("An outbox whose task was cancelled is found again", arguments: Engine.available)
    func found(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect()
        try await bench.listen(2)
        try await bench.base.queue.execute("DELETE FROM task WHERE kind = 'submit_listens'")
        #expect(try await bench.lease().isEmpty)
        try await bench.connections.wake()
        try await bench.connections.wake()
        let tasks = try await bench.lease()
        #expect(tasks.count == 1 && tasks[0].payload.listens.count == 2 && tasks[0].payload.inDoubt == true)
    }

    @Test("Reports from many at once leave no listen without a task", arguments: Engine.available)
    func atOnce(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.connect()
        let settling = Task {
            var sent = 0
            while sent < 40 {
                for task in try await bench.lease() {
                    sent += task.payload.listens.count
                    try await bench.sendAll(task)
                }
                try await Task.sleep(for: .milliseconds(2))
            }
            return sent
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 { group.addTask { try await bench.listen(1, from: number) } }
            try await group.waitForAll()
        }
        #expect(try await settling.value == 40)
        #expect(try await bench.states() == ["sent": 40])
    }

    @Test("A track without an artist is refused here, and holds up nothing", arguments: Engine.available)
    func nameless(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        try await bench.base.queue.execute("UPDATE track SET details = 'no tags' WHERE id = \(bench.base.tracks[1])")
        try await bench.connect()
        for track in [1, 0] {
            let report = PlayReport(
                trackID: bench.base.tracks[track], submission: .finished, startedAt: bench.now, playedMs: 200_000)
            _ = try await bench.stores.listening.report(report, account: bench.ada)
        }
        try await bench.sendAll(try #require(try await bench.lease().first))
        #expect(try await bench.states() == ["refused": 1, "sent": 1])
    }

    @Test("Nobody else may queue listens", arguments: Engine.available)
    func forged(engine: Engine) async throws {
        let bench = try await OutboxBench(engine)
        let payload = SubmitListensPayload(accountID: bench.ada, target: .lastfm, listens: [])
        await #expect(throws: StoreError.self) {
            try await bench.stores.tasks.submit(
                NewTask(payload: .submitListens(payload), priority: .normal), idempotencyKey: nil)
        }
    }
}
