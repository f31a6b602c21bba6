import Contracts
import Domain
import UseCases

extension DatabaseTextVectors {
    /// Rows that one transaction deletes.
    private static let rowsPerStep = 1000

    package func invalidate(matching pattern: NamePattern) async throws -> Int {
        var deleted = 0
        for space in try await matchingSpaces(pattern) { deleted += try await empty(space) }
        for model in try await heardModels() where pattern.matches(model) { deleted += try await forget(model) }
        return deleted
    }

    private func matchingSpaces(_ pattern: NamePattern) async throws -> [Int64] {
        try await context.database.read { connection in
            try connection.all("SELECT id, model, digest, dimension FROM embedding_space ORDER BY id") { row in
                let space = EmbeddingSpace(
                    model: row.text(1) ?? "", digest: row.text(2) ?? "", dimension: row.number(3))
                return pattern.matches(space.name) || pattern.matches(space.model) ? row.int(0) : nil
            }.compactMap { $0 }
        }
    }

    /// The tasks that make new vectors are queued by whoever fills up the spaces.
    private func empty(_ space: Int64) async throws -> Int {
        var deleted = 0
        while true {
            let count = try await context.write { transaction in
                let connection = transaction.connection
                let hashes = try connection.all(
                    "SELECT text_hash FROM text_embedding WHERE space_id = \(space) LIMIT \(Self.rowsPerStep)"
                ) { $0.text(0) ?? "" }
                var batch = CatalogueBatch(connection: connection, now: transaction.now)
                for hash in hashes {
                    try connection.execute(
                        "DELETE FROM text_embedding WHERE text_hash = \(hash) AND space_id = \(space)")
                    let tracks = try connection.all("SELECT track_id FROM track_text WHERE text_hash = \(hash)") {
                        $0.int(0) ?? 0
                    }
                    for id in tracks { batch.vectorChanged(id) }
                }
                try batch.flush()
                return hashes.count
            }
            deleted += count
            if count < Self.rowsPerStep { return deleted }
        }
    }

    /// Models that work on what was heard.
    private func heardModels() async throws -> [String] {
        try await context.database.read { connection in
            try connection.all("SELECT DISTINCT model FROM embedding ORDER BY model") { $0.text(0) ?? "" }
        }
    }

    private func forget(_ model: String) async throws -> Int {
        var deleted = 0
        var last = ""
        while true {
            let after = last
            let keys = try await context.write {
                try $0.forgetVectors(of: model, after: after, limit: Self.rowsPerStep)
            }
            deleted += keys.count
            guard keys.count == Self.rowsPerStep, let key = keys.last else { return deleted }
            last = key
        }
    }
}

extension QueueTransaction {
    /// Deletes vectors in the order of their content and queues new ones, in the caller's transaction; answers the
    /// content keys.
    fileprivate mutating func forgetVectors(of model: String, after last: String, limit: Int) throws -> [String] {
        let keys = try connection.all(
            """
            SELECT content_key FROM embedding WHERE model = \(model) AND content_key > \(last)
            ORDER BY content_key LIMIT \(limit)
            """
        ) { $0.text(0) ?? "" }
        var batch = CatalogueBatch(connection: connection, now: now)
        var tasks: [EnqueuedTask] = []
        for key in keys {
            try connection.execute("DELETE FROM embedding WHERE content_key = \(key) AND model = \(model)")
            let tracks = try connection.all(
                "SELECT id FROM track WHERE content_key = \(key) AND state = 0 ORDER BY id"
            ) { $0.int(0) ?? 0 }
            for id in tracks { batch.vectorChanged(id) }
            guard let track = tracks.first, let features = try StoredAnalysis.find(key, connection)?.features else {
                continue
            }
            try connection.execute(
                "UPDATE track SET pending = \(CatalogueRows.pendingVector) WHERE content_key = \(key) AND state = 0")
            let payload = VectorizeTrackPayload(
                trackID: track, model: model, scanID: nil, contentKey: key, features: PackedFloats(features))
            let task = NewTask(
                payload: .vectorizeTrack(payload), priority: .low,
                dedupeKey: DedupeKey.vectorize(trackID: track, contentKey: key, model: model))
            tasks.append(EnqueuedTask(task, scanID: nil, parentID: nil))
        }
        try batch.flush()
        try enqueue(tasks)
        return keys
    }
}
