import Domain
import Integrations
import StandIns
import TestSupport
import Testing
import UseCases

extension OutsideTests {
    /// Many tasks, two processes on one database, and a service that is gone.
    struct DeadHostTests {
        private static let tasks = 30
        private static let stepSeconds: Double = 5
        private static let seconds: Double = 600

        /// It accepts connections and resets them, so that its journal counts who comes.
        private func kill(_ errand: Errand, in world: OutsideWorld) throws -> StandInServer {
            let server = try world.server(errand.service)
            server.journal.clear()
            server.faults.add(Fault(.reset))
            return server
        }

        /// Ten minutes, in which both look for work every five seconds.
        private func live(_ desks: [OutsideDesk], during seconds: Double = DeadHostTests.seconds) async throws {
            let start = desks[0].time.seconds
            while desks[0].time.seconds - start < seconds {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for desk in desks { group.addTask { try await desk.work() } }
                    try await group.waitForAll()
                }
                desks[0].time.advance(Self.stepSeconds)
            }
        }

        private func submit(_ errand: Errand, to desk: OutsideDesk) async throws -> [Int64] {
            var ids: [Int64] = []
            for _ in 0..<Self.tasks { ids.append(try await desk.submit(errand)) }
            return ids
        }

        /// Seconds between one request and the next.
        private func gaps(_ server: StandInServer) -> [Double] {
            let times = server.journal.entries.map(\.time)
            return zip(times, times.dropFirst()).map { $1 - $0 }
        }

        private func expectWaiting(_ ids: [Int64], _ desk: OutsideDesk) async throws {
            for id in ids {
                let task = try await desk.task(id)
                #expect([.scheduled, .ready].contains(task.state) && task.failures == 0, "\(task)")
            }
        }

        @Test(
            "Two workers with many tasks ask a dead host of everybody's no oftener than once a minute, and about so often",
            arguments: [Errand.lastFMFacts, .listenBrainzFacts, .musicBrainzFacts, .napsterFacts, .coverArt])
        func everybodys(errand: Errand) async throws {
            let world = try await OutsideWorld()
            let first = try await world.desk()
            let desks = [first, try await world.desk(beside: first)]
            let ids = try await submit(errand, to: first)
            let server = try kill(errand, in: world)
            try await live(desks)
            // Three failures close the door; one of them may come while the third is on its way.
            let gaps = gaps(server)
            #expect(gaps.dropFirst(3).allSatisfy { $0 >= 60 }, "\(gaps)")
            #expect(gaps.count >= 7, "it is looked at again and again: \(gaps)")
            try await expectWaiting(ids, first)

            server.faults.clear()
            try await live(desks, during: 1200)
            for id in ids { #expect(try await first.task(id).state == .done) }
            for desk in desks { await desk.close() }
            try await world.stop()
        }

        @Test("One's own slskd is looked at soon, and then less and less often, down to once a minute")
        func own() async throws {
            let world = try await OutsideWorld()
            let first = try await world.desk()
            let desks = [first, try await world.desk(beside: first)]
            let ids = try await submit(.slskdDownload, to: first)
            let server = try kill(.slskdDownload, in: world)
            try await live(desks)
            let gaps = gaps(server)
            #expect(gaps.count <= 20 && gaps.suffix(5).allSatisfy { $0 >= 60 }, "\(gaps)")
            try await expectWaiting(ids, first)
            for desk in desks { await desk.close() }
            try await world.stop()
        }

        @Test("Also with quotas in a Redis that dies in the middle")
        func redis() async throws {
            let world = try await OutsideWorld()
            let redis = try await RedisServer()
            let address = try RedisAddress("redis://127.0.0.1:\(redis.port)/0")
            let first = try await world.desk(redis: address)
            let desks = [first, try await world.desk(redis: address, beside: first)]
            let task = try await first.submit(.lastFMFacts)
            try await until("a Redis that has just started gives turns", .seconds(120)) {
                try await first.work()
                world.time.advance(20)
                return try await first.task(task).state == .done
            }
            let ids = try await submit(.lastFMFacts, to: first)
            let server = try kill(.lastFMFacts, in: world)
            try await live(desks, during: 300)
            #expect(!server.journal.entries.isEmpty)
            redis.stop()
            try await live(desks, during: 300)
            let gaps = gaps(server)
            #expect(gaps.dropFirst(3).allSatisfy { $0 >= 60 } && !gaps.isEmpty, "\(gaps)")
            try await expectWaiting(ids, first)

            server.faults.clear()
            try await live(desks, during: 1200)
            for id in ids { #expect(try await first.task(id).state == .done) }
            for desk in desks { await desk.close() }
            try await world.stop()
        }

        @Test("The death of Redis costs nothing but a pause: no attempt, no task, and nothing is asked twice")
        func redisDies() async throws {
            let world = try await OutsideWorld()
            let redis = try await RedisServer()
            let desk = try await world.desk(redis: try RedisAddress("redis://127.0.0.1:\(redis.port)/0"))
            let ids = try await submit(.lastFMFacts, to: desk)
            let server = try world.server(.lastfm)
            server.journal.clear()
            try await until("some are done with turns that Redis gave", .seconds(120)) {
                try await desk.work()
                world.time.advance(20)
                return server.journal.entries.count >= 5
            }
            redis.stop()
            try await live([desk], during: 1200)
            for id in ids {
                let task = try await desk.task(id)
                #expect(task.state == .done && task.failures == 0, "\(task)")
            }
            // Each task asks the same questions.
            let questions = Dictionary(grouping: server.journal.entries, by: \.query)
            #expect(!questions.isEmpty && questions.values.allSatisfy { $0.count == ids.count })
            #expect(try await desk.status(of: .lastfm).state == .closed)
            await desk.close()
            try await world.stop()
        }
    }
}
