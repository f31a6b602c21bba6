import Contracts
import Domain
import Persistence

/// What a library says, without ids and times: two runs over the same tree must say the same.
struct Snapshot: Sendable {
    /// One line for each track, album and artist, sorted.
    let lines: [String]

    init(_ api: Client, root: String) async throws {
        var lines: [String] = []
        for track in try await api.list("/v1/tracks") {
            lines.append("track " + Self.line(track, without: Self.ofTrack, root: root))
        }
        for album in try await api.list("/v1/albums") { lines.append("album " + Self.line(album, without: ["id"])) }
        for artist in try await api.list("/v1/artists") { lines.append("artist " + Self.line(artist, without: ["id"])) }
        self.lines = lines.sorted()
    }

    /// What differs, for the message of a failing test.
    func difference(_ other: Snapshot) -> String {
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

/// The rows of a data folder's tables, read beside the running server.
struct Rows: Sendable {
    let database: SQLiteDatabase

    init(_ lab: Lab) throws {
        database = try SQLiteDatabase(path: lab.data + "/sillon.db")
    }

    static let catalogue = [
        "folder", "artist", "album", "genre", "cover", "track", "track_artist", "track_genre", "tally", "analysis",
        "embedding", "vector_change", "rejected_file",
    ]

    /// Every column of every row, as SQL literals.
    func dump(_ tables: [String] = Rows.catalogue) async throws -> [String] {
        try await database.read { connection in
            try tables.flatMap { table in
                let columns = try connection.all("SELECT name FROM pragma_table_info(\(table))") { $0.text(0) ?? "" }
                let list = columns.map { "quote(\"\($0)\")" }.joined(separator: " || ',' || ")
                return try connection.all(Query(stringLiteral: "SELECT \(list) FROM \(table) ORDER BY 1")) {
                    table + " " + ($0.text(0) ?? "")
                }
            }
        }
    }

    func count(_ sql: String) async throws -> Int {
        try await database.read { try $0.first(Query(stringLiteral: sql)) { Int($0.int(0) ?? 0) } ?? 0 }
    }

    /// Vectors by the path of their track. The same sound must give the same bytes.
    func vectors(root: String) async throws -> [String: String] {
        let rows = try await database.read { connection in
            try connection.all(
                """
                SELECT quote(folder.path) || '/' || quote(track.name), quote(embedding.vector)
                FROM track JOIN folder ON folder.id = track.folder_id
                JOIN embedding ON embedding.content_key = track.content_key
                """
            ) { ($0.text(0) ?? "", $0.text(1) ?? "") }
        }
        let prefix = Hex.encode(Array(root.utf8)).uppercased()
        return Dictionary(rows.map { ($0.0.uppercased().replacing(prefix, with: ""), $0.1) }) { first, _ in first }
    }
}
