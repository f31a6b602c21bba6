import Contracts
import Domain
import Persistence

/// What a library says, without ids and times: two runs over the same tree must say the same.
package struct Snapshot: Sendable {
    /// One line for each track, album and artist, sorted.
    package let lines: [String]

    package init(_ api: Client, root: String) async throws {
        var lines: [String] = []
        for track in try await api.list("/v1/tracks") {
            lines.append("track " + Self.line(track, without: Self.ofTrack, root: root))
        }
        for album in try await api.list("/v1/albums") {
            // A cover is looked for some seconds after a scan.
            lines.append("album " + Self.line(album, without: ["id", "cover_search"]))
        }
        for artist in try await api.list("/v1/artists") { lines.append("artist " + Self.line(artist, without: ["id"])) }
        self.lines = lines.sorted()
    }

    /// What differs, for the message of a failing test.
    package func difference(_ other: Snapshot) -> String {
        let (mine, others) = (Set(lines), Set(other.lines))
        let gone = mine.subtracting(others).sorted().map { "- " + $0 }
        let new = others.subtracting(mine).sorted().map { "+ " + $0 }
        // Lines may be equal (albums of one name in several folders), so their number counts too.
        let doubled = other.lines.count == lines.count ? [] : ["\(lines.count) lines, then \(other.lines.count)"]
        return (gone + new + doubled).joined(separator: "\n")
    }

    private static let ofTrack: Set<String> = ["id", "added_at", "indexed_at", "artist_ids", "album_id"]

    private static func line(_ value: JSONValue, without: Set<String>, root: String = "\u{0}") -> String {
        guard case .object(let members) = value else { return "\(value)" }
        let kept = members.filter { !without.contains($0.key) }
        return ContractJSON.encode(JSONValue.object(kept)).replacing(root, with: "")
    }
}

/// The rows of a lab's tables, read beside the running server.
package struct Rows: Sendable {
    package let database: any Database

    package init(_ database: any Database) {
        self.database = database
    }

    package init(_ lab: Lab) throws {
        if let server = lab.server {
            database = PostgresDatabase(try PostgresURL(server.url))
        } else {
            database = try SQLiteDatabase(path: lab.data + "/sillon.db")
        }
    }

    package static let catalogue = [
        "folder", "artist", "album", "genre", "cover", "track", "track_artist", "track_genre", "tally", "analysis",
        "embedding", "vector_change", "rejected_file",
    ]

    /// Every column of every row, as SQL literals.
    package func dump(_ tables: [String] = Rows.catalogue) async throws -> [String] {
        try await database.read { connection in
            try tables.flatMap { table in
                let columns = try connection.all(Self.columns(table, connection.dialect)) { $0.text(0) ?? "" }
                let list = columns.map { Self.literal($0, connection.dialect) }.joined(separator: " || ',' || ")
                return try connection.all(Query(stringLiteral: "SELECT \(list) FROM \(table) ORDER BY 1")) {
                    table + " " + ($0.text(0) ?? "")
                }
            }
        }
    }

    private static func columns(_ table: String, _ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite: "SELECT name FROM pragma_table_info(\(table))"
        case .postgres:
            """
            SELECT CAST(column_name AS text) FROM information_schema.columns
            WHERE table_name = \(table) ORDER BY ordinal_position
            """
        }
    }

    private static func literal(_ column: String, _ dialect: Dialect) -> String {
        switch dialect {
        case .sqlite: "quote(\"\(column)\")"
        case .postgres: "quote_nullable(\"\(column)\")"
        }
    }

    /// What SQLite finds wrong with its file.
    package func damage() async throws -> [String] {
        try await (database as? SQLiteDatabase)?.damage() ?? []
    }

    package func count(_ sql: String) async throws -> Int {
        try await database.read { try $0.first(Query(stringLiteral: sql)) { Int($0.int(0) ?? 0) } ?? 0 }
    }

    /// Vectors by the path of their track. The same sound must give the same bytes.
    package func vectors(root: String) async throws -> [String: [UInt8]] {
        let rows = try await database.read { connection in
            try connection.all(
                """
                SELECT folder.path, track.name, embedding.vector FROM track JOIN folder ON folder.id = track.folder_id
                JOIN embedding ON embedding.content_key = track.content_key
                """
            ) { (folder: $0.bytes(0) ?? [], name: $0.bytes(1) ?? [], vector: $0.bytes(2) ?? []) }
        }
        let pairs = rows.map { (Hex.encode($0.folder.dropFirst(root.utf8.count) + [0x2F] + $0.name), $0.vector) }
        return Dictionary(pairs) { first, _ in first }
    }
}
