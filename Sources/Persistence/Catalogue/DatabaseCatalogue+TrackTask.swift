import Domain
import UseCases

/// Which task a track waits for.
extension DatabaseCatalogue {
    package func task(ofTrack id: Int64) async throws -> TaskRecord? {
        try await database.read { connection in
            guard let task = try Self.taskID(ofTrack: id, connection) else { return nil }
            return try TaskLookup.record(id: task, in: connection)
        }
    }

    /// The living one is found by its dedupe key, which begins with the track; a dead letter by the work it was to do.
    private static func taskID(ofTrack id: Int64, _ connection: any Connection) throws -> Int64? {
        for prefix in ["analyze_audio:\(id):", "vectorize_track:\(id):"] {
            // The character after the colon ends the range of all keys that begin so.
            let query: Query = """
                SELECT id FROM task WHERE dedupe_key >= \(prefix) AND dedupe_key < \(String(prefix.dropLast()) + ";")
                ORDER BY dedupe_key LIMIT 1
                """
            if let task = try connection.first(query, { $0.int(0) }) ?? nil { return task }
        }
        let works = WorkNumber.ofTrack(id, model: CatalogueRows.model)
        return try connection.first(
            "SELECT id FROM task_dead WHERE work = \(works.analyze) OR work = \(works.vectorize) ORDER BY id DESC LIMIT 1"
        ) { $0.int(0) } ?? nil
    }
}
