import Contracts
import Crypto
import Domain

/// By what a dead letter is found when the same work ends once more: the first eight bytes of a SHA-256.
///
/// The same work is that on the same file or track, whatever it was queued for: a file that failed in a quick scan is
/// done when a full one indexed it, and when it was repaired meanwhile. Other tasks are the same by their dedupe key.
enum WorkNumber {
    /// Nil when nothing tells.
    static func of(_ payload: TaskPayload?, dedupeKey: String?) -> Int64? {
        switch payload {
        case .scanLibrary(let walk): number(.scanLibrary, walk.path.bytes)
        case .indexFile(let file): number(.indexFile, file.filePath.bytes)
        case .analyzeAudio(let track): ofTrack(track.trackID, model: "").analyze
        case .vectorizeTrack(let track): ofTrack(track.trackID, model: track.model ?? "").vectorize
        case .vectorizeText(let track): number(.vectorizeText, "\(track.trackID) \(track.model)".utf8)
        case .projectMap(let map): ofMap(map.model)
        case .downloadArtwork(let album): number(.downloadArtwork, "\(album.albumID)".utf8)
        case .downloadTrack(let download): number(.downloadTrack, download.downloadID.utf8)
        case .enrich(let question): number(question.kind.task, "\(question.id)".utf8)
        case .submitListens, .deliverWebhook, .noop, .noopChain, nil: dedupeKey.map { number(nil, $0.utf8) }
        }
    }

    /// Of the two tasks that listen to a track and make its vector.
    static func ofTrack(_ id: Int64, model: String) -> (analyze: Int64, vectorize: Int64) {
        (number(.analyzeAudio, "\(id)".utf8), number(.vectorizeTrack, "\(id) \(model)".utf8))
    }

    static func ofMap(_ model: String) -> Int64 { number(.projectMap, model.utf8) }

    private static func number(_ kind: TaskKind?, _ subject: some Sequence<UInt8>) -> Int64 {
        let digest = SHA256.hash(data: Array("\(kind?.rawValue ?? "key") ".utf8) + subject)
        return digest.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
