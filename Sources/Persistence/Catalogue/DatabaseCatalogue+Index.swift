import Contracts
import Domain
import UseCases

/// `index_complete`: the tags of one file become a track and what follows from it.
extension DatabaseCatalogue {
    func applyIndex(
        _ outcome: IndexCompleteOutcome, _ completion: Completion, _ batch: inout CatalogueBatch
    ) throws -> Consequence {
        guard case .indexFile(let payload) = completion.payload else { return Consequence() }
        var consequence = Consequence()
        let folder = outcome.filePath.parent
        let folderID = try batch.folderID(folder)
        let name = outcome.filePath.lastComponent
        let known = try StoredTrack.find(folderID: folderID, name: name, batch.connection)
        consequence.progress.indexed = 1
        if let known, outcome.facts.mtimeNs < known.facts.mtimeNs, payload.acceptOlder != true {
            // A slow attempt saw the file as it was before: what is known is newer.
            return consequence
        }
        let trackID = try TrackWriter(folder: folder, folderID: folderID, name: name)
            .write(outcome, over: known, &batch)
        try batch.forgetRejection(folderID: folderID, name: name)
        if let known, !known.isPresent, known.contentKey != nil { batch.vectorChanged(trackID) }
        try follow(outcome, payload, known, trackID, completion.priority, &consequence, &batch)
        return consequence
    }

    /// By this build's analyser, in whatever mode.
    private func isHeard(_ contentKey: String, in connection: any Connection) throws -> Bool {
        try AnalysisMode.windows.sufficient.contains { version in
            try hasAnalysis(contentKey: contentKey, version: version, withFingerprint: false, in: connection)
        }
    }

    /// The next step of the chain, unless this very content was heard and embedded already.
    private func follow(
        _ outcome: IndexCompleteOutcome, _ payload: IndexFilePayload, _ known: StoredTrack?, _ trackID: Int64,
        _ priority: Priority, _ consequence: inout Consequence, _ batch: inout CatalogueBatch
    ) throws {
        let until = payload.until ?? .vector
        guard until > .index else { return }
        if payload.refresh != true, let known, known.facts.looksUnchanged(from: outcome.facts),
            let contentKey = known.contentKey,
            try isHeard(contentKey, in: batch.connection)
        {
            guard until > .analysis else { return }
            try followAnalysis(
                of: trackID, contentKey, scanID: payload.scanID, priority, isNew: false, &consequence, &batch)
            return
        }
        let analyze = AnalyzeAudioPayload(
            trackID: trackID, filePath: outcome.filePath, rootPath: outcome.rootPath, scanID: payload.scanID,
            until: payload.until, size: outcome.facts.size, mtimeNs: outcome.facts.mtimeNs)
        consequence.tasks.append(
            NewTask(
                payload: .analyzeAudio(analyze), priority: priority,
                dedupeKey: DedupeKey.analyze(trackID: trackID, facts: outcome.facts)))
    }
}
