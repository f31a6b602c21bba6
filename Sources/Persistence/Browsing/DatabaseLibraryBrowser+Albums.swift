import Domain
import UseCases

/// Lists of albums: first which and in what order, then what is known of those.
extension DatabaseLibraryBrowser {
    package func albums(_ list: AlbumList, rootID: Int64?, _ piece: Piece) async throws -> [Album] {
        guard piece.limit > 0 else { return [] }
        let random = random
        return try await database.read { connection in
            let scope = try BrowsedScope(rootID, connection)
            let ids: [Int64]
            if case .random = list {
                let draw = RandomRows(
                    table: "album", condition: scope.hasTrack, dialect: connection.dialect, random: random)
                ids = try draw.ids(piece.limit, connection)
            } else {
                let query = Self.albumIDs(list, scope) + " LIMIT \(piece.limit) OFFSET \(piece.offset)"
                ids = try connection.all(query) { $0.int(0) ?? 0 }
            }
            return try DatabaseCatalogue.albums(ids, connection)
        }
    }

    static func albumIDs(_ list: AlbumList, _ scope: BrowsedScope) -> Query {
        let all: Query = "SELECT album.id FROM album WHERE \(scope.hasTrack)"
        switch list {
        case .byTitle, .random: return all + " ORDER BY album.title_key, album.id"
        case .byArtist: return all + " ORDER BY album.artist_key, album.title_key, album.id"
        case .newest: return all + " ORDER BY album.id DESC"
        case .years(let first, let last):
            let between = all + " AND album.year BETWEEN \(min(first, last)) AND \(max(first, last))"
            return first <= last
                ? between + " ORDER BY album.year, album.title_key, album.id"
                : between + " ORDER BY album.year DESC, album.title_key, album.id"
        case .genre(let name):
            return """
                \(all) AND album.id IN (
                    SELECT track.album_id FROM track_genre JOIN \(scope.present(on: "track_genre.track_id"))
                    WHERE track_genre.genre_id = (SELECT id FROM genre WHERE key = \(NameKey.identity(name)))
                        AND track.album_id IS NOT NULL)
                ORDER BY album.title_key, album.id
                """
        case .starred(let account): return marked("starred_at", by: account, scope)
        case .bestRated(let account): return marked("rating", by: account, scope)
        case .recentlyPlayed(let account): return played("max(track_mark.last_played_at)", by: account, scope)
        case .mostPlayed(let account): return played("sum(track_mark.plays)", by: account, scope)
        }
    }

    private static func marked(_ column: Query, by account: Int64, _ scope: BrowsedScope) -> Query {
        """
        SELECT album.id FROM album_mark JOIN album ON album.id = album_mark.album_id
        WHERE album_mark.account_id = \(account) AND album_mark.\(column) IS NOT NULL AND \(scope.hasTrack)
        ORDER BY album_mark.\(column) DESC, album.id DESC
        """
    }

    private static func played(_ measure: Query, by account: Int64, _ scope: BrowsedScope) -> Query {
        """
        SELECT track.album_id FROM track_mark JOIN \(scope.present(on: "track_mark.track_id"))
        WHERE track_mark.account_id = \(account) AND track_mark.plays > 0 AND track.album_id IS NOT NULL
        GROUP BY track.album_id ORDER BY \(measure) DESC, track.album_id DESC
        """
    }
}
