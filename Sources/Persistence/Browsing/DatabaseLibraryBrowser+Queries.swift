import Domain

/// What the lists ask. All go through indexes that hold no tags.
extension DatabaseLibraryBrowser {
    static func trackList(_ scope: BrowsedScope, _ piece: Piece) -> Query {
        "SELECT track.id FROM \(scope.present) ORDER BY track.id LIMIT \(piece.limit) OFFSET \(piece.offset)"
    }

    static func genreTracks(_ key: String, _ scope: BrowsedScope, _ piece: Piece) -> Query {
        """
        SELECT track.id FROM track_genre JOIN \(scope.present(on: "track_genre.track_id"))
        WHERE track_genre.genre_id = (SELECT id FROM genre WHERE key = \(key))
        ORDER BY track.id LIMIT \(piece.limit) OFFSET \(piece.offset)
        """
    }

    /// One pass over who made what, instead of a look at each artist's tracks.
    static func artistList(_ scope: BrowsedScope, _ piece: Piece) -> Query {
        """
        SELECT artist.id, artist.name, artist.sort_name, artist.musicbrainz_id, made.tracks, made.albums
        FROM artist JOIN (
            SELECT track_artist.artist_id, count(DISTINCT track.id) AS tracks, count(DISTINCT track.album_id) AS albums
            FROM track_artist JOIN \(scope.present(on: "track_artist.track_id"))
            GROUP BY track_artist.artist_id) AS made ON made.artist_id = artist.id
        ORDER BY artist.name_key, artist.id LIMIT \(piece.limit) OFFSET \(piece.offset)
        """
    }

    static func genreList(_ dialect: Dialect) -> Query {
        """
        SELECT genre.name, held.tracks, held.albums FROM genre JOIN (
            SELECT track_genre.genre_id, count(*) AS tracks, count(DISTINCT track.album_id) AS albums
            FROM track_genre JOIN \(BrowsedScope.presentTrack(dialect))
                ON track.id = track_genre.track_id AND track.state = 0
            GROUP BY track_genre.genre_id) AS held ON held.genre_id = genre.id
        ORDER BY genre.key
        """
    }

    /// Marks of the artist's own tracks alone are looked at.
    static func topTracks(ofArtist id: Int64, _ count: Int, _ dialect: Dialect) -> Query {
        """
        SELECT track.id FROM (SELECT DISTINCT track_id FROM track_artist WHERE artist_id = \(id)) AS made
        JOIN \(BrowsedScope.presentTrack(dialect)) ON track.id = made.track_id AND track.state = 0
        LEFT JOIN track_mark ON track_mark.track_id = track.id
        GROUP BY track.id
        ORDER BY coalesce(sum(track_mark.plays), 0) DESC, coalesce(max(track_mark.rating), 0) DESC, track.id
        LIMIT \(count)
        """
    }
}
