import Domain
import UseCases

/// What compares recordings: what changed, what they are compared with, and what came of it.
extension DatabaseDuplicates {
    package func place() async throws -> Int64 {
        try await database.read { try Self.place($0) }
    }

    package func changes(after sequence: Int64, limit: Int) async throws -> [RecordingChange] {
        try await database.read { connection in
            try connection.all(
                """
                SELECT change.seq, track.content_key, analysis.analyzed_at, analysis.duration_ms,
                    CASE WHEN recording.heard_at = analysis.analyzed_at THEN NULL
                        ELSE \(StoredAnalysis.fingerprint(connection.dialect)) END, track.id,
                    CASE WHEN recording.heard_at = analysis.analyzed_at THEN 1 ELSE 0 END
                FROM vector_change AS change
                LEFT JOIN track ON track.id = change.track_id AND track.state = \(CatalogueRows.present)
                LEFT JOIN analysis ON \(StoredAnalysis.isOfTrack)
                LEFT JOIN recording ON recording.content_key = track.content_key
                WHERE change.seq > \(sequence) ORDER BY change.seq LIMIT \(max(0, limit))
                """
            ) { row in
                let isCompared = row.int(6) == 1
                return RecordingChange(
                    sequence: row.int(0) ?? 0, recording: isCompared ? nil : Self.recording(row, from: 1))
            }
        }
    }

    package func recordings(ofTracks ids: [Int64]) async throws -> [Recording] {
        try await database.read { connection in
            try connection.all(
                """
                SELECT track.content_key, analysis.analyzed_at, analysis.duration_ms,
                    \(StoredAnalysis.fingerprint(connection.dialect)), track.id
                FROM track JOIN analysis ON \(StoredAnalysis.isOfTrack)
                WHERE track.id \(.among(ids, connection.dialect)) AND track.state = \(CatalogueRows.present)
                """
            ) { Self.recording($0, from: 0) }.compactMap(\.self)
        }
    }

    package func partners(of contentKeys: [String]) async throws -> [String: [Recording]] {
        try await database.read { connection in
            try Self.partnerKeys(of: contentKeys, connection).mapValues { partners in
                try partners.compactMap { try Self.recording(ofContent: $0, connection) }
            }
        }
    }

    /// Nil where nothing was heard.
    private static func recording(_ row: any Row, from column: Int) -> Recording? {
        guard let contentKey = row.text(column), let heardAt = row.int(column + 1) else { return nil }
        return Recording(
            contentKey: contentKey, heardAt: heardAt, durationMs: row.number(column + 2),
            fingerprint: row.text(column + 3).flatMap(RecordingFingerprint.init), trackID: row.int(column + 4))
    }

    private static func recording(ofContent key: String, _ connection: any Connection) throws -> Recording? {
        try connection.first(
            """
            SELECT track.content_key, analysis.analyzed_at, analysis.duration_ms,
                \(StoredAnalysis.fingerprint(connection.dialect)),
                (SELECT MIN(id) FROM track AS file
                    WHERE file.content_key = track.content_key AND file.state = \(CatalogueRows.present))
            FROM (SELECT CAST(\(key) AS TEXT) AS content_key) AS track JOIN analysis ON \(StoredAnalysis.isOfTrack)
            """
        ) { recording($0, from: 0) } ?? nil
    }

    /// Those that were found to be the same as one of these; nothing for what has none.
    static func partnerKeys(of keys: [String], _ connection: any Connection) throws -> [String: [String]] {
        guard !keys.isEmpty else { return [:] }
        let these = Query.oneOf(keys)
        var partners: [String: [String]] = [:]
        try connection.forEach(
            """
            SELECT one, other FROM duplicate_pair WHERE one \(these)
            UNION ALL SELECT other, one FROM duplicate_pair WHERE other \(these)
            """
        ) { row in
            guard let key = row.text(0), let partner = row.text(1) else { return }
            partners[key, default: []].append(partner)
        }
        return partners
    }
}
