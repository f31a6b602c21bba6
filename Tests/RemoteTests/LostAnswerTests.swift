import Domain
import Persistence
import TestSupport
import Testing
import UseCases

@testable import Remote

/// A connection that is cut at a bad moment, and a server that is started again.
@Suite(.timeLimit(.minutes(2))) struct LostAnswerTests {
    /// A worker whose way to the server leads through a proxy.
    private func bench(
        _ engine: Engine = .sqlite, _ body: @Sendable (BrokerBench, FaultyProxy) async throws -> Void
    ) async throws {
        try await FleetServer.run(engine) { server in
            let proxy = try await FaultyProxy(to: server.port)
            try await BrokerBench.connected(to: proxy.port, try await server.secret()) { connection in
                try await body(BrokerBench(server: server, broker: RemoteBroker(server: connection)), proxy)
            }
            try await proxy.close()
        }
    }

    @Test("A lease whose answer is lost comes back with the next try", arguments: Engine.available)
    func lostLease(_ engine: Engine) async throws {
        try await bench(engine) { bench, proxy in
            try await bench.register()
            for _ in 0..<4 { try await bench.submitNoop() }
            proxy.cut(after: [0, 20, 150])
            let leased = try await bench.lease()
            // What was handed back meanwhile, because nobody was there to hear it, is another run.
            #expect(leased.count == 4 && leased.allSatisfy { $0.run <= 4 })
            #expect(try await bench.settle(leased) == Array(repeating: .accepted, count: 4))
        }
    }

    @Test("Results whose verdicts are lost are applied once", arguments: 0..<3, Engine.available)
    func lostVerdict(cuts: Int, _ engine: Engine) async throws {
        try await bench(engine) { bench, proxy in
            try await bench.register()
            let ids = [try await bench.submitNoop(), try await bench.submitNoop()]
            let leased = try await bench.lease()
            proxy.cut(after: Array(repeating: 0, count: cuts))
            #expect(try await bench.settle(leased) == [.accepted, .accepted])
            for id in ids { #expect(try await bench.ends(id) == [.succeeded]) }
        }
    }

    @Test("A lease outlasts a server that is started again", arguments: Engine.available)
    func restart(_ engine: Engine) async throws {
        try await FleetServer.run(engine) { server in
            try await BrokerBench.connected(to: server.port, try await server.secret()) { connection in
                let bench = BrokerBench(server: server, broker: RemoteBroker(server: connection))
                try await bench.register()
                let id = try await bench.submitNoop()
                let held = try await bench.lease()
                async let waiting = bench.lease(wait: 50)
                try await server.stop()
                let next = try await bench.submitNoop()
                try await server.start()
                // A server that stops ends the wait; the worker asks the next one.
                var leased = try await waiting
                if leased.isEmpty { leased = try await bench.lease(wait: 50) }
                #expect(leased.map(\.lease.taskID) == [next])
                #expect(try await bench.settle(held) == [.accepted])
                #expect(try await bench.ends(id) == [.succeeded])
            }
        }
    }

    @Test("A wait ends when its client goes, and its place is free")
    func waitEnds() async throws {
        try await bench { bench, _ in
            try await bench.register()
            for _ in 0..<5 {
                let waiting = Task { try await bench.lease(wait: 50) }
                waiting.cancel()
                #expect(try await waiting.value.isEmpty)
            }
            // Had one of them still waited, it would have taken the task; it would come back after a minute only.
            let id = try await bench.submitNoop()
            #expect(try await bench.lease(wait: 30).map(\.lease.taskID) == [id])
        }
    }
}
