import Contracts
import Domain
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import API

/// What players tell of where they are, and what others see of it.
@Suite struct SubsonicReportsTests {
    private let server: TestServer
    private let ids: [Int64]

    init() throws {
        server = try TestServer()
        ids = server.store.change { state in
            for place in state.tracks.indices { state.tracks[place].properties.durationMs = 200_000 }
            return state.tracks.map(\.id)
        }
    }

    private func ask(_ method: String, _ query: String = "", client: String = "phone") async throws -> JSONValue {
        try await server.application.test(.router) { router in
            let response = try await router.executeRequest(
                uri: "/rest/\(method)?apiKey=user&v=1.16.1&c=\(client)&f=json&\(query)", method: .get, headers: [:],
                body: nil)
            return Answer(status: response.status.code, headers: response.headers, body: response.body).json[
                "subsonic-response"] ?? .null
        }
    }

    private func tell(
        _ state: String, _ seconds: Int, of track: Int = 0, _ more: String = "", client: String = "phone"
    ) async throws {
        let query = "mediaId=tr-\(ids[track])&mediaType=song&state=\(state)&positionMs=\(seconds * 1000)&\(more)"
        #expect(try await ask("reportPlayback", query, client: client)["status"] == "ok")
    }

    private func playing() async throws -> [JSONValue] {
        guard case .array(let entries)? = try await ask("getNowPlaying")["nowPlaying"]?["entry"] else { return [] }
        return entries
    }

    private var plays: [Play] { server.store.change { $0.plays[1] ?? [] } }

    @Test("Others see whether a player plays, where it is by now, and how fast")
    func timeline() async throws {
        try await tell("starting", 0)
        server.clock.advance(seconds: 7)
        #expect(try await playing().first?["positionMs"] == 0)
        #expect(try await playing().first?["state"] == "starting")
        try await tell("playing", 0, "playbackRate=1.5")
        server.clock.advance(seconds: 60)
        let entry = try #require(try await playing().first)
        #expect(entry["state"] == "playing" && entry["positionMs"] == 90_000 && entry["playbackRate"] == .number(1.5))
        #expect(entry["playerName"] == "phone" && entry["minutesAgo"] == 1 && entry["username"] == "ada")
        try await tell("paused", 90)
        server.clock.advance(seconds: 25 * 60)
        #expect(try await playing().first?["positionMs"] == 90_000)
        try await tell("playing", 90)
        server.clock.advance(seconds: 30)
        #expect(try await playing().first?["positionMs"] == 120_000)
        #expect(plays.count == 1, "playing on is no second play")
        try await tell("stopped", 120)
        #expect(try await playing().isEmpty)
        #expect(plays.count == 1 && plays[0].counts && plays[0].playedMs == 120_000)
    }

    @Test("An end is told twice, after a seek and a pause, and counts once")
    func once() async throws {
        try await tell("starting", 0)
        try await tell("playing", 0)
        try await tell("playing", 150)
        server.clock.advance(seconds: 10)
        try await tell("paused", 160)
        server.clock.advance(seconds: 600)
        for _ in 0..<2 { try await tell("stopped", 160) }
        try await tell("playing", 0, of: 1)
        try await tell("stopped", 160)
        #expect(plays.filter { $0.trackID == ids[0] }.count == 1 && plays.filter(\.counts).count == 1)
        #expect(try await playing().compactMap { $0["id"] } == [.string("tr-\(ids[1])")], "the next one plays on")
        try await tell("starting", 0)
        try await tell("stopped", 200)
        #expect(plays.filter { $0.trackID == ids[0] }.count == 2, "it was begun anew")
    }

    @Test("What is to count as nothing is shown, and leaves no play")
    func silent() async throws {
        try await tell("playing", 0, "ignoreScrobble=true")
        #expect(try await playing().count == 1)
        try await tell("stopped", 190, "ignoreScrobble=true")
        #expect(try await playing().isEmpty && plays.isEmpty)
    }

    @Test("A pause is shown until half an hour after the planned end, and then another play begins")
    func forgotten() async throws {
        try await tell("playing", 0)
        try await tell("paused", 100)
        server.clock.advance(seconds: 100 + 30 * 60)
        #expect(try await playing().count == 1)
        server.clock.advance(seconds: 1)
        #expect(try await playing().isEmpty)
    }

    @Test("A player that scrobbles goes on from what it reported, and what was begun by other doors goes on by reports")
    func mixed() async throws {
        try await tell("playing", 0)
        #expect(try await ask("scrobble", "id=tr-\(ids[1])&submission=false")["status"] == "ok")
        let entries = try await playing()
        #expect(entries.count == 1 && entries[0]["id"] == .string("tr-\(ids[1])") && entries[0]["state"] == nil)
        try await tell("playing", 5, of: 1)
        #expect(plays.count == 2, "the play that was begun is the one that goes on")
        #expect(try await playing().first?["state"] == "playing")
    }

    @Test("What a player submits counts, however short the track is")
    func submitted() async throws {
        server.store.change { state in
            state.tracks[0].properties.durationMs = 12_000
            state.tracks[0].analysis = nil
        }
        #expect(try await ask("scrobble", "id=tr-\(ids[0])")["status"] == "ok")
        #expect(plays.count == 1 && plays[0].counts)
    }
}
