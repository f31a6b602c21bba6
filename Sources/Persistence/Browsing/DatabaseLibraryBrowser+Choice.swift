import Domain
import UseCases

/// Which albums fit a choice.
extension DatabaseLibraryBrowser {
    /// Condition on `album`: it has a track that is there, and fits.
    static func fitting(_ choice: AlbumChoice, _ scope: BrowsedScope) -> Query {
        guard let asked = asked(choice, scope) else { return scope.hasTrack }
        return "\(scope.hasTrack) AND \(asked)"
    }

    /// What the choice asks of a row of `album`, but for the root; nil when it asks nothing.
    static func asked(_ choice: AlbumChoice, _ scope: BrowsedScope) -> Query? {
        var conditions: [Query] = []
        if let id = choice.artistID {
            conditions.append(
                """
                album.id IN (SELECT track.album_id FROM track_artist
                    JOIN \(scope.present(on: "track_artist.track_id"))
                    WHERE track_artist.artist_id = \(id) AND track.album_id IS NOT NULL)
                """)
        }
        if let genre = choice.genre { conditions.append(hasGenre(genre, scope)) }
        if let year = choice.firstYear { conditions.append("album.year >= \(year)") }
        if let year = choice.lastYear { conditions.append("album.year <= \(year)") }
        if let account = choice.starredBy {
            conditions.append(
                """
                album.id IN (SELECT album_mark.album_id FROM album_mark
                    WHERE album_mark.account_id = \(account) AND album_mark.starred_at IS NOT NULL)
                """)
        }
        guard let first = conditions.first else { return nil }
        return conditions.dropFirst().reduce(first) { $0 + " AND " + $1 }
    }

    /// Condition on `album`: a track of it that is there has the genre.
    static func hasGenre(_ name: String, _ scope: BrowsedScope) -> Query {
        """
        album.id IN (SELECT track.album_id FROM track_genre
            JOIN \(scope.present(on: "track_genre.track_id"))
            WHERE track_genre.genre_id = (SELECT id FROM genre WHERE key = \(NameKey.identity(name)))
                AND track.album_id IS NOT NULL)
        """
    }
}
