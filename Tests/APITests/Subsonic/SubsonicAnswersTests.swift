import Contracts
import Domain
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import UseCases

@testable import API

/// What players are answered from the stores behind the protocol.
@Suite struct SubsonicAnswersTests {
    private let server: TestServer

    init() throws {
        server = try TestServer()
    }

    private func ask(_ method: String, _ query: String = "") async throws -> JSONValue {
        try await server.application.test(.router) { client in
            let response = try await client.executeRequest(
                uri: "/rest/\(method)?apiKey=user&v=1.16.1&c=test&f=json&\(query)", method: .get, headers: [:],
                body: nil
            )
            return Answer(status: response.status.code, headers: response.headers, body: response.body).json[
                "subsonic-response"] ?? .null
        }
    }

    @Test("Playlists of a name that nobody has are as many as those of one who shares none")
    func strangers() async throws {
        let nobody = try await ask("getPlaylists", "username=nobody")
        let root = try await ask("getPlaylists", "username=root")
        #expect(nobody["status"] == "ok" && nobody["playlists"]?["playlist"]?.count == 0)
        #expect(root == nobody)
    }

    @Test("One call stars many, and none when one of them is not there")
    func stars() async throws {
        #expect(try await ask("star", "id=tr-1&id=tr-999&albumId=al-1")["error"]?["code"] == 70)
        #expect(try await ask("star", "id=tr-1&id=al-1&artistId=ar-1&id=tr-1")["status"] == "ok")
        let song = try await ask("getSong", "id=tr-1")["song"]
        #expect(song?["starred"] != nil && song?["playCount"] == 0 && song?["played"] == nil)
        #expect(try await ask("unstar", "id=tr-1&albumId=al-1")["status"] == "ok")
        #expect(try await ask("getSong", "id=tr-1")["song"]?["starred"] == nil)
        let many = (1...501).map { "id=tr-\($0)" }.joined(separator: "&")
        #expect(try await ask("star", many)["error"]?["code"] == 0)
    }

    @Test("An album was played as often as its songs")
    func plays() async throws {
        let id = try #require(server.store.change { $0.tracks.first?.albumID })
        #expect(try await ask("getAlbum", "id=al-\(id)")["album"]?["playCount"] == 0)
        server.store.change { state in
            let ada = state.accounts.first { $0.name == "ada" }?.id ?? 0
            for track in state.tracks where track.albumID == id {
                state.marks[ada, default: [:]][.track(track.id)] = Mark(plays: 2, lastPlayedAt: MemoryStore.now)
            }
        }
        let album = try await ask("getAlbum", "id=al-\(id)")["album"]
        let songs = album?["song"]?.count ?? 0
        #expect(songs > 0 && album?["playCount"] == .integer(Int64(2 * songs)) && album?["played"] != nil)
    }

    @Test("All songs of an artist that are on no album are in its folder")
    func loose() async throws {
        let artist = try #require(server.store.change { $0.artists.first?.id })
        let count = 2 * PageRequest.maxLimit + 7
        server.store.change { state in
            for number in 0..<count {
                var track = MemoryStore.track(id: Int64(10_000 + number), path: FilePath("/music/loose/\(number).mp3"))
                (track.albumID, track.artistIDs) = (nil, [artist])
                state.tracks.append(track)
            }
        }
        let children = try await ask("getMusicDirectory", "id=ar-\(artist)")["directory"]?["child"]
        guard case .array(let items)? = children else { return #expect(Bool(false), "no children") }
        #expect(items.count { $0["isDir"] == false } == count)
    }
}
