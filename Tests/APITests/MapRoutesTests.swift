import Contracts
import Domain
import HTTPTypes
import NIOCore
import Testing
import UseCases

@testable import API

@Suite struct MapRoutesTests {
    @Test("The map comes in columns, and once only while nothing changed")
    func columns() async throws {
        let server = try TestServer()
        let map = try await server.send(.get, "/v1/map", as: "user")
        #expect(map.status == 200)
        #expect(map.json["ids"] == [1, 2, 3] && map.json["genre"] == [1, 1, 0])
        #expect(map.json["tempo"] == [120, 0, 60] && map.json["key"] == [16, 0, 1])
        #expect(map.json["keys"]?[15] == "8B" && map.json["keys"]?.count == 24)
        #expect(map.json["genres"] == [["name": "Jazz <script>", "tracks": 2]])
        #expect(map.json["y"] == [65535, 0, 9])
        let tag = try #require(map.headers[.eTag])
        let again = try await server.send(.get, "/v1/map", as: "user", headers: [.ifNoneMatch: tag])
        #expect(again.status == 304 && again.headers[.eTag] == tag)
    }

    @Test("Without a map it is said why", arguments: [MapProblem.tooFew(tracks: 1, needed: 3), .notDrawn])
    func none(problem: MapProblem) async throws {
        let server = try TestServer()
        server.store.change { $0.mapProblem = problem }
        let answer = try await server.send(.get, "/v1/map")
        #expect(answer.status == 409)
        server.store.change { $0.mapProblem = .unknownModel(known: "acoustic-v1") }
        #expect(try await server.send(.get, "/v1/map?model=x").status == 422)
    }
}

@Suite struct StreamRoutesTests {
    private func server() throws -> TestServer {
        let server = try TestServer()
        server.store.change { state in
            state.tracks[0] = MemoryStore.track(id: 1, path: FilePath("/music/a/One.FLAC"))
            state.tracks[1] = MemoryStore.track(id: 2, path: FilePath("/elsewhere/two.mp3"))
            state.files = [
                FilePath("/music/a/One.FLAC"): Array(0..<100), FilePath("/elsewhere/two.mp3"): [1],
            ]
        }
        return server
    }

    private func stream(_ id: Int, _ headers: HTTPFields = [:], _ method: HTTPRequest.Method = .get) async throws
        -> Answer
    {
        try await server().send(method, "/v1/tracks/\(id)/stream", as: "user", headers: headers)
    }

    @Test("A track is its file, whole or in part")
    func ranges() async throws {
        let whole = try await stream(1)
        #expect(whole.status == 200 && Array(whole.body.readableBytesView) == Array(0..<100))
        #expect(whole.headers[.contentType] == "audio/flac" && whole.headers[.acceptRanges] == "bytes")
        let tag = try #require(whole.headers[.eTag])
        let part = try await stream(1, [.range: "bytes=10-19"])
        #expect(part.status == 206 && Array(part.body.readableBytesView) == Array(10..<20))
        #expect(part.headers[.contentRange] == "bytes 10-19/100")
        #expect(try await stream(1, [.range: "bytes=10-19", .ifRange: tag]).status == 206)
        #expect(try await stream(1, [.range: "bytes=10-19", .ifRange: "\"other\""]).status == 200)
        let known = try await stream(1, [.ifNoneMatch: "W/\"x\", \(tag)"])
        #expect(known.status == 304 && known.body.readableBytes == 0 && known.headers[.eTag] == tag)
        #expect(try await stream(1, [.ifNoneMatch: "\"x\""]).status == 200)
        let beyond = try await stream(1, [.range: "bytes=100-"])
        #expect(beyond.status == 416 && beyond.headers[.contentRange] == "bytes */100")
        let head = try await stream(1, [:], .head)
        #expect(head.status == 200 && head.body.readableBytes == 0 && head.headers[.contentLength] == "100")
        // RFC 9110, 14.2: a range is defined for GET alone.
        let headOfPart = try await stream(1, [.range: "bytes=10-19"], .head)
        #expect(headOfPart.status == 200 && headOfPart.headers[.contentLength] == "100")
        let list = "bytes=" + Array(repeating: "0-9", count: 100).joined(separator: ",")
        let lists = try await stream(1, [.range: list, .ifRange: String(repeating: "x", count: 300)])
        #expect(lists.status == 200 && lists.body.readableBytes == 100)
    }

    @Test("What is not there, not known, or in no library root is not given out")
    func absent() async throws {
        #expect(try await stream(99).status == 404)
        #expect(try await stream(2).status == 410, "in no library root")
        #expect(try await stream(3).status == 410, "no file")
    }

    @Test(
        "The media type follows from the file's name",
        arguments: [
            ("a.mp3", "audio/mpeg"), ("a.b.OPUS", "audio/ogg"), ("a.m4a", "audio/mp4"),
            ("a", "application/octet-stream"),
            ("a.html", "application/octet-stream"),
        ])
    func types(name: String, type: String) {
        #expect(AudioMediaType.of(FilePath("/music.mp3/" + name)) == type)
    }
}
