import Contracts
import Domain
import UseCases

/// Fills in what the sender of a task left out, so that a worker needs no database.
extension DatabaseCatalogue {
    func complete(_ payload: TaskPayload, in connection: any Connection) throws -> TaskPayload {
        switch payload {
        case .scanLibrary, .projectMap, .downloadTrack, .noop, .noopChain: return payload
        case .indexFile(var payload):
            payload.rootPath = try root(of: payload.filePath, asked: payload.rootPath, connection)
            return .indexFile(payload)
        case .analyzeAudio(var payload):
            let track = try StoredTrack.find(payload.trackID, connection)
            let path = try payload.filePath ?? path(of: payload.trackID, connection)
            payload.filePath = path
            // A part is never heard as the whole file, whoever asks.
            payload.beginUs = track?.stretch?.beginUs
            payload.endUs = track?.stretch?.endUs
            payload.rootPath = try root(of: path, asked: payload.rootPath, connection)
            return .analyzeAudio(payload)
        case .vectorizeTrack(let payload):
            return .vectorizeTrack(try complete(payload, connection))
        case .vectorizeText(let payload):
            return .vectorizeText(try complete(payload, connection))
        case .submitListens:
            throw StoreError.preconditionFailed("what was listened to is submitted by the outbox alone")
        case .deliverWebhook:
            throw StoreError.preconditionFailed("webhooks are told by what happens alone")
        case .downloadArtwork(let payload):
            return .downloadArtwork(try complete(payload, connection))
        case .enrich(let payload):
            return .enrich(try complete(payload, connection))
        }
    }

    /// A sender may narrow the folder that nothing is opened outside of, never widen it.
    private func root(of path: FilePath, asked: FilePath?, _ connection: any Connection) throws -> FilePath {
        guard path.isCanonical else {
            throw StoreError.preconditionFailed(
                "\"\(path.display)\" is no absolute path without empty, \".\" and \"..\" parts")
        }
        guard let root = try roots(connection).first(where: { $0.contains(path) }) else {
            throw StoreError.preconditionFailed("\"\(path.display)\" lies in no library root")
        }
        guard let asked, asked.isCanonical, root.contains(asked), asked.contains(path) else { return root }
        return asked
    }

    func file(of payload: TaskPayload, in connection: any Connection) throws -> FilePath? {
        switch payload {
        case .scanLibrary, .projectMap, .submitListens, .downloadArtwork, .downloadTrack, .deliverWebhook, .noop,
            .noopChain:
            nil
        case .enrich(let payload): try payload.kind == .track ? knownPath(of: payload.id, connection) : nil
        case .indexFile(let payload): payload.filePath
        case .analyzeAudio(let payload): try payload.filePath ?? knownPath(of: payload.trackID, connection)
        case .vectorizeTrack(let payload): try knownPath(of: payload.trackID, connection)
        case .vectorizeText(let payload): try knownPath(of: payload.trackID, connection)
        }
    }

    private func path(of trackID: Int64, _ connection: any Connection) throws -> FilePath {
        guard let path = try knownPath(of: trackID, connection) else {
            throw StoreError.preconditionFailed("there is no track \(trackID)")
        }
        return path
    }

    private func knownPath(of trackID: Int64, _ connection: any Connection) throws -> FilePath? {
        try connection.first(
            """
            SELECT folder.path, track.name FROM track JOIN folder ON folder.id = track.folder_id
            WHERE track.id = \(trackID)
            """
        ) { row in PartName.path(row.bytes(0), row.bytes(1)) }
    }

    private func complete(
        _ payload: VectorizeTrackPayload, _ connection: any Connection
    ) throws -> VectorizeTrackPayload {
        var payload = payload
        payload.model = payload.model ?? CatalogueRows.model
        guard payload.contentKey == nil || payload.features == nil else { return payload }
        guard let track = try StoredTrack.find(payload.trackID, connection) else {
            throw StoreError.preconditionFailed("there is no track \(payload.trackID)")
        }
        guard let contentKey = track.contentKey, let analysis = try StoredAnalysis.find(contentKey, connection) else {
            throw StoreError.preconditionFailed("track \(payload.trackID) is not analysed yet")
        }
        guard let features = analysis.features else {
            throw StoreError.preconditionFailed(
                "track \(payload.trackID) has no features to make a vector of: its audio is silent or too short")
        }
        payload.contentKey = contentKey
        payload.features = PackedFloats(features)
        return payload
    }
}
