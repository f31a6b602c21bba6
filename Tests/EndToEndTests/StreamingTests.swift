import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// A track on its way from a real server to somebody who listens.
@Suite(.timeLimit(.minutes(3)))
struct StreamingTests {
    /// Long enough that no buffer between encoder and listener holds all of it.
    private static let seconds = 600

    private func server(_ lab: Lab) async throws -> ServerProcess {
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=\(Self.seconds)"]
                + ["-metadata", "title=Long", lab.music + "/long.flac"])
        let server = try await ServerProcess.start(
            lab, .up, music: [lab.music], environment: ["SILLON_MAX_TRANSCODES": "1"])
        try await server.api.allScansEnded()
        return server
    }

    private func open(_ path: String, on server: ServerProcess) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: server.api.base + path)
        if let token = server.api.token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        return try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    }

    private func metrics(_ server: ServerProcess, hold line: String) async throws {
        try await until("the numbers say \(line)") {
            try await server.api.send(.get, "/metrics").body.contains("\n\(line)\n")
        }
    }

    @Test(
        "A track is encoded on the way; who comes while another is waits for its end, and the file itself always comes")
    func oneAtATime() async throws {
        let lab = try Lab()
        let server = try await server(lab)
        let id = try #require(try await server.api.tracksByName()["long.flac"]?["id"]?.int)
        let path = "/v1/tracks/\(id)/stream"
        // Nobody takes more than its beginning.
        var listener: HTTPClientResponse? = try await open(path + "?format=mp3&max_bit_rate=320", on: server)
        #expect(listener?.status == .ok && listener?.headers.first(name: "Accept-Ranges") == "none")
        #expect(listener?.headers.first(name: "X-Content-Duration") == "\(Self.seconds).000")
        try await metrics(server, hold: #"sillon_streams{kind="transcode"} 1"#)
        let refused = try await server.api.send(.get, path + "?format=opus")
        #expect(refused.status == 429 && refused.headers["retry-after"] == "10")
        #expect(try await server.api.send(.get, path, headers: ["Range": "bytes=0-9"]).status == 206)
        #expect(FileManager.default.fileExists(atPath: lab.data + "/playing"), "other processes can see it")
        withExtendedLifetime(listener) {}
        listener = nil
        try await metrics(server, hold: #"sillon_transcodes_total{format="mp3",ending="stopped"} 1"#)
        try await metrics(server, hold: #"sillon_streams{kind="transcode"} 0"#)

        let rest = try await open(
            path + "?format=opus&max_bit_rate=64&time_offset=590.5&estimate_length=true", on: server)
        let length = rest.headers.first(name: "Content-Length").flatMap { Int($0) }
        let bytes = try await rest.body.collect(upTo: 1 << 20)
        #expect(rest.status == .ok && bytes.readableBytes == length)
        try Data(bytes.readableBytesView).write(to: URL(filePath: lab.folder + "/rest.opus"))
        let facts = try Tool.run(
            "ffmpeg", ["-nostdin", "-i", lab.folder + "/rest.opus", "-f", "null", "-"])
        #expect(facts.contains("time=00:00:09.5"), "\(facts)")
        let download = try await open("/v1/tracks/\(id)/download", on: server)
        #expect(
            download.headers.first(name: "Content-Disposition")
                == "attachment; filename=\"long.flac\"; filename*=UTF-8''long.flac")
        let file = try await download.body.collect(upTo: 64 << 20)
        #expect(Data(file.readableBytesView) == FileManager.default.contents(atPath: lab.music + "/long.flac"))
        #expect(try await server.stop() == .code(0))
    }
}
