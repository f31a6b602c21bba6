import Domain
import StandIns

@testable import Persistence

/// An album that the stand-ins know, as a scan would have left it.
struct DeskAlbum: Sendable {
    let id: Int64
    let artistID: Int64
    let trackID: Int64

    private static let artist = "Marled Field"
    private static let title = "Furrow Lines"
    private static let song = "First Light on Stubble"

    /// Nobody shares it.
    static let download = DownloadQuestion(artist: artist, title: song)

    init(in database: any Database) async throws {
        let releaseID = Catalogue.demo.releases.first { $0.title == Self.title }?.id
        (id, artistID, trackID) = try await database.write { connection in
            let folder = try connection.insert("INSERT INTO folder (path) VALUES (\(FilePath("/music").bytes))")
            let artist = try connection.insert("INSERT INTO artist (key, name) VALUES ('a', \(Self.artist))")
            let album = try connection.insert(
                """
                INSERT INTO album (key, title, artist, musicbrainz_id)
                VALUES ('a', \(Self.title), \(Self.artist), \(releaseID))
                """)
            let track = try connection.insert(
                """
                INSERT INTO track (folder_id, name, state, size, mtime_ns, inode, device, album_id, added_at,
                    indexed_at, title, artist, duration_ms, codec, details)
                VALUES (\(folder), \(Array("1.flac".utf8)), 0, 1, 1, 1, 1, \(album), 0, 0, \(Self.song), \(Self.artist),
                    200000, 'flac', \(Self.details))
                """)
            return (album, artist, track)
        }
    }

    private static var details: String {
        var metadata = TrackMetadata()
        (metadata.title, metadata.artists, metadata.album) = (song, [artist], title)
        var properties = AudioProperties(codec: "flac")
        properties.durationMs = 200_000
        return TrackDetails(metadata: metadata, properties: properties).json()
    }
}
