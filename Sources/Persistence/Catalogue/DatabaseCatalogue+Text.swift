import Contracts
import Crypto
import Domain
import UseCases

/// Vectors of models that work on words. They belong to the text that describes a track, so they are made anew when its
/// tags say something else, and tracks with the same text share them.
extension DatabaseCatalogue {
    /// Queues the vectors of a track's text that are not there yet.
    func followText(
        of trackID: Int64, _ priority: Priority, _ consequence: inout Consequence, _ batch: inout CatalogueBatch
    ) throws {
        guard !textModels.isEmpty, let track = try StoredTrack.find(trackID, batch.connection) else { return }
        guard let text = try text(of: track, batch.connection) else { return }
        let hash = try note(text, of: track, &batch)
        for model in textModels {
            if try hasTextEmbedding(hash, model, batch.connection) {
                batch.countCacheHit()
                continue
            }
            consequence.tasks.append(Self.textTask(track.id, model, text, hash, priority))
        }
    }

    static func textTask(
        _ trackID: Int64, _ model: String, _ text: String, _ hash: String, _ priority: Priority
    ) -> NewTask {
        var task = NewTask(
            payload: .vectorizeText(VectorizeTextPayload(trackID: trackID, model: model, text: text)),
            priority: priority, dedupeKey: DedupeKey.vectorizeText(trackID: trackID, textHash: hash, model: model))
        // A service may be away for days; a scan is over when the library is heard.
        task.isBesideScan = true
        return task
    }

    static func textHash(_ text: String) -> String {
        Hex.encode(Array(SHA256.hash(data: Array("\(TrackText.version)\n\(text)".utf8))))
    }

    /// Nil when nothing is known that could be said.
    func text(of track: StoredTrack, _ connection: any Connection) throws -> String? {
        let metadata: TrackMetadata
        do {
            metadata = try TrackDetails(json: track.details).metadata
        } catch {
            throw StoreError.fatal("the stored tags of track \(track.id) cannot be read")
        }
        let analysis = try track.contentKey.flatMap { try StoredAnalysis.find($0, connection) }
        return TrackText.describe(metadata, analysis)
    }

    /// Remembers what the track's text is; answers its hash.
    func note(_ text: String, of track: StoredTrack, _ batch: inout CatalogueBatch) throws -> String {
        let hash = Self.textHash(text)
        let changed = try batch.connection.execute(
            """
            INSERT INTO track_text (track_id, text_hash) VALUES (\(track.id), \(hash))
            ON CONFLICT (track_id) DO UPDATE SET text_hash = excluded.text_hash
            WHERE track_text.text_hash <> excluded.text_hash
            """)
        if changed > 0 { batch.vectorChanged(track.id) }
        return hash
    }

    /// In the space that is the model's current one.
    private func hasTextEmbedding(_ hash: String, _ model: String, _ connection: any Connection) throws -> Bool {
        try connection.first(
            """
            SELECT 1 FROM text_embedding WHERE text_hash = \(hash) AND space_id = (
                SELECT id FROM embedding_space WHERE model = \(model) ORDER BY current_at DESC, id DESC LIMIT 1)
            """
        ) { _ in true } ?? false
    }

    /// `text_vector_complete`. Throws, which fails the attempt, when the vector does not fit its own space.
    func applyTextVector(
        _ outcome: TextVectorCompleteOutcome, _ completion: Completion, _ batch: inout CatalogueBatch
    ) throws -> Consequence {
        guard case .vectorizeText(let payload) = completion.payload, let text = payload.text else {
            return Consequence()
        }
        let values = outcome.vector.values
        guard values.count == outcome.dimension, (1...EmbeddingSpace.maxDimension).contains(values.count) else {
            throw StoreError.fatal(
                "the vector of track \(outcome.trackID) has \(values.count) numbers, its space \(outcome.space.name) "
                    + "has \(outcome.dimension); at most \(EmbeddingSpace.maxDimension) are allowed")
        }
        guard values.allSatisfy(\.isFinite) else {
            throw StoreError.fatal("the vector of track \(outcome.trackID) holds what is no number")
        }
        let hash = Self.textHash(text)
        let space = try spaceID(outcome.space, &batch)
        try batch.connection.execute(
            """
            INSERT INTO text_embedding (text_hash, space_id, computed_at, vector)
            VALUES (\(hash), \(space), \(batch.now), \(outcome.vector.littleEndianBytes))
            ON CONFLICT (text_hash, space_id) DO UPDATE
            SET computed_at = excluded.computed_at, vector = excluded.vector
            """)
        let tracks = try batch.connection.all("SELECT track_id FROM track_text WHERE text_hash = \(hash)") {
            $0.int(0) ?? 0
        }
        for id in tracks { batch.vectorChanged(id) }
        return Consequence()
    }

    /// The space becomes the model's current one when it is met for the first time, and when the current one differs in
    /// nothing but its dimension.
    private func spaceID(_ space: EmbeddingSpace, _ batch: inout CatalogueBatch) throws -> Int64 {
        let find: Query = """
            SELECT id FROM embedding_space WHERE model = \(space.model) AND digest = \(space.digest)
                AND dimension = \(space.dimension)
            """
        if let id = try batch.connection.first(find, { $0.int(0) ?? 0 }) {
            try makeCurrent(id, space, batch)
            return id
        }
        try batch.connection.execute(
            """
            INSERT INTO embedding_space (model, digest, dimension, current_at)
            VALUES (\(space.model), \(space.digest), \(space.dimension), \(batch.now)) ON CONFLICT DO NOTHING
            """)
        guard let id = try batch.connection.first(find, { $0.int(0) ?? 0 }) else {
            throw StoreError.retryable(afterSeconds: 1, "the database is busy: others change the same rows")
        }
        return id
    }

    /// Where digests do not tell versions apart, the last vector does.
    private func makeCurrent(_ id: Int64, _ space: EmbeddingSpace, _ batch: CatalogueBatch) throws {
        let other =
            try batch.connection.first(
                """
                SELECT id, digest, current_at FROM embedding_space WHERE model = \(space.model)
                ORDER BY current_at DESC, id DESC LIMIT 1
                """
            ) { $0.int(0) != id && $0.text(1) == space.digest ? $0.int(2) : nil } ?? nil
        guard let other else { return }
        // Later than the other one, also when the clock was set back.
        try batch.connection.execute(
            "UPDATE embedding_space SET current_at = \(max(batch.now, other + 1)) WHERE id = \(id)")
    }

    func complete(_ payload: VectorizeTextPayload, _ connection: any Connection) throws -> VectorizeTextPayload {
        guard textModels.contains(payload.model) else {
            let known = textModels.isEmpty ? "none is" : "\(textModels.joined(separator: ", ")) is"
            throw StoreError.preconditionFailed("no model \"\(payload.model)\" is configured here; \(known)")
        }
        guard payload.text == nil else { return payload }
        guard let track = try StoredTrack.find(payload.trackID, connection) else {
            throw StoreError.preconditionFailed("there is no track \(payload.trackID)")
        }
        guard let text = try text(of: track, connection) else {
            throw StoreError.preconditionFailed("nothing is known of track \(payload.trackID) that could be said")
        }
        var payload = payload
        payload.text = text
        return payload
    }
}
