import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct AnnouncementTests {
    private static func data<Value: Decodable>(_ told: ToldAnnouncement?, as type: Value.Type) throws -> Value {
        try ContractJSON.decode(type, from: try #require(told).data)
    }

    @Test("A scan that ends is told of once, with what it did", arguments: Engine.available)
    func scan(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        let scan = try await bench.queue.startScan()
        _ = try await bench.queue.scans.cancelScan(id: scan.id)
        await bench.stores.housekeeper.tick()
        let told = try await bench.told()
        #expect(told.map(\.topic) == [.scanFinished])
        let data = try Self.data(told.first, as: ScanFinished.self)
        #expect(data.scanID == scan.id && data.state == .cancelled && data.path == FilePath("/music"))
        #expect(data.progress.tasksQueued == 1)
    }

    @Test("Many dead letters are one event, and the next ones wait a minute", arguments: Engine.available)
    func deaths(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        try await bench.bury(60)
        await bench.stores.housekeeper.tick()
        #expect(try await bench.told().isEmpty, "one seldom comes alone")
        try await bench.bury(40)
        try await bench.bury(3, Failure(.fileGone, "it is gone"))
        bench.queue.time.advance(seconds: 10)
        await bench.stores.housekeeper.tick()
        let first = try await died(bench)
        #expect(first.count == 1)
        let data = try Self.data(first.first, as: TasksDied.self)
        #expect(data.count == 103 && data.causes.map(\.count) == [100, 3])
        #expect(data.causes.first?.reason == .corruptFile && data.causes.first?.task == .indexFile)

        try await bench.bury(1)
        bench.queue.time.advance(seconds: 30)
        await bench.stores.housekeeper.tick()
        #expect(try await died(bench).count == 1)
        bench.queue.time.advance(seconds: 30)
        await bench.stores.housekeeper.tick()
        #expect(try Self.data(await died(bench).last, as: TasksDied.self).count == 1)
        bench.queue.time.advance(seconds: 600)
        await bench.stores.housekeeper.tick()
        #expect(try await died(bench).count == 2)
    }

    private func died(_ bench: AnnouncementBench) async throws -> [ToldAnnouncement] {
        try await bench.told().filter { $0.topic == .tasksDied }
    }

    @Test("A death that is rolled back is told to nobody", arguments: Engine.available)
    func rolledBack(engine: Engine) async throws {
        struct TornDown: Error {}
        let bench = try await AnnouncementBench(engine)
        let id = try await bench.queue.submitIndex("a")
        let context = bench.stores.broker.context
        await #expect(throws: (any Error).self) {
            try await context.write { transaction in
                let row = try #require(try transaction.liveRows([id]).first)
                transaction.deaths.add(row, Failure(.corruptFile, "odd"))
                transaction.announcements.append(.workerLost(WorkerLost(host: "pi", roles: [], tasks: 0)))
                try transaction.finish()
                throw TornDown()
            }
        }
        #expect(try await bench.told().isEmpty)
        #expect(try await bench.queue.number("SELECT COUNT(*) FROM untold_death") == 0)
    }

    @Test("A worker that is lost is told of, one that says good-bye is not", arguments: Engine.available)
    func worker(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        try await bench.queue.register(2)
        try await bench.queue.submitNoop()
        _ = try await bench.queue.lease(2)
        try await bench.stores.broker.deregister(worker: 1)
        bench.queue.time.advance(seconds: 100)
        await bench.stores.housekeeper.tick()
        await bench.stores.housekeeper.tick()
        let told = try await bench.told()
        #expect(told.map(\.topic) == [.workerLost])
        #expect(
            try Self.data(told.first, as: WorkerLost.self)
                == WorkerLost(host: "test", roles: Role.allCases, tasks: 1))
    }

    @Test("A service is told of when its breaker opens, and not while it stays open", arguments: Engine.available)
    func service(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        let door = ServiceDoor(service: "musicbrainz", host: "musicbrainz.org", purpose: .work)
        let policy = ServicePolicy.everybodys(perSecond: 10, atOnce: 10)
        let failure = Failure(.serviceUnavailable, "MusicBrainz is not in reach")
        for _ in 0..<5 {
            guard case .go(let turn) = try await bench.stores.services.enter(door, policy, limit: 10) else {
                bench.queue.time.advance(seconds: 100)
                continue
            }
            _ = try await bench.stores.services.leave(door, policy, turn, .failed(failure))
        }
        let told = try await bench.told()
        #expect(told.map(\.topic) == [.serviceUnreachable])
        let data = try Self.data(told.first, as: ServiceUnreachable.self)
        #expect(data.service == "musicbrainz" && data.reason == .serviceUnavailable)
        #expect(data.message == failure.message)
    }

    @Test("A service that asks for some time is not out of reach", arguments: Engine.available)
    func pause(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        let door = ServiceDoor(service: "lastfm", host: "ws.audioscrobbler.com", purpose: .work)
        let policy = ServicePolicy.everybodys(perSecond: 10, atOnce: 10)
        let asked = Failure(.serviceUnavailable, "later", retryAfterSeconds: 30)
        guard case .go(let turn) = try await bench.stores.services.enter(door, policy, limit: 10) else {
            Issue.record("nothing is in the way yet")
            return
        }
        let wait = try await bench.stores.services.leave(door, policy, turn, .failed(asked))
        #expect(wait >= 30, "its breaker is open")
        #expect(try await bench.told().isEmpty)
    }

    @Test("What a newer build told is passed over, and fills no page", arguments: Engine.available)
    func unknown(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        _ = try await bench.queue.database.write { connection in
            for number in 0..<3 {
                _ = try connection.execute(
                    """
                    INSERT INTO announcement (uuid, topic, at, data)
                    VALUES (\("u\(number)"), \(number == 2 ? "worker_lost" : "moon_landed"), 1, \("{}"))
                    """)
            }
        }
        let page = try await bench.stores.announcements.announcements(after: 0, limit: 2)
        #expect(page.map(\.id) == ["u2"])
    }

    @Test("Whoever reads up to a number misses none before it, however many write", arguments: Engine.available)
    func order(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        let context = bench.stores.broker.context
        let (writers, each) = (8, 12)
        let seen = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<writers {
                group.addTask {
                    for _ in 0..<each {
                        try await context.write { transaction in
                            transaction.announcements.append(
                                .workerLost(WorkerLost(host: "pi", roles: [], tasks: 0)))
                        }
                    }
                    return []
                }
            }
            group.addTask {
                var seen: [Int64] = []
                while seen.count < writers * each {
                    seen += try await bench.told(after: seen.last ?? 0).map(\.number)
                }
                return seen
            }
            return try await group.reduce(into: [Int64]()) { $0 += $1 }
        }
        let all = try await bench.told().map(\.number)
        #expect(seen == all && all.count == writers * each)
        #expect(try await bench.stores.announcements.newest() == all.last)
    }

    @Test("After a month nobody is told any more", arguments: Engine.available)
    func pruned(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        try await bench.bury(1)
        bench.queue.time.advance(seconds: 10)
        await bench.stores.housekeeper.tick()
        #expect(try await bench.told().count == 1)
        bench.queue.time.advance(seconds: 31 * 86400)
        while await bench.stores.housekeeper.tick().pruned > 0 {}
        #expect(try await bench.told().allSatisfy { $0.topic == .workerLost })
    }
}
