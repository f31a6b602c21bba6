import Contracts
import HTTPTypes
import Testing

@testable import API

/// What a client sees of a database that hangs.
@Suite(.timeLimit(.minutes(1)))
struct DeadlineTests {
    private func server() throws -> TestServer {
        try TestServer {
            $0.requestLimit = .milliseconds(30)
            $0.readyLimit = .milliseconds(30)
            $0.maxOverdueRequests = 3
        }
    }

    @Test("A request that the database does not answer ends with 503 and a time to come back")
    func request() async throws {
        let server = try server()
        #expect(try await server.send(.get, "/v1/queues").status == 200)
        server.store.gate.close()
        for secret in ["admin", "user"] {
            // The first hangs in its handler (its token was seen a moment ago), the second while it signs in.
            let answer = try await server.send(.get, "/v1/queues", as: secret)
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] == "5")
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer.json["detail"] == "the database does not answer in time; try again")
        }
        #expect(try await server.send(.get, "/v1/scans").status == 200, "what does not hang is answered")
        server.store.gate.open()
        #expect(try await server.send(.get, "/v1/queues").status == 200)
    }

    @Test("While the database hangs the server is alive and not ready, and ready when it is back")
    func readiness() async throws {
        let server = try server()
        server.store.gate.close()
        let answer = try await server.send(.get, "/readyz", as: nil)
        #expect(answer.status == 503)
        #expect(answer.json["checks"]?[0] == ["name": "database", "ok": false, "reason": "it does not answer in time"])
        #expect(try await server.send(.get, "/healthz", as: nil).status == 200)
        server.store.gate.open()
        #expect(try await server.send(.get, "/readyz", as: nil).status == 200)
    }

    @Test("Requests that hang do not pile up: beyond a limit new ones are refused at once, until the old ones end")
    func limit() async throws {
        let server = try server()
        let gate = server.store.gate
        gate.close()
        for _ in 0..<3 { #expect(try await server.send(.get, "/readyz", as: nil).status == 503) }
        #expect(gate.waitingCount == 3)
        #expect(try await server.send(.get, "/readyz", as: nil).status == 503)
        #expect(try await server.send(.get, "/v1/queues").status == 503)
        #expect(gate.waitingCount == 3)
        #expect(try await server.send(.get, "/healthz", as: nil).status == 200)
        gate.open()
        while try await server.send(.get, "/readyz", as: nil).status != 200 { await Task.yield() }
    }

    @Test("A client that goes away ends its request, and an error is not taken for a delay")
    func cancellation() async throws {
        let deadline = Deadline(maxOverdue: 1)
        let request = Task {
            try await deadline.run(within: .seconds(3600)) { try await Task.sleep(for: .seconds(3600)) }
        }
        request.cancel()
        await #expect(throws: CancellationError.self) { try await request.value }
        struct Fault: Error {}
        await #expect(throws: Fault.self) { try await deadline.run(within: .seconds(3600)) { throw Fault() } }
        #expect(try await deadline.run(within: .seconds(3600)) { 7 } == 7)
    }
}
