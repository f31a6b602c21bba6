import Contracts
import Domain
import UseCases

/// Files that were tried and refused.
extension DatabaseCatalogue {
    /// Remembers a file whose content is to blame. A disk that fails or a root that is absent says nothing of a file.
    func recordDeath(of payload: TaskPayload, failure: Failure, now: Int64, in connection: any Connection) throws {
        switch payload {
        case .indexFile(let payload) where failure.blamesFile: try reject(payload, failure, now: now, connection)
        case .analyzeAudio(let payload) where failure.blamesFile: try giveUp(payload.trackID, connection)
        // Features that are not the model's stay so until the audio is analysed again.
        case .vectorizeTrack(let payload) where failure.blamesFile || failure.reason == .invalidPayload:
            try giveUp(payload.trackID, connection)
        // Asked again when the absence of a picture is.
        case .downloadArtwork(let payload):
            try noteAbsence(of: payload.albumID, [failure.message], now: now, connection)
        case .downloadTrack(let payload):
            try failDownload(payload.downloadID, failure.message, now: now, connection)
        case .enrich(let payload): try noteUnanswered(payload, now: now, connection)
        case .indexFile, .analyzeAudio, .vectorizeTrack, .vectorizeText, .projectMap, .submitListens, .scanLibrary,
            .deliverWebhook, .noop, .noopChain:
            break
        }
    }

    /// The track stays without analysis or vector until its file changes or a full scan asks again.
    private func giveUp(_ trackID: Int64, _ connection: any Connection) throws {
        try connection.execute("UPDATE track SET pending = NULL WHERE id = \(trackID)")
    }

    private func reject(
        _ payload: IndexFilePayload, _ failure: Failure, now: Int64, _ connection: any Connection
    ) throws {
        guard let size = payload.size, let mtimeNs = payload.mtimeNs else { return }
        var batch = CatalogueBatch(connection: connection, now: now)
        let folderID = try batch.folderID(payload.filePath.parent)
        let message = NameKey.cut(failure.message, toBytes: NameKey.maxNameBytes)
        try connection.execute(
            """
            INSERT INTO rejected_file (folder_id, name, size, mtime_ns, reason, message, rejected_at)
            VALUES (\(folderID), \(payload.filePath.lastComponent), \(size), \(mtimeNs), \(failure.reason.rawValue),
                \(message), \(now))
            ON CONFLICT (folder_id, name) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns,
                reason = excluded.reason, message = excluded.message, rejected_at = excluded.rejected_at
            """)
    }
}

extension Failure {
    /// True when trying the same bytes again would end the same way. Permissions are no part of the bytes: they may be
    /// mended, for the file or for a folder above it, and neither its size nor its time of change would tell.
    fileprivate var blamesFile: Bool {
        switch reason {
        case .notAFile, .unsupportedFormat, .corruptFile, .parserCrash, .parserTimeout, .parserMemory, .crashLoop:
            true
        case .invalidPayload, .fileGone, .outsideRoot, .unreadable, .fileChanged, .rootUnavailable, .ioError,
            .internalError, .modelMissing, .serviceBlocked, .serviceRefused, .signInAgain, .serviceError,
            .serviceUnavailable:
            false
        }
    }
}
