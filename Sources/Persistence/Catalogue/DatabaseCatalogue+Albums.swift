import Domain
import UseCases

/// Albums, artists and covers. Counts and durations are of tracks whose file is present.
extension DatabaseCatalogue {
    package func albums(artistID: Int64?, starredBy: Int64?, page: PageRequest) async throws -> Page<Album> {
        let start = try CatalogueCursor(page.cursor)
        return try await database.read { connection in
            let rows = try connection.all(
                Self.albumList(artistID: artistID, starredBy: starredBy, after: start, limit: page.limit + 1)
            ) {
                (album: Self.album($0), key: $0.text(8) ?? "")
            }
            let found = Page(rows, limit: page.limit) { CatalogueCursor(key: $0.key, id: $0.album.id) }
            return Page(items: try Self.measure(found.items.map(\.album), connection), nextCursor: found.nextCursor)
        }
    }

    package func album(id: Int64) async throws -> Album {
        try await database.read { connection in
            let query: Query = "SELECT \(Self.albumColumns) FROM album WHERE id = \(id)"
            let found = try connection.first(query, Self.album)
            guard let album = try found.flatMap({ try Self.measure([$0], connection).first }) else {
                throw StoreError.notFound("there is no album \(id)")
            }
            return album
        }
    }

    package func artists(starredBy: Int64?, from name: String?, _ page: PageRequest) async throws -> Page<Artist> {
        let start =
            if page.cursor == nil, let name { CatalogueCursor(key: NameKey.order(name), id: 0) } else {
                try CatalogueCursor(page.cursor)
            }
        return try await database.read { connection in
            let rows = try connection.all(Self.artistList(starredBy: starredBy, after: start, limit: page.limit + 1)) {
                (artist: Self.artist($0), key: $0.text(6) ?? "")
            }
            return Page(rows, limit: page.limit) { CatalogueCursor(key: $0.key, id: $0.artist.id) }.map(\.artist)
        }
    }

    package func artist(id: Int64) async throws -> Artist {
        try await database.read { connection in
            let query: Query = "SELECT \(Self.artistColumns) FROM artist WHERE id = \(id)"
            guard let artist = try connection.first(query, Self.artist) else {
                throw StoreError.notFound("there is no artist \(id)")
            }
            return artist
        }
    }

    package func cover(hash: String) async throws -> CoverImage {
        try await database.read { connection in
            let cover = try connection.first("SELECT hash, media_type, data FROM cover WHERE hash = \(hash)") { row in
                CoverImage(hash: row.text(0) ?? "", mediaType: row.text(1) ?? "", data: row.bytes(2) ?? [])
            }
            guard let cover else { throw StoreError.notFound("there is no such cover") }
            return cover
        }
    }

    static func albumList(
        artistID: Int64?, starredBy: Int64? = nil, after start: CatalogueCursor, limit: Int
    ) -> Query {
        var query: Query = """
            SELECT \(albumColumns) FROM album WHERE (title_key, id) > (\(start.key), \(start.id))
            """
        if let artistID {
            query =
                query + """
                     AND id IN (SELECT track.album_id FROM track_artist
                        JOIN track ON track.id = track_artist.track_id WHERE track_artist.artist_id = \(artistID))
                    """
        }
        return query + starred(by: starredBy) + " ORDER BY title_key, id LIMIT \(limit)"
    }

    /// Of albums; nothing where nobody's stars are asked for.
    static func starred(by account: Int64?) -> Query {
        guard let account else { return "" }
        return """
             AND id IN (SELECT album_id FROM album_mark WHERE account_id = \(account) AND starred_at IS NOT NULL)
            """
    }

    static func artistList(starredBy: Int64? = nil, after start: CatalogueCursor, limit: Int) -> Query {
        var query: Query = """
            SELECT \(artistColumns), name_key FROM artist WHERE (name_key, id) > (\(start.key), \(start.id))
            """
        if let starredBy {
            query =
                query + """
                     AND id IN (SELECT artist_id FROM artist_mark
                        WHERE account_id = \(starredBy) AND starred_at IS NOT NULL)
                    """
        }
        return query + " ORDER BY name_key, id LIMIT \(limit)"
    }

    static let albumColumns: Query = """
        id, title, artist, year, COALESCE(cover_hash, \(fetched("cover_hash"))), musicbrainz_id,
        (SELECT count(*) FROM track WHERE track.album_id = album.id AND track.state = 0),
        (SELECT CAST(coalesce(sum(track.duration_ms), 0) AS BIGINT) FROM track
            WHERE track.album_id = album.id AND track.state = 0),
        title_key, cover_hash, \(fetched("source")), \(fetched("address")),
        \(fetched("checked_at")), \(fetched("problems"))
        """

    private static func fetched(_ column: Query) -> Query {
        "(SELECT fetched.\(column) FROM album_artwork AS fetched WHERE fetched.album_id = album.id)"
    }

    static let artistColumns: Query = """
        id, name, sort_name, musicbrainz_id,
        (SELECT count(DISTINCT track.id) FROM track_artist JOIN track ON track.id = track_artist.track_id
            WHERE track_artist.artist_id = artist.id AND track.state = 0),
        (SELECT count(DISTINCT track.album_id) FROM track_artist JOIN track ON track.id = track_artist.track_id
            WHERE track_artist.artist_id = artist.id AND track.state = 0)
        """

    static func album(_ row: any Row) -> Album {
        var album = Album(
            id: row.int(0) ?? 0, title: row.text(1) ?? "", artist: row.text(2),
            year: row.int(3).flatMap(Int.init(exactly:)), trackCount: Int(clamping: row.int(6) ?? 0),
            durationMs: Int(clamping: row.int(7) ?? 0), coverHash: row.text(4), musicBrainzID: row.text(5))
        if row.text(9) != nil {
            album.coverOrigin = .files
            return album
        }
        album.coverOrigin = row.text(10).map { CoverOrigin(source: $0, address: row.text(11)) }
        album.coverSearch = row.int(12).map { time in
            CoverSearch(
                checkedAt: time, problems: (row.text(13) ?? "").split(separator: "\n").map(String.init))
        }
        return album
    }

    static func artist(_ row: any Row) -> Artist {
        Artist(
            id: row.int(0) ?? 0, name: row.text(1) ?? "", sortName: row.text(2),
            trackCount: Int(clamping: row.int(4) ?? 0), albumCount: Int(clamping: row.int(5) ?? 0),
            musicBrainzID: row.text(3))
    }
}

extension Page {
    func map<Other: Sendable>(_ transform: (Item) -> Other) -> Page<Other> {
        Page<Other>(items: items.map(transform), nextCursor: nextCursor)
    }
}
