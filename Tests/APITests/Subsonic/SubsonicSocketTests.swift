import Domain
import Testing
import UseCases

@testable import API

/// What of the protocol only shows on a real connection.
@Suite(.timeLimit(.minutes(2)))
struct SubsonicSocketTests {
    private static let common = "apiKey=user&v=1.16.1&c=test"

    private static func get(_ target: String, _ method: String = "GET", _ more: String = "") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(more)\r\n"
    }

    private static func exchange(_ text: String) async throws -> String {
        try await LiveServer.run(try TestServer()) { live in
            try await live.connect { connection in
                try await connection.send(text)
                return try await connection.readToEnd()
            }
        }
    }

    @Test("Lists of ids by GET are taken up to 64 KiB; what is longer is told so in the format that was asked for")
    func longTargets() async throws {
        let list = (0..<6000).map { _ in "id=tr-1" }.joined(separator: "&")
        let close = "Connection: close\r\n"
        let saved = try await Self.exchange(Self.get("/rest/savePlayQueue?\(Self.common)&\(list)", "GET", close))
        #expect(saved.hasPrefix("HTTP/1.1 200 ") && saved.contains("status=\"ok\""), "\(saved.prefix(300))")
        for (format, mark) in [("json", "\"code\":0"), ("xml", "code=\"0\"")] {
            let longer = (0..<9000).map { _ in "id=tr-1" }.joined(separator: "&")
            let refused = try await Self.exchange(
                Self.get("/rest/savePlayQueue?f=\(format)&\(Self.common)&\(longer)"))
            #expect(refused.hasPrefix("HTTP/1.1 414 ") && refused.contains(mark), "\(refused.prefix(300))")
            #expect(refused.lowercased().contains("access-control-allow-origin: *"))
        }
        let other = try await Self.exchange(Self.get("/v1/tracks?x=" + String(repeating: "x", count: 70_000)))
        #expect(other.hasPrefix("HTTP/1.1 414 ") && other.contains("application/problem+json"))
    }

    @Test("A head without a length has none on the wire, and the connection goes on")
    func heads() async throws {
        let server = try TestServer(transcoder: SilentTranscoder())
        server.store.change { $0.files = [$0.tracks[0].path: Array(0..<100)] }
        let answer = try await LiveServer.run(server) { live in
            try await live.connect { connection in
                let head = "/rest/stream?id=tr-1&format=opus&\(Self.common)"
                try await connection.send(Self.get(head, "HEAD"))
                let first = try await connection.read(until: "\r\n\r\n")
                try await connection.send(Self.get("/rest/ping?\(Self.common)", "GET", "Connection: close\r\n"))
                return [first, try await connection.readToEnd()]
            }
        }
        let first = answer[0].lowercased()
        #expect(first.hasPrefix("http/1.1 200 ok\r\n") && first.contains("content-type: audio/ogg"))
        #expect(!first.contains("\r\ncontent-length:") && !first.contains("\r\ntransfer-encoding:"))
        #expect(first.hasSuffix("\r\n\r\n"))
        let rest = answer[1].dropFirst(answer[0].count)
        #expect(rest.hasPrefix("HTTP/1.1 200 OK\r\n") && rest.contains("status=\"ok\""), "\(rest)")
    }
}

private struct SilentTranscoder: AudioTranscoder {
    func begin(_ job: TranscodeJob) async throws -> any TranscodedAudio {
        throw Failure(.internalError, "nobody is to ask for bytes")
    }
}
