import Contracts
import Domain
import UseCases

/// `TextVectorStore` on the database.
package struct DatabaseTextVectors: TextVectorStore {
    let context: QueueContext
    let catalogue: DatabaseCatalogue

    private var database: any Database { context.database }

    package func spaces() async throws -> [StoredSpace] {
        try await database.read { connection in
            try connection.all(
                """
                SELECT model, digest, dimension, current_at,
                    (SELECT count(*) FROM text_embedding WHERE space_id = embedding_space.id)
                FROM embedding_space ORDER BY model, current_at DESC, id DESC
                """
            ) { row in
                StoredSpace(
                    space: EmbeddingSpace(
                        model: row.text(0) ?? "", digest: row.text(1) ?? "", dimension: row.number(2)),
                    currentSince: row.int(3) ?? 0, vectors: row.number(4))
            }
        }
    }

    package func changes(in space: EmbeddingSpace, after sequence: Int64, limit: Int) async throws -> [VectorChange] {
        try await database.read { connection in
            try connection.all(
                """
                SELECT change.seq, change.track_id, text_embedding.vector
                FROM vector_change AS change
                LEFT JOIN track ON track.id = change.track_id AND track.state = 0
                LEFT JOIN track_text ON track_text.track_id = track.id
                LEFT JOIN text_embedding ON text_embedding.text_hash = track_text.text_hash
                    AND text_embedding.space_id = (
                        SELECT id FROM embedding_space WHERE model = \(space.model) AND digest = \(space.digest)
                            AND dimension = \(space.dimension))
                WHERE change.seq > \(sequence) ORDER BY change.seq LIMIT \(max(0, limit))
                """
            ) { row in
                VectorChange(
                    sequence: row.int(0) ?? 0, trackID: row.int(1) ?? 0,
                    vector: row.bytes(2).flatMap { PackedFloats(littleEndianBytes: $0)?.values })
            }
        }
    }

    package func setCurrent(model: String, digest: String, dimension: Int?) async throws -> Int? {
        let (newest, meant) = try await database.read { connection in
            let stored = try connection.all(
                """
                SELECT id, digest, dimension FROM embedding_space WHERE model = \(model)
                ORDER BY current_at DESC, id DESC
                """
            ) { (id: $0.int(0) ?? 0, digest: $0.text(1) ?? "", dimension: $0.number(2)) }
            let meant = stored.first { $0.digest == digest && (dimension == nil || $0.dimension == dimension) }
            return (stored.first?.id, meant.map { (id: $0.id, dimension: $0.dimension) })
        }
        guard let meant else { return dimension }
        if meant.id != newest {
            try await context.write { transaction in
                try transaction.connection.execute(
                    "UPDATE embedding_space SET current_at = \(transaction.now) WHERE id = \(meant.id)")
            }
        }
        return meant.dimension
    }

    package func queueMissing(
        model: String, digest: String, dimension: Int?, after trackID: Int64, limit: Int
    ) async throws -> (last: Int64?, queued: Int) {
        try await context.write { transaction in
            let connection = transaction.connection
            let ids = try connection.all(
                Self.missing(model, digest, dimension, after: trackID, limit: limit)
            ) { $0.int(0) ?? 0 }
            var batch = CatalogueBatch(connection: connection, now: transaction.now)
            var tasks: [EnqueuedTask] = []
            for id in ids {
                guard let track = try StoredTrack.find(id, connection),
                    let text = try catalogue.text(of: track, connection)
                else { continue }
                let hash = try catalogue.note(text, of: track, &batch)
                let task = DatabaseCatalogue.textTask(id, model, text, hash, .low)
                tasks.append(EnqueuedTask(task, scanID: nil, parentID: nil))
            }
            try batch.flush()
            return (ids.last, try transaction.enqueue(tasks).count)
        }
    }

    /// Tracks that were heard and whose text has no vector by this version of the model.
    static func missing(
        _ model: String, _ digest: String, _ dimension: Int?, after trackID: Int64, limit: Int
    ) -> Query {
        let size: Query = dimension.map { size -> Query in " AND embedding_space.dimension = \(size)" } ?? ""
        return """
            SELECT track.id FROM track
            WHERE track.id > \(trackID) AND track.state = 0 AND track.content_key IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM track_text
                JOIN text_embedding ON text_embedding.text_hash = track_text.text_hash
                JOIN embedding_space ON embedding_space.id = text_embedding.space_id
                WHERE track_text.track_id = track.id AND embedding_space.model = \(model)
                    AND embedding_space.digest = \(digest)\(size))
            ORDER BY track.id LIMIT \(limit)
            """
    }

    package func waitingTasks(of model: String, limit: Int) async throws -> Int {
        try await database.read { connection in
            try connection.first(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM task WHERE kind = \(TaskKind.vectorizeText.rawValue)
                        AND state IN ('ready', 'scheduled') AND dedupe_key LIKE \(Self.keys(of: model))
                        ESCAPE '!' LIMIT \(limit)) AS waiting
                """
            ) { $0.number(0) } ?? 0
        }
    }

    package func wakeTasks(of model: String) async throws -> Int {
        var woken = 0
        while true {
            let count = try await context.write { transaction in
                let count = try transaction.connection.execute(
                    """
                    UPDATE task SET run_at = \(transaction.now) WHERE state = 'scheduled' AND id IN (
                        SELECT id FROM task WHERE state = 'scheduled' AND run_at > \(transaction.now)
                            AND kind = \(TaskKind.vectorizeText.rawValue)
                            AND failure_reason IN (\(Self.postponing)) AND dedupe_key LIKE \(Self.keys(of: model))
                            ESCAPE '!' LIMIT \(Self.tasksPerStep))
                    """)
                if count > 0 { transaction.hasNewWork = true }
                return count
            }
            woken += count
            if count < Self.tasksPerStep { return woken }
        }
    }

    private static let postponing: Query = {
        let reasons = Failure.Reason.allCases.filter { Failure($0, "").isPostponing }.map { "\($0.rawValue)" as Query }
        return reasons.dropFirst().reduce(reasons[0]) { $0 + ", " + $1 }
    }()

    package func endTasks(exceptOf models: [String]) async throws -> Int {
        var ended = 0
        while true {
            let count = try await context.write { transaction in
                let known = models.map { " AND dedupe_key NOT LIKE \(Self.keys(of: $0)) ESCAPE '!'" as Query }
                let ids = try transaction.connection.all(
                    """
                    SELECT id FROM task WHERE kind = \(TaskKind.vectorizeText.rawValue)
                        AND state IN ('ready', 'scheduled')\(known.reduce("", +)) ORDER BY id LIMIT \(Self.tasksPerStep)
                    """
                ) { $0.int(0) ?? 0 }
                return try transaction.cancel(ids, actor: "queue", detail: "its model is not configured any more")
            }
            ended += count
            if count < Self.tasksPerStep { return ended }
        }
    }

    private static let tasksPerStep = 500

    /// A pattern of the keys that `DedupeKey.vectorizeText` makes.
    private static func keys(of model: String) -> String {
        var name = model
        for mark in ["!", "%", "_"] { name = name.replacing(mark, with: "!" + mark) }
        return "vectorize!_text:%:\(name):%"
    }
}
