import Contracts
import Domain
import UseCases

/// `analysis_complete`: what was heard belongs to the content, and the content tells which track this is.
extension DatabaseCatalogue {
    func hasAnalysis(
        contentKey: String, version: String, withFingerprint: Bool, in connection: any Connection
    ) throws -> Bool {
        let condition: Query =
            withFingerprint ? "AND \(StoredAnalysis.fingerprint(connection.dialect)) IS NOT NULL" : ""
        return try connection.first(
            "SELECT 1 FROM analysis WHERE content_key = \(contentKey) AND version = \(version) \(condition)"
        ) { _ in true } ?? false
    }

    func applyAnalysis(
        _ outcome: AnalysisCompleteOutcome, _ completion: Completion, _ batch: inout CatalogueBatch
    ) throws -> Consequence {
        var consequence = Consequence()
        guard case .analyzeAudio(let payload) = completion.payload else { return consequence }
        if let analysis = outcome.analysis, analysis.contentKey == outcome.contentKey {
            try StoredAnalysis.write(analysis, now: batch.now, batch.connection)
        } else {
            consequence.progress.cached = 1
        }
        guard let track = try StoredTrack.find(outcome.trackID, batch.connection) else { return consequence }
        guard outcome.beginUs == payload.beginUs else {
            consequence.notice =
                "track \(track.id) is a part of its file, which a worker of an older version heard as a whole"
            return consequence
        }
        // Its sheet was edited meanwhile: another task hears it as it is now.
        guard track.stretch == payload.stretch else { return consequence }
        consequence.progress.analyzed = 1
        let trackID = try identify(track, as: outcome.contentKey, &consequence, &batch)
        try setPending(trackID, outcome.contentKey, isNew: outcome.analysis != nil, batch.connection)
        guard payload.until ?? .vector > .analysis else {
            // Tempo and key may be others now, and no vector follows that would tell.
            if outcome.analysis != nil, try hasEmbedding(outcome.contentKey, CatalogueRows.model, batch.connection) {
                batch.vectorChanged(trackID)
            }
            return consequence
        }
        try followAnalysis(
            of: trackID, outcome.contentKey, scanID: payload.scanID, completion.priority,
            isNew: outcome.analysis != nil, &consequence, &batch)
        return consequence
    }

    /// After its analysis a track waits for a vector, if there is anything to make one of and it is not there yet.
    private func setPending(
        _ trackID: Int64, _ contentKey: String, isNew: Bool, _ connection: any Connection
    ) throws {
        let needsVector =
            try isNew || !hasEmbedding(contentKey, CatalogueRows.model, connection)
            ? StoredAnalysis.find(contentKey, connection)?.features != nil : false
        let pending = needsVector ? CatalogueRows.pendingVector : nil
        try connection.execute("UPDATE track SET pending = \(pending) WHERE id = \(trackID)")
    }

    /// Gives the track its content key. A file that is heard for the first time and has the content of an older track
    /// whose file is gone *is* that track: it was carried to another place. Answers the id that remains.
    private func identify(
        _ track: StoredTrack, as contentKey: String, _ consequence: inout Consequence, _ batch: inout CatalogueBatch
    ) throws -> Int64 {
        guard track.contentKey != contentKey else { return track.id }
        if track.contentKey == nil, let lost = try lostTrack(contentKey, before: track, batch.connection) {
            consequence.progress.moved = 1
            try consequence.countFoundAgain(lost.id, batch.connection)
            try merge(track, into: lost, &batch)
            return lost.id
        }
        try batch.connection.execute("UPDATE track SET content_key = \(contentKey) WHERE id = \(track.id)")
        if track.contentKey != nil { batch.vectorChanged(track.id) }
        return track.id
    }

    /// A whole file whose parts stand for it is not lost.
    private func lostTrack(
        _ contentKey: String, before track: StoredTrack, _ connection: any Connection
    ) throws -> StoredTrack? {
        try connection.first(
            """
            SELECT \(StoredTrack.columns) FROM track
            WHERE content_key = \(contentKey) AND state = 1 AND added_at <= \(track.addedAt) AND id < \(track.id)
                AND (sheet_digest IS NULL OR begin_us IS NOT NULL)
            ORDER BY id LIMIT 1
            """, StoredTrack.init)
    }

    /// The old track takes over the file and the tags of the new one, whose row goes.
    func merge(_ new: StoredTrack, into old: StoredTrack, _ batch: inout CatalogueBatch) throws {
        try TrackMove(new, batch.connection).retract(&batch)
        try TrackMove.vacatePlace(of: new.id, batch.connection)
        try TrackMove(old, batch.connection).replace(by: new, &batch)
        try ListeningMerge.move(from: new.id, to: old.id, batch.connection)
        try batch.connection.execute(Self.forgetEnrichment(.track, new.id))
        try batch.connection.execute("DELETE FROM track WHERE id = \(new.id)")
        batch.vectorChanged(new.id)
        batch.vectorChanged(old.id)
    }

    /// Queues the vector of an analysed track, unless its content has one: then the track gets it at no cost.
    func followAnalysis(
        of trackID: Int64, _ contentKey: String, scanID: String?, _ priority: Priority, isNew: Bool,
        _ consequence: inout Consequence, _ batch: inout CatalogueBatch
    ) throws {
        try followText(of: trackID, priority, &consequence, &batch)
        let model = CatalogueRows.model
        if !isNew, try hasEmbedding(contentKey, model, batch.connection) {
            batch.countCacheHit()
            batch.vectorChanged(trackID)
            consequence.progress.vectorized += 1
            consequence.progress.cached = 1
            return
        }
        // Silence and very short sounds have no features: for them the chain ends here, with the analysis as result.
        guard let features = try StoredAnalysis.find(contentKey, batch.connection)?.features else { return }
        let payload = VectorizeTrackPayload(
            trackID: trackID, model: model, scanID: scanID, contentKey: contentKey, features: PackedFloats(features))
        consequence.tasks.append(
            NewTask(
                payload: .vectorizeTrack(payload), priority: priority,
                dedupeKey: DedupeKey.vectorize(trackID: trackID, contentKey: contentKey, model: model)))
    }
}
