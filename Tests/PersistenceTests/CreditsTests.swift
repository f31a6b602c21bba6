import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("Who made what, and where albums begin")
struct CreditsTests {
    @Test(
        "Credits are in the order of the tags, and an album begins with its oldest track", arguments: Engine.available)
    func credits(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for (number, artists) in [["Zoë", "abba"], ["Édith"]].enumerated() {
            bench.put("/music/Ends/\(number).flac") {
                ($0.title, $0.album, $0.artists, $0.albumArtists) = ("Song \(number)", "Ends", artists, ["Various"])
            }
        }
        bench.put("/music/loose.flac") { $0.title = "Loose" }
        try await bench.scan(until: .index)
        let store = DatabaseCredits(database: bench.database)
        let tracks = try await bench.catalogue.tracks(TrackFilter(), page: PageRequest()).items
        let credits = try await store.credits(ofTracks: tracks.map(\.id) + [4711])
        for track in tracks {
            let made = credits[track.id] ?? .none
            #expect(made.artists.map(\.id) == track.artistIDs && made.artists.map(\.name) == track.metadata.artists)
            #expect(made.albumArtists.map(\.name) == track.metadata.albumArtists)
        }
        #expect(try await store.credits(ofTracks: []).isEmpty)
        let album = try #require(tracks.compactMap(\.albumID).first)
        let of = tracks.filter { $0.albumID == album }
        let opening = try await store.openings(ofAlbums: [album, 4711])
        #expect(
            opening == [
                album: AlbumOpening(trackID: of.map(\.id).min() ?? 0, addedAt: of.map(\.addedAt).min() ?? 0)
            ])
        #expect(try await store.openings(ofAlbums: []).isEmpty)
    }
}
