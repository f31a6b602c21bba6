@testable import Persistence

/// The whole catalogue as sorted text, with names in the place of ids; the same on every engine.
enum CatalogueDump {
    fileprivate struct Part {
        let name: String
        /// Columns that hold bytes have a leading `#`.
        let columns: [String]
        let source: String
    }

    static func lines(of database: any Database) async throws -> [String] {
        try await database.read { connection in
            try parts(connection.dialect).flatMap { part in
                try connection.all(part.query) { row in
                    part.columns.enumerated().map { number, column in
                        column.hasPrefix("#")
                            ? "\(row.bytes(number) ?? [])" : (row.text(number) ?? "nothing")
                    }.joined(separator: " | ")
                }.map { "\(part.name): \($0)" }
            }.sorted()
        }
    }

    private static func parts(_ dialect: Dialect) -> [Part] {
        common + [
            Part(
                name: "rows", columns: ["count(*)", "(SELECT count(*) FROM track_search)"], source: "track"),
            dialect == .sqlite
                ? Part(
                    name: "search",
                    columns: [
                        "#track.name", "track_search.title", "track_search.artist", "track_search.album", "genre",
                    ],
                    source: "track_search JOIN track ON track.id = track_search.rowid")
                : Part(
                    name: "search", columns: ["#track.name", "words"],
                    source: "track_search JOIN track ON track.id = track_search.track_id"),
        ]
    }

    private static let common = [
        Part(
            name: "track",
            columns: [
                "#folder.path", "#name", "state", "size", "mtime_ns", "inode", "album.key", "content_key",
                "track.cover_hash", "track.title", "track.artist", "track.year", "details",
            ],
            source: "track JOIN folder ON folder.id = folder_id LEFT JOIN album ON album.id = album_id"),
        Part(name: "artist", columns: ["key", "name", "name_key", "sort_name", "musicbrainz_id"], source: "artist"),
        Part(
            name: "album", columns: ["key", "title", "title_key", "artist", "year", "cover_hash", "musicbrainz_id"],
            source: "album"),
        Part(name: "genre", columns: ["key", "name"], source: "genre"),
        Part(name: "cover", columns: ["hash", "media_type", "uses", "#data"], source: "cover"),
        Part(
            name: "track_artist", columns: ["#track.name", "role", "position", "artist.key", "credited_as"],
            source: "track_artist JOIN track ON track.id = track_id JOIN artist ON artist.id = artist_id"),
        Part(
            name: "track_genre", columns: ["#track.name", "genre.key"],
            source: "track_genre JOIN track ON track.id = track_id JOIN genre ON genre.id = genre_id"),
        Part(
            name: "tally",
            columns: ["owner_kind", "coalesce(artist.key, album.key, genre.key)", "field", "value", "uses"],
            source: """
                tally LEFT JOIN artist ON owner_kind = 0 AND artist.id = owner_id
                LEFT JOIN album ON owner_kind = 1 AND album.id = owner_id
                LEFT JOIN genre ON owner_kind = 2 AND genre.id = owner_id
                """),
    ]
}

extension CatalogueDump.Part {
    fileprivate var query: Query {
        let list = columns.map { $0.hasPrefix("#") ? String($0.dropFirst()) : "CAST(\($0) AS TEXT)" }
        return Query(stringLiteral: "SELECT \(list.joined(separator: ", ")) FROM \(source)")
    }
}
