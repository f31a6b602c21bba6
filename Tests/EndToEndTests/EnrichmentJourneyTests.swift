import Contracts
import Domain
import Foundation
import StandIns
import TestSupport
import Testing

/// A real server over the small library, and stand-ins for Last.fm and ListenBrainz.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct EnrichmentJourneyTests {
    private func environment(_ fleet: StandIns.Fleet) throws -> [String: String] {
        let (lastFM, listenBrainz) = (try #require(fleet[.lastfm]), try #require(fleet[.listenbrainz]))
        return [
            "SILLON_LASTFM_URL": lastFM.url + "/2.0/", "SILLON_LASTFM_KEY": fleet.settings.lastFM.firstKey,
            "SILLON_LASTFM_RATE": "500", "SILLON_LISTENBRAINZ_URL": listenBrainz.url + "/1",
            "SILLON_LISTENBRAINZ_KEY": fleet.settings.listenBrainz.firstToken, "SILLON_LISTENBRAINZ_RATE": "500",
            "SILLON_LISTENBRAINZ_LABS_URL": listenBrainz.url,
        ]
    }

    private func reports(_ server: ServerProcess, _ path: String) async throws -> [JSONValue] {
        try await server.api.ask(.get, path)["outside"]?["reports"]?.list ?? []
    }

    private func report(_ source: String, _ server: ServerProcess, _ path: String) async throws -> JSONValue? {
        try await reports(server, path).first { $0["source"]?.text == source }
    }

    @Test("After a scan services are asked about artists and albums, and about a track when somebody opens it")
    func journey() async throws {
        var settings = StandIns.Fleet.Settings(downloads: FileManager.default.temporaryDirectory)
        (settings.listenBrainz.perToken, settings.listenBrainz.perAddress) = (100_000, 100_000)
        let fleet = try await StandIns.Fleet(
            [.lastfm, .listenbrainz], settings: settings, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
        let library = try await Library()
        let server = try await ServerProcess.start(
            library.lab, .up, music: [library.lab.music], environment: try environment(fleet))
        try await server.api.allScansEnded()
        let artists = try await server.api.list("/v1/artists")
        let artist = try #require(artists.first { $0["name"]?.text == "Marled Field" }?["id"]?.int)
        try await until("every artist was asked about") {
            for artist in artists {
                let path = "/v1/artists/\(artist["id"]?.int ?? 0)"
                guard try await report("lastfm", server, path) != nil else { return false }
            }
            return true
        }
        let said = try #require(try await report("lastfm", server, "/v1/artists/\(artist)"))
        #expect(said["facts"]?["listeners"]?.int ?? 0 > 0 && said["fetched_at"]?.text != nil)
        #expect(said["facts"]?["tags"]?.list.isEmpty == false)

        let tracks = try await server.api.list("/v1/tracks")
        let track = try #require(tracks.first { $0["artist"]?.text == "Marled Field" }?["id"]?.int)
        #expect(try await reports(server, "/v1/tracks/\(track)").isEmpty)
        _ = try await server.api.ask(.get, "/v1/tracks/\(track)?enrich=true")
        try await until("both services were asked about the track") {
            try await reports(server, "/v1/tracks/\(track)").count == 2
        }

        // Away: what is known stays, and no task dies.
        await fleet[.lastfm]?.goAway()
        let refreshed = try await server.api.ask(.post, "/v1/artists/\(artist)/refresh")
        #expect(refreshed["task_id"]?.int != nil)
        try await until("the other service was asked, and this one waits") {
            let waiting = try await server.api.list("/v1/tasks?kind=enrich_artist&state=scheduled")
            return waiting.contains { $0["payload"]?["artist_id"]?.int == artist }
        }
        #expect(try await report("lastfm", server, "/v1/artists/\(artist)")?["facts"]?["listeners"]?.int ?? 0 > 0)
        #expect(try await server.api.list("/v1/tasks?state=dead").isEmpty)
        #expect(try await server.stop() == .code(0))
        #expect(!library.lab.allLogs.contains(fleet.settings.lastFM.firstKey), "a key is in no log")
        await fleet.stop()
    }
}
