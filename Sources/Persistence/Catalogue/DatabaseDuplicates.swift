import Domain
import UseCases

/// `DuplicateStore` on the database: what people read.
package struct DatabaseDuplicates: DuplicateStore {
    let context: QueueContext

    var database: any Database { context.database }

    static let placeName = "duplicates_place"
    /// Files of one group that are listed.
    private static let maxMembers = 1000

    package func groups(_ page: PageRequest) async throws -> Page<StoredDuplicates> {
        let start = try CatalogueCursor(page.cursor)
        return try await database.read { connection in
            let keys = try Self.keys(after: start.key, limit: page.limit + 1, connection)
            let groups = try keys.prefix(page.limit).map { try Self.group($0, and: nil, connection) }
            let last = keys.count > page.limit ? groups.last : nil
            return Page(items: groups, nextCursor: last.map { CatalogueCursor(key: $0.id, id: 0).text })
        }
    }

    package func group(ofTrack id: Int64) async throws -> StoredDuplicates {
        try await database.read { connection in
            let key = try connection.first(
                """
                SELECT COALESCE(recording.group_key, track.content_key) FROM track
                LEFT JOIN recording ON recording.content_key = track.content_key WHERE track.id = \(id)
                """
            ) { $0.text(0) ?? "" }
            guard let key else { throw StoreError.notFound("there is no track \(id)") }
            return try Self.group(key, and: id, connection)
        }
    }

    package func progress() async throws -> DuplicateProgress {
        try await database.read { connection in
            var progress = DuplicateProgress()
            try connection.forEach(
                """
                SELECT COUNT(*), COUNT(CASE WHEN has_fingerprint = 0 THEN 1 END) FROM recording WHERE heard_at > 0
                """
            ) { row in
                progress.compared = row.number(0)
                progress.withoutFingerprint = row.number(1)
            }
            let place = try Self.place(connection)
            progress.waiting =
                try connection.first("SELECT COUNT(*) FROM vector_change WHERE seq > \(place)") { $0.number(0) } ?? 0
            return progress
        }
    }

    static func place(_ connection: any Connection) throws -> Int64 {
        try connection.first("SELECT value FROM catalogue_counter WHERE name = \(placeName)") { $0.int(0) ?? 0 } ?? 0
    }

    /// Groups of several contents, and contents that several files have, merged in the order of their keys.
    private static func keys(after start: String, limit: Int, _ connection: any Connection) throws -> [String] {
        let several = try connection.all(
            """
            SELECT recording.group_key FROM recording
            JOIN track ON track.content_key = recording.content_key AND track.state = \(CatalogueRows.present)
            WHERE recording.group_key > \(start)
            GROUP BY recording.group_key HAVING COUNT(*) > 1 ORDER BY recording.group_key LIMIT \(limit)
            """
        ) { $0.text(0) ?? "" }
        let copied = try connection.all(
            """
            SELECT content_key FROM (
                SELECT content_key FROM track WHERE content_key > \(start) AND state = \(CatalogueRows.present)
                GROUP BY content_key HAVING COUNT(*) > 1) AS copied
            WHERE NOT EXISTS (
                SELECT 1 FROM recording
                WHERE recording.content_key = copied.content_key AND recording.group_key IS NOT NULL)
            ORDER BY content_key LIMIT \(limit)
            """
        ) { $0.text(0) ?? "" }
        return Array((several + copied).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(limit))
    }

    /// - Parameter trackID: is a member even when its file is missing, or nothing is known of it.
    private static func group(
        _ key: String, and trackID: Int64?, _ connection: any Connection
    ) throws -> StoredDuplicates {
        let grouped = try connection.all(
            "SELECT content_key FROM recording WHERE group_key = \(key) ORDER BY content_key LIMIT \(maxMembers)"
        ) { $0.text(0) ?? "" }
        var (ids, pairs): ([Int64], [DuplicatePair]) = ([], [])
        for content in grouped.isEmpty ? [key] : grouped {
            let files: Query = """
                SELECT id FROM track WHERE content_key = \(content) AND state = \(CatalogueRows.present)
                ORDER BY id LIMIT \(maxMembers)
                """
            ids += try connection.all(files) { $0.int(0) ?? 0 }
            pairs += try connection.all(
                """
                SELECT one, other, bit_error_rate, overlap_ms, offset_ms, likeness FROM duplicate_pair
                WHERE one = \(content) ORDER BY other
                """, pair)
        }
        if let trackID, !ids.contains(trackID) { ids.insert(trackID, at: 0) }
        let tracks = try DatabaseCatalogue.tracks(Array(ids.prefix(maxMembers)), connection)
        return StoredDuplicates(id: key, tracks: tracks, pairs: pairs)
    }

    private static func pair(_ row: any Row) -> DuplicatePair {
        let evidence: DuplicateEvidence =
            if let rate = row.double(2) {
                .sameFingerprint(
                    FingerprintMatch(bitErrorRate: rate, overlapMs: row.number(3), offsetMs: row.number(4)))
            } else {
                .probable(likeness: row.double(5) ?? 0)
            }
        return DuplicatePair(row.text(0) ?? "", row.text(1) ?? "", evidence)
    }
}
