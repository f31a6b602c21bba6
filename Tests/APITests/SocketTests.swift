import Domain
import TestSupport
import Testing

@testable import API

/// What only shows on a real connection.
@Suite(.timeLimit(.minutes(2)))
struct SocketTests {
    private static func exchange(
        _ text: String, _ change: (inout APIOptions) -> Void = { _ in }
    ) async throws -> String {
        try await LiveServer.run(try TestServer(.filled(), change)) { live in
            try await live.connect { connection in
                try await connection.send(text)
                return try await connection.readToEnd()
            }
        }
    }

    private static func request(_ lines: String..., body: String = "") -> String {
        (lines + ["Connection: close", "", body]).joined(separator: "\r\n")
    }

    @Test("A name in the Host header that is not ours is refused, and so is none at all")
    func hosts() async throws {
        for host in ["Host: evil.example", "Host: localhost.evil.example:8080", "Host:", "X: y"] {
            let answer = try await Self.exchange(Self.request("GET /healthz HTTP/1.1", host))
            #expect(answer.hasPrefix("HTTP/1.1 421 "), "\(host)")
            #expect(answer.lowercased().contains("x-content-type-options: nosniff"))
            let player = try await Self.exchange(Self.request("GET /rest/getOpenSubsonicExtensions HTTP/1.1", host))
            #expect(player.hasPrefix("HTTP/1.1 421 "), "\(host)")
            let preflight = try await Self.exchange(Self.request("OPTIONS /rest/ping HTTP/1.1", host))
            #expect(preflight.hasPrefix("HTTP/1.1 421 ") && !preflight.lowercased().contains("access-control-"))
        }
        let good = try await Self.exchange(Self.request("GET /healthz HTTP/1.1", "Host: 127.0.0.1:8080"))
        #expect(good.hasPrefix("HTTP/1.1 200 "))
    }

    @Test("A request id cannot add a header or a line to the answer or the log")
    func headerInjection() async throws {
        for id in ["a\r\n X-Evil: 1", "a\u{0B}b", "a%0d%0aX-Evil: 1", "a\rX-Evil: 1"] {
            let answer = try await Self.exchange(
                Self.request("GET /healthz HTTP/1.1", "Host: localhost", "X-Request-Id: \(id)"))
            #expect(!answer.lowercased().contains("x-evil"))
        }
    }

    @Test("Who listens and takes nothing any more gives up the place for the next")
    func stalledListener() async throws {
        let server = try TestServer { ($0.maxListeners, $0.listenerPatience) = (1, .milliseconds(200)) }
        server.store.change { state in
            state.tracks[0] = MemoryStore.track(id: 1, path: FilePath("/music/a/one.flac"))
            state.tracks[1] = MemoryStore.track(id: 2, path: FilePath("/music/a/two.flac"))
            // More than the buffers of a connection hold.
            state.files = [
                FilePath("/music/a/one.flac"): Array(repeating: 0, count: 32 << 20),
                FilePath("/music/a/two.flac"): [1],
            ]
        }
        try await LiveServer.run(server) { live in
            let get = { @Sendable (id: Int) in
                "GET /v1/tracks/\(id)/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer user\r\n"
            }
            try await live.connect { stalled in
                try await stalled.send(get(1) + "\r\n")
                #expect(try await stalled.read(until: "200 OK").contains("200 OK"))
                try await until("the place is free again", .seconds(60)) {
                    try await live.connect { next in
                        try await next.send(get(2) + "Connection: close\r\n\r\n")
                        return try await next.readToEnd().hasPrefix("HTTP/1.1 200 ")
                    }
                }
            }
        }
    }

    @Test("One account leaves some of the files that may be read at once to others")
    func sharesOfListeners() async throws {
        let server = try TestServer { $0.maxListeners = 8 }
        server.store.change { state in
            state.tracks[0] = MemoryStore.track(id: 1, path: FilePath("/music/a/one.flac"))
            state.files = [FilePath("/music/a/one.flac"): Array(repeating: 0, count: 32 << 20)]
        }
        @Sendable func get(as token: String) -> String {
            "GET /v1/tracks/1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n"
        }
        @Sendable func begin(_ live: LiveServer, as token: String) async throws -> String {
            try await live.connect { connection in
                try await connection.send(get(as: token))
                return try await connection.read(until: "\r\n\r\n")
            }
        }
        @Sendable func hold(_ count: Int, _ live: LiveServer) async throws {
            guard count > 0 else {
                let refused = try await begin(live, as: "user")
                #expect(refused.hasPrefix("HTTP/1.1 429 ") && refused.lowercased().contains("retry-after: 2"))
                #expect(try await begin(live, as: "admin").hasPrefix("HTTP/1.1 200 "))
                return
            }
            try await live.connect { stalled in
                try await stalled.send(get(as: "user"))
                #expect(try await stalled.read(until: "200 OK").contains("200 OK"))
                try await hold(count - 1, live)
            }
        }
        try await LiveServer.run(server) { live in try await hold(7, live) }
    }

    @Test("Headers without end or number close that connection and nothing else")
    func headers() async throws {
        try await LiveServer.run(try TestServer()) { live in
            let floods = [
                (0..<10_000).map { "h\($0): x\r\n" }.joined(),
                "big: " + String(repeating: "x", count: 200_000) + "\r\n",
            ]
            for flood in floods {
                let answer = try await live.connect { connection in
                    // The server may close before everything is written.
                    do {
                        try await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\(flood)\r\n")
                        return try await connection.readToEnd()
                    } catch {
                        return ""
                    }
                }
                #expect(!answer.contains(" 200 "))
            }
            let after = try await live.connect { connection in
                try await connection.send(Self.request("GET /healthz HTTP/1.1", "Host: localhost"))
                return try await connection.readToEnd()
            }
            #expect(after.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("What is no HTTP, or has too many headers, is answered with a problem document, too")
    func framing() async throws {
        let cases = [
            ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
            ("GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"),
            (
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "x", count: 20_000) + "\r\n\r\n",
                "431"
            ),
        ]
        for (request, status) in cases {
            let answer = try await Self.exchange(request)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.lowercased().contains("content-type: application/problem+json"))
            #expect(answer.lowercased().contains("x-content-type-options: nosniff"))
            #expect(answer.contains("\"status\":\(status),\"detail\":\"") && answer.hasSuffix("}"))
        }
    }

    @Test("A body that comes in chunks without a declared length is cut off at the limit")
    func chunkedBody() async throws {
        try await LiveServer.run(try TestServer()) { live in
            let answer = try await live.connect { connection in
                try await connection.send(
                    "POST /v1/scans HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer user\r\n"
                        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
                for _ in 0...16 { try await connection.send(chunk) }
                return try await connection.read(until: "\r\n\r\n")
            }
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("A request that is never finished is given up")
    func slowRequest() async throws {
        let answer = try await Self.exchange("GET /healthz HTTP/1.1\r\nHost: loc") { $0.idleTimeoutSeconds = 1 }
        #expect(!answer.contains(" 200 "))
    }

    @Test("A connection takes one request after the other, refused ones included")
    func keepAlive() async throws {
        try await LiveServer.run(try TestServer()) { live in
            let answers = try await live.connect { connection in
                for target in ["/healthz", "/nowhere", "/v1/whoami", "/healthz"] {
                    try await connection.send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                }
                try await connection.send(
                    Self.request(
                        "POST /v1/scans HTTP/1.1", "Host: localhost", "Authorization: Bearer user",
                        "Content-Type: application/json", "Content-Length: 17", body: "{\"path\":\"/music\"}"))
                return try await connection.readToEnd()
            }
            let statuses = answers.components("HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
            #expect(statuses == ["200", "404", "401", "200", "202"])
        }
    }
}
