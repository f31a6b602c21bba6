import Domain
import Testing
import UseCases

@testable import Persistence

/// What processes on one database know together of the services outside.
struct ServiceGateTests {
    private static let door = ServiceDoor(service: "musicbrainz", host: "musicbrainz.org", purpose: .work)
    private static let policy = ServicePolicy.everybodys(perSecond: 1, atOnce: 1)

    private func gates(_ bench: QueueBench, _ count: Int) throws -> [DatabaseServiceGate] {
        try (0..<count).map { _ in
            try Stores(
                database: bench.database, sink: bench.sink, lockFolder: nil, clock: bench.time.clock,
                leaseClock: bench.time.leaseClock, random: { 0 }
            ).services
        }
    }

    private func turn(_ gate: DatabaseServiceGate, _ policy: ServicePolicy = policy) async throws -> ServiceTurn? {
        guard case .go(let turn) = try await gate.enter(Self.door, policy, limit: 60) else { return nil }
        return turn
    }

    @Test("Turns of all processes together keep the quota, one after the other", arguments: Engine.available)
    func quota(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let gates = try gates(bench, 4)
        let waits = try await withThrowingTaskGroup(of: Double?.self) { group in
            for number in 0..<40 {
                group.addTask { try await turn(gates[number % 4])?.waitSeconds }
            }
            return try await group.reduce(into: [Double?]()) { $0.append($1) }
        }
        // Now, and one a second for as long as anybody is patient.
        #expect(waits.compactMap(\.self).sorted().map { $0.rounded() } == (0...10).map(Double.init))
        bench.time.advance(seconds: 5)
        #expect(try await turn(gates[0])?.waitSeconds.rounded() == 6)
        bench.time.advance(seconds: 100)
        #expect(try await turn(gates[0])?.waitSeconds == 0)
    }

    @Test("A breaker that one process opens is open for all, also after a restart", arguments: Engine.available)
    func breaker(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let gates = try gates(bench, 3)
        let failure = Failure(.serviceUnavailable, "MusicBrainz answered 503")
        for number in 0..<3 {
            let turn = try #require(try await turn(gates[number]))
            let wait = try await gates[number].leave(Self.door, Self.policy, turn, .failed(failure))
            #expect((wait > 0) == (number == 2))
            bench.time.advance(seconds: 2)
        }
        let later = try self.gates(bench, 2)
        guard case .closed(let seconds, let why) = try await later[0].enter(Self.door, Self.policy, limit: 10) else {
            Issue.record("it must be closed")
            return
        }
        #expect(seconds > 50 && why?.message == failure.message)
        bench.time.advance(seconds: 80)
        let probe = try #require(try await turn(later[0]))
        #expect(probe.permit.isProbe)
        #expect(try await turn(later[1]) == nil, "one probe for all")
        let record = try #require(try await later[1].records().first)
        #expect(record.state == .halfOpen && record.record.requests == 3 && record.record.failures == 3)
        #expect(try await later[0].leave(Self.door, Self.policy, probe, .answered) == 0)
        bench.time.advance(seconds: 2)
        #expect(try await turn(later[1]) != nil)
        #expect(try await later[1].records().first?.state == .closed)
    }

    @Test(
        "A service that is well and counted by nobody else costs no writing, and is counted all the same",
        arguments: Engine.available)
    func quiet(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let gate = try gates(bench, 1)[0]
        let policy = ServicePolicy()
        func ask() async throws {
            let turn = try #require(try await turn(gate, policy))
            _ = try await gate.leave(Self.door, policy, turn, .answered)
        }
        try await ask()
        let mark = try await bench.database.writeMark()
        for _ in 0..<20 { try await ask() }
        #expect(try await bench.database.writeMark() == mark)
        bench.time.advance(seconds: 11)
        try await ask()
        #expect(try await gate.records().first?.record.requests == 22)
    }

    @Test("What blocks a service is told with its reason", arguments: Engine.available)
    func blocked(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let gate = try gates(bench, 1)[0]
        let turn = try #require(try await turn(gate))
        _ = try await gate.leave(Self.door, Self.policy, turn, .failed(Failure(.serviceBlocked, "401: mend the key")))
        let record = try #require(try await gate.records().first)
        #expect(record.state == .blocked && record.waitSeconds > 200)
        #expect(record.record.lastFailure?.reason == .serviceBlocked)
        let board = ServiceBoard(
            [.init(name: "musicbrainz", title: "MusicBrainz", address: "https://musicbrainz.org", policy: Self.policy)],
            records: gate)
        let status = try #require(try await board.services().first)
        #expect(status.state == .blocked && status.address == "https://musicbrainz.org")
    }
}
