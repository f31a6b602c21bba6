import Domain
import UseCases

/// Lists of albums: first which and in what order, then what is known of those.
extension DatabaseLibraryBrowser {
    package func albums(_ list: AlbumList, of choice: AlbumChoice, _ piece: Piece) async throws -> [Album] {
        guard piece.limit > 0 else { return [] }
        let random = random
        return try await database.read { connection in
            let scope = try BrowsedScope(choice.rootID, connection)
            let ids: [Int64]
            if case .random = list {
                let draw = RandomRows(
                    table: "album", condition: Self.fitting(choice, scope), dialect: connection.dialect,
                    random: random)
                ids = try draw.ids(piece.limit, connection)
            } else {
                let query = Self.albumIDs(list, of: choice, scope) + " LIMIT \(piece.limit) OFFSET \(piece.offset)"
                ids = try connection.all(query) { $0.int(0) ?? 0 }
            }
            return try DatabaseCatalogue.albums(ids, connection)
        }
    }

    static func albumIDs(
        _ list: AlbumList, of choice: AlbumChoice = AlbumChoice(), _ scope: BrowsedScope
    ) -> Query {
        let fitting = fitting(choice, scope)
        let all: Query = "SELECT album.id FROM album WHERE \(fitting)"
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
            return all + " AND \(hasGenre(name, scope)) ORDER BY album.title_key, album.id"
        case .starred(let account): return marked("starred_at", by: account, fitting)
        case .bestRated(let account): return marked("rating", by: account, fitting)
        case .recentlyPlayed(let account):
            return played("max(track_mark.last_played_at)", by: account, choice, scope)
        case .mostPlayed(let account): return played("sum(track_mark.plays)", by: account, choice, scope)
        }
    }

    private static func marked(_ column: Query, by account: Int64, _ fitting: Query) -> Query {
        """
        SELECT album.id FROM album_mark JOIN album ON album.id = album_mark.album_id
        WHERE album_mark.account_id = \(account) AND album_mark.\(column) IS NOT NULL AND \(fitting)
        ORDER BY album_mark.\(column) DESC, album.id DESC
        """
    }

    private static func played(
        _ measure: Query, by account: Int64, _ choice: AlbumChoice, _ scope: BrowsedScope
    ) -> Query {
        var fitting: Query = "track.album_id IS NOT NULL"
        if let asked = asked(choice, scope) {
            fitting = "track.album_id IN (SELECT album.id FROM album WHERE \(asked))"
        }
        return """
            SELECT track.album_id FROM track_mark JOIN \(scope.present(on: "track_mark.track_id"))
            WHERE track_mark.account_id = \(account) AND track_mark.plays > 0 AND \(fitting)
            GROUP BY track.album_id ORDER BY \(measure) DESC, track.album_id DESC
            """
    }
}
