import Contracts
import Domain
import UseCases

/// `vector_complete`: a vector belongs to the content, and so to every track with that content.
extension DatabaseCatalogue {
    /// A vector with more dimensions is refused.
    static let maxDimensions = 4096

    func applyVector(_ outcome: VectorCompleteOutcome, _ batch: inout CatalogueBatch) throws -> Consequence {
        var consequence = Consequence()
        let values = outcome.vector.values
        guard (1...Self.maxDimensions).contains(values.count), values.allSatisfy(\.isFinite) else {
            consequence.notice = "the vector of track \(outcome.trackID) was refused: it holds no usable numbers"
            consequence.progress.failed = 1
            try batch.connection.execute("UPDATE track SET pending = NULL WHERE id = \(outcome.trackID)")
            return consequence
        }
        try batch.connection.execute(
            """
            INSERT INTO embedding (content_key, model, computed_at, vector)
            VALUES (\(outcome.contentKey), \(outcome.model), \(batch.now), \(outcome.vector.littleEndianBytes))
            ON CONFLICT (content_key, model) DO UPDATE
            SET computed_at = excluded.computed_at, vector = excluded.vector
            """)
        consequence.progress.vectorized = 1
        try announceVector(of: outcome.contentKey, outcome.model, &batch)
        return consequence
    }

    /// The content has a vector now, and so have its tracks. Answers how many there are.
    @discardableResult
    func announceVector(of contentKey: String, _ model: String, _ batch: inout CatalogueBatch) throws -> Int {
        if model == CatalogueRows.model {
            try batch.connection.execute(
                "UPDATE track SET pending = NULL WHERE content_key = \(contentKey) AND pending = 2")
        }
        let tracks = try batch.connection.all(
            "SELECT id FROM track WHERE content_key = \(contentKey) AND state = 0 ORDER BY id"
        ) { $0.int(0) ?? 0 }
        for id in tracks { batch.vectorChanged(id) }
        return tracks.count
    }

    func hasEmbedding(_ contentKey: String, _ model: String, _ connection: any Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM embedding WHERE content_key = \(contentKey) AND model = \(model)"
        ) { _ in true } ?? false
    }

    package func lastVectorChange() async throws -> Int64 {
        try await database.read { try Self.lastVectorChange($0) }
    }

    static func lastVectorChange(_ connection: any Connection) throws -> Int64 {
        try connection.first("SELECT COALESCE(MAX(seq), 0) FROM vector_change") { $0.int(0) ?? 0 } ?? 0
    }

    package func allVectors(
        model: String, _ take: @Sendable @escaping (Int64, [Float]) -> Void
    ) async throws -> Int64 {
        try await database.read { connection in
            let last = try Self.lastVectorChange(connection)
            guard last > 0 else { return 0 }
            try connection.stream(
                """
                SELECT track.id, embedding.vector FROM embedding JOIN track ON track.content_key = embedding.content_key
                WHERE embedding.model = \(model) AND track.state = \(CatalogueRows.present)
                """
            ) { row in
                guard let id = row.int(0), let vector = row.bytes(1).flatMap({ PackedFloats(littleEndianBytes: $0) })
                else { return }
                take(id, vector.values)
            }
            return last
        }
    }

    package func vectorChanges(model: String, after sequence: Int64, limit: Int) async throws -> [VectorChange] {
        try await database.read { try Self.vectorChanges(model: model, after: sequence, limit: limit, $0) }
    }

    /// One row for each track whose vector may have changed, the newest change only: the log cannot outgrow the library.
    /// Where nothing has changed only the end of its index is read. Vectors are looked up change by change: PostgreSQL
    /// would read whole tables to join them with one.
    static func vectorChanges(
        model: String, after sequence: Int64, limit: Int, _ connection: any Connection
    ) throws -> [VectorChange] {
        let news: Query = "SELECT 1 FROM vector_change WHERE seq > \(sequence) LIMIT 1"
        guard try connection.first(news, { _ in true }) == true else { return [] }
        return try connection.all(
            """
            SELECT seq, track_id, (
                SELECT embedding.vector FROM track
                JOIN embedding ON embedding.content_key = track.content_key AND embedding.model = \(model)
                WHERE track.id = change.track_id AND track.state = \(CatalogueRows.present))
            FROM vector_change AS change WHERE seq > \(sequence) ORDER BY seq LIMIT \(max(0, limit))
            """
        ) { row in
            VectorChange(
                sequence: row.int(0) ?? 0, trackID: row.int(1) ?? 0,
                vector: row.bytes(2).flatMap { PackedFloats(littleEndianBytes: $0)?.values })
        }
    }
}
