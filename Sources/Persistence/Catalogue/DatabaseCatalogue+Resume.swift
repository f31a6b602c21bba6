import Contracts
import Domain
import UseCases

/// Tracks whose chain was cut off: a scan that was cancelled or ended at an earlier stage, a worker that is gone.
extension DatabaseCatalogue {
    /// One scan takes up so many of them; what is left is taken up by the next one.
    static let maxResumed = 20_000

    /// The next step of every unfinished track in the scope. Steps that still wait in the queue have the same dedupe
    /// key, so nothing is done twice.
    func unfinishedTasks(_ scope: ScanScope, _ connection: any Connection) throws -> [NewTask] {
        guard scope.until > .index else { return [] }
        return try connection.all(Self.unfinished(scope, connection.dialect)) { row in
            let path = PartName.path(row.bytes(1), row.bytes(2))
            let facts = FileFacts(size: row.int(3) ?? 0, mtimeNs: row.int(4) ?? 0, inode: 0, device: 0)
            return (
                trackID: row.int(0) ?? 0, path: path, facts: facts, contentKey: row.text(5),
                isHeard: row.int(6) == CatalogueRows.pendingVector,
                stretch: row.int(7).flatMap { Stretch(beginUs: $0, endUs: row.int(8)) }
            )
        }.compactMap { track in
            guard track.isHeard, let contentKey = track.contentKey else {
                return analyze(track.trackID, track.path, track.facts, track.stretch, scope)
            }
            return try vectorize(track.trackID, contentKey, scope, connection)
        }
    }

    /// Each plus keeps the planner away from another index: few tracks are unfinished, most scopes are large.
    static func unfinished(_ scope: ScanScope, _ dialect: Dialect) -> Query {
        let last = scope.until == .vector ? CatalogueRows.pendingVector : CatalogueRows.pendingAnalysis
        return """
            SELECT track.id, (SELECT path FROM folder WHERE folder.id = track.folder_id), name, size, mtime_ns,
                content_key, pending, begin_us, end_us
            FROM track WHERE pending <= \(last) AND +state = 0
            AND +folder_id IN (SELECT id FROM folder WHERE \(scope.lists(dialect)))
            LIMIT \(maxResumed)
            """
    }

    private func analyze(
        _ trackID: Int64, _ path: FilePath, _ facts: FileFacts, _ stretch: Stretch?, _ scope: ScanScope
    ) -> NewTask {
        let payload = AnalyzeAudioPayload(
            trackID: trackID, filePath: path, rootPath: scope.rootPath, scanID: scope.id, until: scope.until,
            size: facts.size, mtimeNs: facts.mtimeNs, stretch: stretch)
        return NewTask(
            payload: .analyzeAudio(payload), priority: scope.priority,
            dedupeKey: DedupeKey.analyze(trackID: trackID, facts: facts, stretch: stretch))
    }

    private func vectorize(
        _ trackID: Int64, _ contentKey: String, _ scope: ScanScope, _ connection: any Connection
    ) throws -> NewTask? {
        guard let features = try StoredAnalysis.find(contentKey, connection)?.features else { return nil }
        let model = CatalogueRows.model
        let payload = VectorizeTrackPayload(
            trackID: trackID, model: model, scanID: scope.id, contentKey: contentKey, features: PackedFloats(features))
        return NewTask(
            payload: .vectorizeTrack(payload), priority: scope.priority,
            dedupeKey: DedupeKey.vectorize(trackID: trackID, contentKey: contentKey, model: model))
    }
}
