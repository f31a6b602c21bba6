import Contracts
import Domain
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import UseCases

@testable import API

/// How calls are answered that cannot be served as they stand.
@Suite struct SubsonicRefusalsTests {
    private static let common = "v=1.16.1&c=test&f=json"

    private func call(
        _ target: String, _ method: HTTPRequest.Method = .get, body: String? = nil, type: String? = nil,
        to server: TestServer? = nil
    ) async throws -> Answer {
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        let fields = headers
        return try await (server ?? TestServer()).application.test(.router) { client in
            let response = try await client.executeRequest(
                uri: "/rest/\(target)", method: method, headers: fields, body: body.map { ByteBuffer(string: $0) })
            return Answer(status: response.status.code, headers: response.headers, body: response.body)
        }
    }

    private func code(_ answer: Answer) -> JSONValue? { answer.json["subsonic-response"]?["error"]?["code"] }

    @Test("Whatever is wrong with a call, the answer has the format that it asks for")
    func formats() async throws {
        let form = "application/x-www-form-urlencoded"
        #expect(code(try await call("ping?f=json&x=%zz")) == 0)
        #expect(code(try await call("ping?x=%00&f=json")) == 0)
        #expect(code(try await call("ping?\(Self.common)", .put)) == 0)
        #expect(code(try await call("ping?\(Self.common)", .post, body: "{}", type: "application/json")) == 0)
        #expect(code(try await call("ping", .post, body: "f=json&x=%zz", type: form)) == 0)
        let long = String(repeating: "x", count: SubsonicParameters.maxTargetBytes)
        let tooLong = try await call("ping?f=json&x=\(long)")
        #expect(tooLong.status == 414 && code(tooLong) == 0)
        #expect(try await call("ping?f=yaml&x=%zz").text.hasPrefix("<?xml"))
        let script = try await call("ping?f=jsonp&callback=call&x=%zz")
        #expect(script.text.hasPrefix("call({"))
    }

    @Test("hls has a name of its own, a huge number is as much as there is, and no size is the picture as it is")
    func small() async throws {
        #expect(code(try await call("hls.m3u8?apiKey=user&id=1&\(Self.common)")) == 70)
        #expect(try await call("ping.m3u8?apiKey=user&\(Self.common)").status == 404)
        for size in ["0", "99999999999999999999999999"] {
            let picture = try await call("getCoverArt?apiKey=user&id=al-1&size=\(size)&\(Self.common)")
            #expect(picture.headers[.contentType] == "image/png", "\(size): \(picture.text)")
        }
        let huge = "99999999999999999999"
        let list = try await call("getAlbumList2?apiKey=user&type=newest&size=\(huge)&offset=\(huge)&\(Self.common)")
        #expect(list.json["subsonic-response"]?["status"] == "ok")
        #expect(code(try await call("getAlbumList2?apiKey=user&type=newest&size=-\(huge)&\(Self.common)")) == 0)
    }

    @Test("What cannot be set for an account is refused, and what libraries always send is not")
    func roles() async throws {
        let server = try TestServer()
        func change(_ query: String, _ method: String = "updateUser") async throws -> JSONValue? {
            let answer = try await call("\(method)?apiKey=admin&username=ada&\(query)&\(Self.common)", to: server)
            return code(answer)
        }
        for query in [
            "streamRole=false", "downloadRole=false", "shareRole=true", "jukeboxRole=true", "maxBitRate=128",
            "ldapAuthenticated=true",
        ] {
            #expect(try await change(query) == 0, "\(query)")
        }
        #expect(try await change("musicFolderId=9") == 70)
        let roots = server.store.change { state in
            state.roots.append(FilePath("/more"))
            return state.roots.count
        }
        #expect(try await change("musicFolderId=1") == 0, "one of \(roots)")
        #expect(try await change("musicFolderId=1&musicFolderId=2") == nil)
        #expect(try await change("streamRole=true&shareRole=false&maxBitRate=0&email=x") == nil)
        // As py-sonic sends it.
        let all = "settingsRole=True&streamRole=True&jukeboxRole=False&downloadRole=False&uploadRole=False"
        #expect(try await change("\(all)&playlistRole=False&coverArtRole=False&commentRole=False") == nil)
        let new = "createUser?apiKey=admin&username=guest&password=long%20enough&email=x&\(Self.common)"
        #expect(code(try await call("\(new)&streamRole=false", to: server)) == 0)
        #expect(code(try await call("\(new)&musicFolderId=9", to: server)) == 70)
        #expect(server.store.change { !$0.accounts.contains { $0.name == "guest" } })
    }

    @Test("No path of the server is told to who listens")
    func paths() async throws {
        let server = try TestServer(transcoder: UnwillingTranscoder())
        let answer = try await call("stream?id=tr-1&format=opus&apiKey=user&\(Self.common)", to: server)
        #expect(code(answer) == 0 && !answer.text.contains("/music"))
        let gone = try await call("stream?id=tr-1&apiKey=user&\(Self.common)", to: server)
        #expect(code(gone) == 70 && !gone.text.contains("/music"))
    }

    @Test("The head of an encoding has no length unless an estimate is asked for")
    func heads() async throws {
        let server = try TestServer(transcoder: UnwillingTranscoder())
        server.store.change { $0.files = [$0.tracks[0].path: Array(0..<100)] }
        let target = "stream?id=tr-1&format=mp3&maxBitRate=128&apiKey=user&\(Self.common)"
        let head = try await call(target, .head, to: server)
        #expect(head.status == 200 && head.headers[.contentLength] == nil && head.body.readableBytes == 0)
        let estimated = try await call("\(target)&estimateContentLength=true", .head, to: server)
        #expect((estimated.headers[.contentLength].flatMap { Int($0) } ?? 0) > 3_000_000)
    }
}

private struct UnwillingTranscoder: AudioTranscoder {
    func begin(_ job: TranscodeJob) async throws -> any TranscodedAudio {
        throw Failure(.corruptFile, "\"/music/secret.mp3\" cannot be decoded")
    }
}

/// Lists of which a part is not there now.
@Suite struct SubsonicMissingTests {
    private let server: TestServer

    init() throws {
        server = try TestServer()
        server.store.change { $0.tracks[1].state = .missing }
    }

    private func ask(_ method: String, _ query: String = "") async throws -> JSONValue {
        try await server.application.test(.router) { client in
            let response = try await client.executeRequest(
                uri: "/rest/\(method)?apiKey=user&v=1.16.1&c=test&f=json&\(query)", method: .get, headers: [:],
                body: nil)
            return Answer(status: response.status.code, headers: response.headers, body: response.body).json[
                "subsonic-response"] ?? .null
        }
    }

    private func ids(_ list: JSONValue?) -> [String] {
        guard case .array(let entries)? = list?["entry"] else { return [] }
        return entries.compactMap { if case .string(let id)? = $0["id"] { id } else { nil } }
    }

    @Test("A playlist shows and counts what can be played, and places are those of what is shown")
    func playlist() async throws {
        let made = try await ask("createPlaylist", "name=x&songId=tr-1&songId=tr-2&songId=tr-3&songId=tr-4")["playlist"]
        guard case .string(let id)? = made?["id"] else {
            Issue.record("\(made as Any)")
            return
        }
        #expect(ids(made) == ["tr-1", "tr-3", "tr-4"] && made?["songCount"] == 3 && made?["duration"] == 600)
        #expect(try await ask("updatePlaylist", "playlistId=\(id)&songIndexToRemove=1")["status"] == "ok")
        #expect(ids(try await ask("getPlaylist", "id=\(id)")["playlist"]) == ["tr-1", "tr-4"])
        #expect(try await ask("updatePlaylist", "playlistId=\(id)&songIndexToRemove=2")["error"]?["code"] == 0)
        server.store.change { $0.tracks[1].state = .present }
        #expect(ids(try await ask("getPlaylist", "id=\(id)")["playlist"]) == ["tr-1", "tr-2", "tr-4"])
    }

    @Test("A queue shows what can be played, and goes on behind what cannot")
    func queue() async throws {
        _ = try await ask("savePlayQueue", "id=tr-1&id=tr-2&id=tr-3&current=tr-2&position=5000")
        let queue = try await ask("getPlayQueue")["playQueue"]
        #expect(ids(queue) == ["tr-1", "tr-3"] && queue?["current"] == "tr-3" && queue?["position"] == 0)
        #expect(try await ask("getPlayQueueByIndex")["playQueueByIndex"]?["currentIndex"] == 1)
        server.store.change { $0.tracks[1].state = .present }
        let whole = try await ask("getPlayQueue")["playQueue"]
        #expect(ids(whole).count == 3 && whole?["current"] == "tr-2" && whole?["position"] == 5000)
    }

    @Test("Songs of an artist are mixed with the artist's own, and lists of the search may be long")
    func mixed() async throws {
        guard case .array(let songs)? = try await ask("getSimilarSongs2", "id=ar-1&count=4")["similarSongs2"]?["song"]
        else {
            Issue.record("no songs")
            return
        }
        #expect(!songs.isEmpty)
        server.store.change { state in
            for id in Int64(100)..<1100 { state.tracks.append(MemoryStore.track(id: id)) }
        }
        let found = try await ask("search3", "query=&songCount=1000")["searchResult3"]?["song"]
        #expect(found?.count == 1000)
    }
}
