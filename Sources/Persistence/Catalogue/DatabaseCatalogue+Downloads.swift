import Contracts
import Domain
import UseCases

/// What the ends of downloads change, inside the queue's transactions.
extension DatabaseCatalogue {
    /// `download_complete`: the file is indexed next, as one that somebody asked for.
    func applyDownload(
        _ outcome: DownloadCompleteOutcome, _ completion: Completion, _ batch: inout CatalogueBatch
    ) throws -> Consequence {
        let state = DownloadRecord.State.done.rawValue
        try batch.connection.execute(
            """
            UPDATE download SET state = \(state), path = \(outcome.filePath.bytes), message = NULL,
                received_bytes = \(outcome.sizeBytes), size_bytes = \(outcome.sizeBytes), updated_at = \(batch.now)
            WHERE download_id = \(outcome.downloadID)
            """)
        let file = IndexFilePayload(
            filePath: outcome.filePath, rootPath: outcome.rootPath, scanID: nil, priority: completion.priority)
        return Consequence(tasks: [NewTask(payload: .indexFile(file), priority: completion.priority)])
    }

    /// The task of a download is a dead letter. One that was cancelled stays so.
    func failDownload(_ id: String, _ message: String, now: Int64, _ connection: any Connection) throws {
        let (failed, cancelled) = (DownloadRecord.State.failed.rawValue, DownloadRecord.State.cancelled.rawValue)
        try connection.execute(
            """
            UPDATE download SET state = \(failed), message = \(NameKey.cut(message, toBytes: NameKey.maxNameBytes)),
                updated_at = \(now)
            WHERE download_id = \(id) AND state <> \(cancelled)
            """)
    }
}
