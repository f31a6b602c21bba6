import Contracts
import Domain

/// From payload to outcome: what each kind of task does. No handler touches the catalogue or the queue.
package struct Handlers: Sendable {
    private let scanLibrary: ScanLibrary
    private let indexFile: IndexFile
    private let analyzeAudio: AnalyzeAudio
    private let vectorizeTrack: VectorizeTrack
    private let vectorizeText: VectorizeText

    /// - Parameter models: the embedding models at hand, the default one first.
    /// - Parameter textModels: those that work on words.
    /// - Parameter analysis: how `media` listens.
    package init(
        walker: any FolderWalker, media: any MediaReader, files: any FileSource = LocalFiles(),
        broker: any ScanReporter & ContentLookup, models: [any EmbeddingModel],
        textModels: [any TextEmbeddingModel] = [], analysis: AnalysisMode = .full
    ) {
        scanLibrary = ScanLibrary(walker: walker, reporter: broker)
        indexFile = IndexFile(media: media, files: files)
        analyzeAudio = AnalyzeAudio(media: media, files: files, lookup: broker, mode: analysis)
        vectorizeTrack = VectorizeTrack(models: models)
        vectorizeText = VectorizeText(models: textModels)
    }

    /// How long there is no point in claiming tasks of these kinds: every service that they need is to be left alone.
    func pause(before kinds: [TaskKind]) -> Duration? {
        guard kinds == [.vectorizeText] else { return nil }
        guard let seconds = vectorizeText.models.map(\.pauseSeconds).min(), seconds > 0 else { return nil }
        return .seconds(min(seconds, Self.longestPauseSeconds))
    }

    private static let longestPauseSeconds: Double = 60

    /// Throws `Failure`, or `CancellationError` when the attempt was cancelled.
    package func handle(_ payload: TaskPayload, lease: Lease) async throws -> Outcome {
        switch payload {
        case .scanLibrary(let payload): .scanComplete(try await scanLibrary.run(payload, lease: lease))
        case .indexFile(let payload): .indexComplete(try await indexFile.run(payload, lease: lease))
        case .analyzeAudio(let payload): .analysisComplete(try await analyzeAudio.run(payload, lease: lease))
        case .vectorizeTrack(let payload): .vectorComplete(try vectorizeTrack.run(payload))
        case .vectorizeText(let payload): .textVectorComplete(try await vectorizeText.run(payload))
        case .noop, .noopChain: .noopComplete
        }
    }

    package struct IndexJob: Sendable {
        let payload: IndexFilePayload
        let lease: Lease
    }

    /// Reads many files; `each` is called once for every one, on any thread. Returns after the last call.
    package func index(
        _ files: [IndexJob], each: @escaping @Sendable (Int, Result<Outcome, any Error>) -> Void
    ) async {
        await indexFile.run(files) { place, result in each(place, result.map(Outcome.indexComplete)) }
    }
}
