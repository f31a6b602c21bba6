import Contracts
import Domain
import Telemetry

/// Listens to one file, unless its audio is known already: hashing the packets costs far less than decoding them.
struct AnalyzeAudio: Sendable {
    let media: any MediaReader
    let files: any FileSource
    let lookup: any ContentLookup
    /// How `media` listens.
    let mode: AnalysisMode
    /// `media` makes fingerprints, so an analysis without one is none.
    let wantsFingerprint: Bool

    func run(_ payload: AnalyzeAudioPayload, lease: Lease) async throws -> AnalysisCompleteOutcome {
        guard let path = payload.filePath, let root = payload.rootPath else {
            throw Failure(.invalidPayload, "file_path and root_path are missing")
        }
        guard payload.beginUs == nil && payload.endUs == nil || payload.stretch != nil else {
            throw Failure(.invalidPayload, "begin_us and end_us hold nothing between them")
        }
        let wanted = WantedFile(MediaFile(path: path, root: root), size: payload.size, mtimeNs: payload.mtimeNs)
        return try await files.reach(wanted, lease: lease) { try await listen(to: $0.file, for: payload) }
    }

    private func listen(
        to file: MediaFile, for payload: AnalyzeAudioPayload
    ) async throws -> AnalysisCompleteOutcome {
        if payload.refresh != true {
            let contentKey = try await media.contentKey(of: file, payload.stretch)
            let isKnown = try await isKnown(contentKey)
            Metrics.caches.lookups.count(.analysis, isKnown ? .hit : .miss)
            if isKnown {
                return AnalysisCompleteOutcome(
                    trackID: payload.trackID, contentKey: contentKey, analysis: nil, beginUs: payload.beginUs)
            }
        }
        let analysis = try await media.analyze(file, payload.stretch)
        return AnalysisCompleteOutcome(
            trackID: payload.trackID, contentKey: analysis.contentKey, analysis: analysis,
            beginUs: payload.beginUs)
    }

    private func isKnown(_ contentKey: String) async throws -> Bool {
        for version in mode.sufficient
        where try await lookup.hasAnalysis(
            contentKey: contentKey, version: version, withFingerprint: wantsFingerprint)
        {
            return true
        }
        return false
    }
}
