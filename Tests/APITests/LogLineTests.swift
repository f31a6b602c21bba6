import Contracts
import Foundation
import HTTPTypes
import Logging
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import API

/// What requests leave in the log.
@Suite(.timeLimit(.minutes(2)))
struct LogLineTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        func logger(_ level: Logger.Level) -> Logger {
            Logger(label: "test") { label in
                LineLogHandler(label: label, level: level, format: .json, now: { 0 }) { line in
                    self.lines.withLock { $0.append(line) }
                }
            }
        }

        func with(_ message: String) throws -> [[String: String]] {
            try lines.withLock { $0 }.map { try JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
                .filter { $0["message"] == message }
        }

        var all: [String] { lines.withLock { $0 } }
    }

    private let lines = Lines()

    private func server(_ level: Logger.Level = .info) throws -> TestServer {
        try TestServer(logger: lines.logger(level)) { $0.logLevel = level }
    }

    @Test("A scan that is asked for and a dead task that is put back have a line")
    func askedFor() async throws {
        let server = try server()
        let scan = try await server.send(.post, "/v1/scans", json: #"{"path":"/music/jazz"}"#)
        let told = try #require(try lines.with("A scan was asked for").first)
        #expect(told["path"] == "/music/jazz" && told["scan_id"] == scan.json["scan_id"]?.text)
        #expect(told["request_id"]?.isEmpty == false)
        let dead = try #require(
            try await server.send(.get, "/v1/tasks?state=dead").json["items"]?[0]?["id"]?.int)
        _ = try await server.send(.post, "/v1/tasks/\(dead)/retry")
        #expect(try lines.with("A dead task was put back").first?["task_id"] == String(dead))
        _ = try await server.send(.post, "/v1/tasks/retry", json: #"{"filter":{"kind":"noop"}}"#)
        #expect(try lines.with("Dead tasks were put back").count == 1)
    }

    @Test("A line names its request once")
    func oneID() async throws {
        let server = try server(.debug)
        _ = try await server.send(.get, "/v1/library", headers: [RequestIdentity.header: "mine"])
        let line = try #require(try lines.with("A request was answered").first)
        #expect(line["request_id"] == "mine" && line.keys.allSatisfy { !$0.hasPrefix("hb.") })
    }

    @Test("A limit that is reached is no error of the server")
    func full() async throws {
        let server = try TestServer(logger: lines.logger(.info)) { $0.maxListeners = 0 }
        #expect(try await server.send(.get, "/v1/tracks/1/download", as: "user").status == 503)
        let told = try #require(try lines.with("A request has to wait").first)
        #expect(told["level"] == "notice" && told["error"] == "too many files are being read", "\(told)")
        #expect(try lines.with("A request could not be answered").isEmpty)
    }

    @Test("A client that breaks off its body is no error of the server")
    func brokenOff() async throws {
        try await LiveServer.run(try server(.debug)) { live in
            try await live.connect { connection in
                try await connection.send(
                    "POST /v1/scans HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer admin\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
                try await Task.sleep(for: .milliseconds(200))
            }
            let end = ContinuousClock.now + .seconds(20)
            while try lines.with("A request was refused").isEmpty, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(try lines.with("A request was refused").first?["status"] == "400", "\(lines.all)")
        #expect(try lines.with("A request could not be answered").isEmpty, "\(lines.all)")
    }
}
