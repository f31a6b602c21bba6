import Domain
import UseCases

/// `CreditStore` on the database.
package struct DatabaseCredits: CreditStore {
    let database: any Database

    package func credits(ofTracks ids: [Int64]) async throws -> [Int64: TrackCredits] {
        guard !ids.isEmpty else { return [:] }
        return try await database.read { connection in
            var credits: [Int64: TrackCredits] = [:]
            try connection.forEach(Self.creditList(ids, connection.dialect)) { row in
                guard let track = row.int(0), let id = row.int(2) else { return }
                let artist = TrackCredits.Artist(id: id, name: row.text(3) ?? "")
                if row.int(1) == CatalogueRows.artistRole {
                    credits[track, default: .none].artists.append(artist)
                } else {
                    credits[track, default: .none].albumArtists.append(artist)
                }
            }
            return credits
        }
    }

    package func openings(ofAlbums ids: [Int64]) async throws -> [Int64: AlbumOpening] {
        guard !ids.isEmpty else { return [:] }
        return try await database.read { connection in
            var openings: [Int64: AlbumOpening] = [:]
            try connection.forEach(Self.openingList(ids, connection.dialect)) { row in
                guard let album = row.int(0), let track = row.int(1) else { return }
                openings[album] = AlbumOpening(trackID: track, addedAt: row.int(2) ?? 0)
            }
            return openings
        }
    }

    static func creditList(_ tracks: [Int64], _ dialect: Dialect) -> Query {
        """
        SELECT track_artist.track_id, track_artist.role, artist.id, artist.name
        FROM track_artist JOIN artist ON artist.id = track_artist.artist_id
        WHERE track_artist.track_id \(.among(tracks, dialect))
        ORDER BY track_artist.track_id, track_artist.role, track_artist.position
        """
    }

    static func openingList(_ albums: [Int64], _ dialect: Dialect) -> Query {
        """
        SELECT album_id, min(id), min(added_at) FROM track
        WHERE album_id \(.among(albums, dialect)) AND state = \(CatalogueRows.present) GROUP BY album_id
        """
    }
}
