import Contracts
import Domain
import Logging
import NIOHTTP1
import Persistence
import Testing
import UseCases

@testable import Remote

@Suite(.timeLimit(.minutes(2))) struct WorkerAccessTests {
    private static let effort = ServerConnection.Effort(timeout: .seconds(20), tries: 1)

    @Test("A token of another kind leases nothing", arguments: [AccessRole.user])
    func otherRole(_ role: AccessRole) async throws {
        try await FleetServer.run { server in
            try await BrokerBench.connected(to: server.port, try await server.secret(role)) { connection in
                let bench = BrokerBench(server: server, broker: RemoteBroker(server: connection))
                await #expect(throws: AccessRefused.self) { try await bench.register() }
                await #expect(throws: AccessRefused.self) { try await bench.lease() }
            }
        }
    }

    @Test(
        "A worker's token opens nothing else",
        arguments: [
            "/v1/tracks", "/v1/library", "/v1/scans", "/v1/tasks", "/v1/tokens", "/v1/workers", "/v1/queues",
            "/v1/search?q=a",
        ])
    func nothingElse(_ path: String) async throws {
        try await FleetServer.run { server in
            try await BrokerBench.connected(to: server.port, try await server.secret()) { connection in
                await #expect(throws: AccessRefused.self) {
                    try await connection.send(.GET, path, nil, Self.effort)
                }
            }
        }
    }

    private static let newerMessages: [(String, JSONValue)] = [
        ("/v1/leases", ["worker": "1", "token": "2", "kinds": ["noop": 1], "max": 1, "mood": "good"]),
        ("/v1/leases/renew", ["worker": "1", "running": [], "lease_seconds": 40, "mood": "good"]),
        ("/v1/results", ["worker": "1", "results": [], "mood": "good"]),
    ]

    @Test("A field that only a newer device knows is refused by name", arguments: newerMessages)
    func newerDevice(_ path: String, _ message: JSONValue) async throws {
        try await FleetServer.run { server in
            try await BrokerBench.connected(to: server.port, try await server.secret()) { connection in
                await #expect {
                    try await connection.send(.POST, path, message, Self.effort)
                } throws: { error in
                    if case StoreError.fatal(let text) = error { text.contains("\"mood\"") } else { false }
                }
            }
        }
    }

    @Test(
        "What is no server of Sillon is not waited for",
        arguments: [
            "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<html/>",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\n<html/>",
            "HTTP/1.1 301 Moved Permanently\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 501 Unsupported method\r\nContent-Length: 0\r\n\r\n",
        ])
    func foreign(_ answer: String) async throws {
        let other = try await FixedAnswer(answer)
        try await BrokerBench.connected(to: other.port, "secret") { connection in
            let registration = WorkerRegistration(
                id: 1, host: "test", processID: 1, roles: [.indexer], kinds: [.noop: 1], slots: [:], version: "test")
            await #expect {
                try await RemoteBroker(server: connection).register(registration)
            } throws: { error in
                if case StoreError.fatal = error { true } else { false }
            }
        }
        try await other.close()
    }

    @Test("A token for some roles registers and leases these alone")
    func limited() async throws {
        try await FleetServer.run { server in
            let secret = try await server.secret(.worker, [.indexer])
            try await BrokerBench.connected(to: server.port, secret) { connection in
                let broker = RemoteBroker(server: connection)
                let bench = BrokerBench(server: server, broker: broker)
                await #expect(throws: AccessRefused.self) { try await bench.register() }
                try await broker.register(
                    WorkerRegistration(
                        id: 1, host: "test", processID: 1, roles: [.indexer], kinds: [.noop: 1], slots: [:],
                        version: "test"))
                try await bench.submitNoop()
                await #expect(throws: AccessRefused.self) {
                    try await bench.lease(kinds: [.noop: 1, .vectorizeTrack: 1])
                }
                #expect(try await bench.lease(kinds: [.noop: 1]).count == 1)
            }
        }
    }

    @Test("A worker whose token is revoked ends, and says why")
    func revoked() async throws {
        try await FleetServer.run { server in
            let made = try await server.stores.tokens.createToken(name: "t", role: .worker, expiresAt: nil)
            try await BrokerBench.connected(to: server.port, made.secret) { connection in
                let broker = RemoteBroker(server: connection)
                var logger = Logger(label: "remote-tests")
                logger.logLevel = .critical
                let worker = Worker(
                    registration: WorkerRegistration(
                        id: 1, host: "test", processID: 1, roles: [.indexer], kinds: [.noop: 1], slots: [:],
                        version: "test"),
                    lanes: [WorkLane(kinds: [.noop], batch: 1)], broker: broker,
                    handlers: Handlers(walker: Nothing(), media: Nothing(), broker: broker, models: []),
                    logger: logger)
                let running = Task { try await worker.run() }
                let bench = BrokerBench(server: server, broker: broker)
                let id = try await bench.submitNoop()
                while try await bench.state(id) != .done { try await Task.sleep(for: .milliseconds(5)) }
                try await server.stores.tokens.revokeToken(id: made.token.id)
                // Past the seconds for which the server believes a token without asking.
                server.time.advance(seconds: 10)
                try await bench.submitNoop()
                await #expect(throws: AccessRefused.self) { try await running.value }
            }
        }
    }

    private struct Nothing: FolderWalker, MediaReader {
        func walk(
            _ scope: FilePath, within root: FilePath, isShallow: Bool, visit: (FolderListing) async throws -> Void,
            problem: (WalkProblem) -> Void
        ) async throws {}

        func gone(among paths: [FilePath]) async -> [FilePath] { [] }
        func readTags(of file: MediaFile) async throws -> TagReading { throw Failure(.ioError, "") }
        func readTags(
            of files: [MediaFile], each: @escaping @Sendable (Int, Result<TagReading, any Error>) -> Void
        ) async {
            for place in files.indices { each(place, .failure(Failure(.ioError, ""))) }
        }

        func contentKey(of file: MediaFile, _ stretch: Stretch?) async throws -> String { throw Failure(.ioError, "") }
        func analyze(_ file: MediaFile, _ stretch: Stretch?) async throws -> AudioAnalysis {
            throw Failure(.ioError, "")
        }
    }
}
