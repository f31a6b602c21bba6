import Domain

/// The text index in the words of each engine. A word in the title or artist weighs more than one in the album, and
/// that more than a genre. Both engines find the same tracks; among many, each ranks by its own formula.
extension SearchText {
    /// - Parameter folders: Ids of those in which tracks count; nil for all.
    static func search(
        _ words: [String], within folders: Query? = nil, _ piece: Piece, _ dialect: Dialect
    ) -> Query {
        let there: Query = folders.map { "track.state = 0 AND track.folder_id IN (\($0))" } ?? "track.state = 0"
        switch dialect {
        case .sqlite:
            // "bjork"* "joga"*
            let match = words.map { "\"\($0)\"*" }.joined(separator: " ")
            return """
                SELECT track_search.rowid FROM track_search JOIN track ON track.id = track_search.rowid
                WHERE track_search MATCH \(match) AND \(there)
                ORDER BY bm25(track_search, 10.0, 8.0, 4.0, 2.0), track_search.rowid
                LIMIT \(piece.limit) OFFSET \(piece.offset)
                """
        case .postgres:
            // 'bjork':* & 'joga':*
            let match = words.map { "'\($0)':*" }.joined(separator: " & ")
            return """
                SELECT track_search.track_id FROM track_search JOIN track ON track.id = track_search.track_id
                WHERE track_search.words @@ CAST(\(match) AS tsquery) AND \(there)
                ORDER BY ts_rank('{0.2, 0.4, 0.8, 1.0}', track_search.words, CAST(\(match) AS tsquery)) DESC,
                    track_search.track_id LIMIT \(piece.limit) OFFSET \(piece.offset)
                """
        }
    }

    static func insertion(_ document: SearchDocument, _ trackID: Int64, _ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite:
            return """
                INSERT INTO track_search (rowid, title, artist, album, genre)
                VALUES (\(trackID), \(folded(document.title)), \(folded(document.artist)),
                    \(folded(document.album)), \(folded(document.genre)))
                """
        case .postgres:
            let fields = [document.title, document.artist, document.album, document.genre].map(words)
            return """
                INSERT INTO track_search (track_id, words) VALUES (\(trackID), CAST(\(lexemes(fields)) AS tsvector))
                ON CONFLICT (track_id) DO UPDATE SET words = excluded.words
                """
        }
    }

    static func removal(_ trackID: Int64, _ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite: "DELETE FROM track_search WHERE rowid = \(trackID)"
        case .postgres: "DELETE FROM track_search WHERE track_id = \(trackID)"
        }
    }

    /// `'joga':1A 'bjork':2B`: words hold no quotes and no backslashes.
    private static func lexemes(_ fields: [[String]]) -> String {
        var lexemes: [String] = []
        for (words, weight) in zip(fields, ["A", "B", "C", "D"]) {
            for word in words { lexemes.append("'\(word)':\(lexemes.count + 1)\(weight)") }
        }
        return lexemes.joined(separator: " ")
    }
}
