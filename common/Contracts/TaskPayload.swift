import Domain
import Foundation

/// A payload that this build understands, whatever version it was written in.
package enum TaskPayload: Hashable, Sendable {
    case scanLibrary(ScanLibraryPayload)
    case indexFile(IndexFilePayload)
    case analyzeAudio(AnalyzeAudioPayload)
    case vectorizeTrack(VectorizeTrackPayload)
    case vectorizeText(VectorizeTextPayload)
    case projectMap(ProjectMapPayload)
    case submitListens(SubmitListensPayload)
    case downloadArtwork(DownloadArtworkPayload)
    case downloadTrack(DownloadTrackPayload)
    case enrich(EnrichPayload)
    case deliverWebhook(DeliverWebhookPayload)
    case noop
    case noopChain(NoopChain)

    package var kind: TaskKind {
        switch self {
        case .scanLibrary: .scanLibrary
        case .indexFile: .indexFile
        case .analyzeAudio: .analyzeAudio
        case .vectorizeTrack: .vectorizeTrack
        case .vectorizeText: .vectorizeText
        case .projectMap: .projectMap
        case .submitListens: .submitListens
        case .downloadArtwork: .downloadArtwork
        case .downloadTrack: .downloadTrack
        case .enrich(let payload): payload.kind.task
        case .deliverWebhook: .deliverWebhook
        case .noop, .noopChain: .noop
        }
    }

    package enum Problem: Error, Hashable {
        /// Written by a newer build: the task waits for a worker that knows this version.
        case versionTooNew(Int)
        case malformed(String)
    }

    /// Reads the payload of a task, lifting older versions to the current one (`Upcasters`).
    package static func decode(kind: TaskKind, version: Int, json: String) throws(Problem) -> TaskPayload {
        guard version >= 1 else { throw .malformed("version must be 1 or more") }
        guard version <= kind.currentVersion else { throw .versionTooNew(version) }
        if kind == .indexFile, version == kind.currentVersion, let payload = IndexFilePayload(flat: json) {
            return .indexFile(payload)
        }
        if kind == .noop { return try NoopChain(flat: json).map(TaskPayload.noopChain) ?? .noop }
        do {
            let data = try Upcasters.lift(kind: kind, from: version, json: Data(json.utf8))
            let decoder = JSONDecoder()
            switch kind {
            case .scanLibrary: return .scanLibrary(try decoder.decode(ScanLibraryPayload.self, from: data))
            case .indexFile: return .indexFile(try decoder.decode(IndexFilePayload.self, from: data))
            case .analyzeAudio: return .analyzeAudio(try decoder.decode(AnalyzeAudioPayload.self, from: data))
            case .vectorizeTrack: return .vectorizeTrack(try decoder.decode(VectorizeTrackPayload.self, from: data))
            case .vectorizeText: return .vectorizeText(try decoder.decode(VectorizeTextPayload.self, from: data))
            case .projectMap: return .projectMap(try decoder.decode(ProjectMapPayload.self, from: data))
            case .submitListens: return .submitListens(try decoder.decode(SubmitListensPayload.self, from: data))
            case .downloadArtwork: return .downloadArtwork(try decoder.decode(DownloadArtworkPayload.self, from: data))
            case .downloadTrack: return .downloadTrack(try decoder.decode(DownloadTrackPayload.self, from: data))
            case .enrichTrack, .enrichAlbum, .enrichArtist:
                let payload = try decoder.decode(EnrichPayload.self, from: data)
                guard payload.kind.task == kind else {
                    throw Problem.malformed("it is about a \(payload.kind.rawValue)")
                }
                return .enrich(payload)
            case .deliverWebhook: return .deliverWebhook(try decoder.decode(DeliverWebhookPayload.self, from: data))
            case .noop: return .noop
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .malformed(ContractJSON.explain(error))
        }
    }

    /// The current version's JSON, keys sorted so that equal payloads are equal text.
    package func json() -> String {
        switch self {
        case .scanLibrary(let payload): ContractJSON.encode(payload)
        case .indexFile(let payload): payload.flatJSON() ?? ContractJSON.encode(payload)
        case .analyzeAudio(let payload): ContractJSON.encode(payload)
        case .vectorizeTrack(let payload): ContractJSON.encode(payload)
        case .vectorizeText(let payload): ContractJSON.encode(payload)
        case .projectMap(let payload): ContractJSON.encode(payload)
        case .submitListens(let payload): ContractJSON.encode(payload)
        case .downloadArtwork(let payload): ContractJSON.encode(payload)
        case .downloadTrack(let payload): ContractJSON.encode(payload)
        case .enrich(let payload): ContractJSON.encode(payload)
        case .deliverWebhook(let payload): ContractJSON.encode(payload)
        case .noop: "{}"
        case .noopChain(let chain): chain.json()
        }
    }
}
