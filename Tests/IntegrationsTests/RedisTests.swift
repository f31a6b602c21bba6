import Domain
import Foundation
import Integrations
import TestSupport
import Testing
import UseCases

@Suite(.timeLimit(.minutes(2))) struct RedisTests {
    private func cache(_ server: RedisServer, password: String? = nil, _ time: HandTime = HandTime()) throws
        -> SharedVectorCache
    {
        let secret = password.map { ":\($0)@" } ?? ""
        return SharedVectorCache(
            try RedisAddress("redis://\(secret)127.0.0.1:\(server.port)/3"), clock: time.clock)
    }

    @Test("What one process asked, another finds, in whatever order they start")
    func shared() async throws {
        let redis = try await RedisServer(password: "word")
        let first = try await ModelBench(shared: try cache(redis, password: "word"))
        let embedding = try await first.embed("words")
        let second = try await ModelBench(shared: try cache(redis, password: "word"), service: first.service)
        #expect(try await second.embed("words") == embedding)
        #expect(first.service.texts.count == 1)
        #expect(first.model.sharedCache?.misses == 1 && second.model.sharedCache?.hits == 1)
        first.service.set("nomic-embed-text", .init(digest: "bbbb"))
        let third = try await ModelBench(shared: try cache(redis, password: "word"), service: first.service)
        #expect(try await third.embed("words").space.digest == "bbbb", "another version of the model is another key")
    }

    @Test("A pattern lets go of one model, and of nothing else")
    func forget() async throws {
        let redis = try await RedisServer()
        let bench = try await ModelBench(shared: try cache(redis))
        let other = try await ModelBench(openAI: true, shared: try cache(redis), service: bench.service)
        for number in 0..<20 { _ = try await bench.embed("words \(number)") }
        _ = try await other.embed("words")
        #expect(await bench.model.forget(matching: NamePattern("ollama:nomic-embed-text@aaaa/64")) == 40)
        #expect(await bench.model.forget(matching: NamePattern("ollama:*")) == 0)
        #expect(await other.model.forget(matching: NamePattern("openai:*")) == 2)
    }

    @Test("Without an answer it is done without, and Redis is left alone for a while")
    func away() async throws {
        let (redis, time) = (try await RedisServer(), HandTime())
        let bench = try await ModelBench(shared: try cache(redis, time))
        _ = try await bench.embed("a")
        redis.stop()
        for text in ["b", "c", "d"] { _ = try await bench.embed(text) }
        #expect(bench.service.texts.count == 4)
        #expect(bench.model.sharedCache?.misses == 4)
        let wrong = try await RedisServer(password: "word")
        let refused = try await ModelBench(shared: try cache(wrong, password: "other"))
        #expect(try await refused.embed("a").vector.count == 64)
    }

    @Test(
        "An address has a host, and its password is not shown", arguments: ["", "redis://", "http://x", "redis://x/y"])
    func addresses(text: String) throws {
        #expect(throws: RedisAddress.NotAnAddress.self) { try RedisAddress(text) }
        #expect(try RedisAddress("redis://:word@x:1/2").description == "redis://x:1/2")
    }
}

@Suite(.timeLimit(.minutes(2))) struct RedisQuotaTests {
    private static let door = ServiceDoor(service: "musicbrainz", host: "musicbrainz.org", purpose: .work)
    private static let policy = ServicePolicy.everybodys(perSecond: 1, atOnce: 1)

    private func address(_ redis: RedisServer) throws -> RedisAddress {
        try RedisAddress("redis://127.0.0.1:\(redis.port)/0")
    }

    private func enter(_ gate: any ServiceGate, limit: Double = 60) async throws -> ServiceAdmission {
        try await gate.enter(Self.door, Self.policy, limit: limit)
    }

    /// Redis gives turns when it has run for a while: as if it had.
    private func patient(_ gates: [any ServiceGate], _ time: HandTime) async throws {
        try await until("Redis gives turns", .seconds(60)) {
            if case .go = try await enter(gates[0]) { return true }
            // A Redis that was slow to answer is asked again after a while.
            time.advance(0.5)
            return false
        }
    }

    @Test("Workers without a database keep one quota through Redis; its death ends that, and harms nobody else")
    func shared() async throws {
        let redis = try await RedisServer()
        let time = HandTime()
        let gates = try (0..<3).map { _ in
            RedisServiceGate(try address(redis), beside: ClosedServiceGate(clock: time.clock), clock: time.clock)
        }
        guard case .crowded(let seconds) = try await enter(gates[0]) else {
            Issue.record("a Redis that has just started knows nothing of turns that others hold")
            return
        }
        #expect(seconds > 0 && seconds <= 17)
        try await patient(gates, time)
        var waits: [Double] = []
        // Between these two it is one's turn, by a clock that goes as that of Redis does.
        var turns: [(notBefore: Double, notAfter: Double)] = []
        var refused = 0
        let start = ContinuousClock.now
        for number in 0..<60 {
            let asked = (ContinuousClock.now - start) / .seconds(1)
            switch try await enter(gates[number % 3]) {
            case .go(let turn):
                waits.append(turn.waitSeconds)
                turns.append((asked + turn.waitSeconds, (ContinuousClock.now - start) / .seconds(1) + turn.waitSeconds))
            case .crowded: refused += 1
            case .closed: Issue.record("nothing failed")
            }
        }
        #expect(waits.count >= 9 && refused >= 5, "\(waits)")
        // One a second, whoever asks.
        for (one, next) in zip(turns, turns.dropFirst()) { #expect(next.notAfter - one.notBefore > 0.99) }
        #expect(waits.allSatisfy { $0 <= 10 })

        redis.stop()
        guard case .crowded = try await enter(gates[0]) else {
            Issue.record("turns that Redis gave may still be waited for")
            return
        }
        time.advance(17)
        let failure = await #expect(throws: Failure.self) { try await enter(gates[0]) }
        #expect(failure?.message.contains("no database") == true)
        // Our own services are not counted anywhere.
        let own = try await gates[0].enter(Self.door, ServicePolicy(), limit: 5)
        guard case .go = own else {
            Issue.record("they go on")
            return
        }
    }

    @Test("While Redis is away the gate beside it counts, after a pause in which nobody gets a turn")
    func fallback() async throws {
        let redis = try await RedisServer()
        redis.stop()
        let time = HandTime()
        let gate = RedisServiceGate(
            try address(redis), beside: LocalServiceGate(clock: time.clock), clock: time.clock)
        for _ in 0..<3 {
            guard case .crowded = try await enter(gate) else {
                Issue.record("others may hold turns")
                return
            }
            time.advance(5)
        }
        time.advance(5)
        guard case .go(let first) = try await enter(gate), case .go(let second) = try await enter(gate) else {
            Issue.record("the gate beside it gives turns")
            return
        }
        #expect(first.waitSeconds == 0 && second.waitSeconds == 1)
    }
}
