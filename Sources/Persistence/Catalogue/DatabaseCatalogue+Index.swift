import Contracts
import Domain
import UseCases

/// `index_complete`: the tags of one file become a track, or as many as a sheet makes of it, and what follows from them.
extension DatabaseCatalogue {
    func applyIndex(
        _ outcome: IndexCompleteOutcome, _ completion: Completion, _ batch: inout CatalogueBatch
    ) throws -> Consequence {
        guard case .indexFile(let payload) = completion.payload else { return Consequence() }
        var consequence = Consequence()
        let folder = outcome.filePath.parent
        let folderID = try batch.folderID(folder)
        let name = outcome.filePath.lastComponent
        let known = try StoredTrack.rows(folderID: folderID, file: name, batch.connection)
        consequence.progress.indexed = 1
        if let newest = (known.first(where: \.isPresent) ?? known.first)?.facts.mtimeNs,
            outcome.facts.mtimeNs < newest, payload.acceptOlder != true
        {
            // A slow attempt saw the file as it was before: what is known is newer.
            return consequence
        }
        let sheet = try AppliedSheet(payload.cut, outcome, known)
        consequence.notice = sheet.refusal.map { "the sheet of \(outcome.filePath.display) was not applied: \($0)" }
        var written: Set<Int64> = []
        for piece in sheet.pieces(of: outcome) {
            let row = PartName(file: name, number: piece.number)
            let before = known.first { $0.place == row }
            let trackID = try TrackWriter(
                folder: folder, folderID: folderID, name: row.stored, stretch: piece.stretch
            ).write(piece.outcome, over: before, &batch)
            written.insert(trackID)
            if let before, !before.isPresent, before.contentKey != nil { batch.vectorChanged(trackID) }
            try follow(piece, payload, before, trackID, completion.priority, &consequence, &batch)
        }
        try sheet.record(on: written, known, &batch)
        try batch.forgetRejection(folderID: folderID, name: name)
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
        _ piece: AppliedSheet.Piece, _ payload: IndexFilePayload, _ known: StoredTrack?, _ trackID: Int64,
        _ priority: Priority, _ consequence: inout Consequence, _ batch: inout CatalogueBatch
    ) throws {
        let until = payload.until ?? .vector
        guard until > .index else { return }
        let outcome = piece.outcome
        if payload.refresh != true, let known, known.facts.looksUnchanged(from: outcome.facts),
            known.stretch == piece.stretch, let contentKey = known.contentKey,
            try isHeard(contentKey, in: batch.connection)
        {
            guard until > .analysis else { return }
            try followAnalysis(
                of: trackID, contentKey, scanID: payload.scanID, priority, isNew: false, &consequence, &batch)
            return
        }
        let analyze = AnalyzeAudioPayload(
            trackID: trackID, filePath: outcome.filePath, rootPath: outcome.rootPath, scanID: payload.scanID,
            until: payload.until, size: outcome.facts.size, mtimeNs: outcome.facts.mtimeNs, stretch: piece.stretch)
        consequence.tasks.append(
            NewTask(
                payload: .analyzeAudio(analyze), priority: priority,
                dedupeKey: DedupeKey.analyze(trackID: trackID, facts: outcome.facts, stretch: piece.stretch)))
    }
}
