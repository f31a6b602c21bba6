import Domain
import UseCases

/// Lists of the library for who looks around in it.
extension DatabaseCatalogue {
    package func newestAlbums(starredBy: Int64?, page: PageRequest) async throws -> Page<Album> {
        let end = page.cursor == nil ? Int64.max : try CatalogueCursor(page.cursor).id
        return try await database.read { connection in
            let query = Self.newestAlbumList(starredBy: starredBy, before: end, limit: page.limit + 1)
            return Page(try connection.all(query, Self.album), limit: page.limit) {
                CatalogueCursor(key: "", id: $0.id)
            }
        }
    }

    package func genres(_ page: PageRequest) async throws -> Page<Genre> {
        let start = try CatalogueCursor(page.cursor)
        return try await database.read { connection in
            let rows = try connection.all(Self.genreList(after: start.key, limit: page.limit + 1)) { row in
                (
                    genre: Genre(
                        id: row.int(0) ?? 0, name: row.text(1) ?? "", trackCount: Int(clamping: row.int(2) ?? 0)),
                    key: row.text(3) ?? ""
                )
            }
            return Page(rows, limit: page.limit) { CatalogueCursor(key: $0.key, id: $0.genre.id) }.map(\.genre)
        }
    }

    /// Numbers grow with time, so the newest album has the largest.
    static func newestAlbumList(starredBy: Int64?, before id: Int64, limit: Int) -> Query {
        "SELECT \(albumColumns) FROM album WHERE id < \(id)" + starred(by: starredBy)
            + " ORDER BY id DESC LIMIT \(limit)"
    }

    /// Every track that names a genre says its name once.
    static func genreList(after key: String, limit: Int) -> Query {
        """
        SELECT id, name,
            (SELECT CAST(coalesce(sum(uses), 0) AS BIGINT) FROM tally
                WHERE owner_kind = \(TallyBatch.OwnerKind.genre.rawValue) AND owner_id = genre.id
                AND field = \(TallyBatch.Field.name.rawValue)), key
        FROM genre WHERE key > \(key) ORDER BY key LIMIT \(limit)
        """
    }
}
