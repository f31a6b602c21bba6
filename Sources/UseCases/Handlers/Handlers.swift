import Contracts
import Domain
import Telemetry

/// Seconds until each service may be asked; 0 for now.
package typealias ServicePauses = [ServiceID: @Sendable () -> Double]

/// From payload to outcome: what each kind of task does. No handler touches the catalogue or the queue.
package struct Handlers: Sendable {
    private let scanLibrary: ScanLibrary
    private let indexFile: IndexFile
    private let analyzeAudio: AnalyzeAudio
    private let vectorizeTrack: VectorizeTrack
    private let vectorizeText: VectorizeText
    private let submitListens: SubmitListens
    private let pauses: ServicePauses
    private let downloadArtwork: DownloadArtwork?
    private let downloadTrack: DownloadTrack?
    private let enrich: Enrich
    private let deliverWebhook: DeliverWebhook?

    /// - Parameter models: the embedding models at hand, the default one first.
    /// - Parameter textModels: those that work on words.
    /// - Parameter listenTargets: services that are told of listens, and `vault` what opens accounts there.
    /// - Parameter downloadArtwork: nil where no album gets a picture from elsewhere.
    /// - Parameter downloadTrack: nil where nothing is downloaded.
    /// - Parameter deliverWebhook: nil where nobody is told of events.
    /// - Parameter sources: services that know something of music.
    /// - Parameter analysis: how `media` listens.
    /// - Parameter wantsFingerprint: whether `media` makes fingerprints.
    /// - Parameter pauses: of the services at hand, for the kinds of tasks that need one.
    package init(
        walker: any FolderWalker, media: any MediaReader, files: any FileSource = LocalFiles(),
        broker: any ScanReporter & ContentLookup, models: [any EmbeddingModel],
        textModels: [any TextEmbeddingModel] = [], listenTargets: [any ScrobbleTarget & ListenHistory] = [],
        vault: (any CredentialVault)? = nil, downloadArtwork: DownloadArtwork? = nil,
        downloadTrack: DownloadTrack? = nil, deliverWebhook: DeliverWebhook? = nil, sources: [any MetadataSource] = [],
        analysis: AnalysisMode = .full,
        wantsFingerprint: Bool = false, pauses: ServicePauses = [:], clock: @escaping MicrosecondClock = { 0 },
        unit: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        scanLibrary = ScanLibrary(walker: walker, reporter: broker)
        indexFile = IndexFile(media: media, files: files)
        analyzeAudio = AnalyzeAudio(
            media: media, files: files, lookup: broker, mode: analysis, wantsFingerprint: wantsFingerprint)
        vectorizeTrack = VectorizeTrack(models: models)
        vectorizeText = VectorizeText(models: textModels)
        submitListens = SubmitListens(targets: listenTargets, vault: vault)
        enrich = Enrich(sources: sources, clock: clock, unit: unit)
        self.pauses = pauses
        self.downloadArtwork = downloadArtwork
        self.downloadTrack = downloadTrack
        self.deliverWebhook = deliverWebhook
    }

    /// Those of the kinds that there is a point in claiming: some service that they need may be asked. When it is none,
    /// the time until one may be.
    func awake(_ kinds: [TaskKind]) -> (kinds: [TaskKind], pause: Duration) {
        let waits = kinds.map { ($0, pauseSeconds(before: $0)) }
        let seconds = waits.map(\.1).min() ?? 0
        return (waits.filter { $0.1 == 0 }.map(\.0), .seconds(min(seconds, Self.longestPauseSeconds)))
    }

    private func pauseSeconds(before kind: TaskKind) -> Double {
        if kind == .vectorizeText { return vectorizeText.models.map(\.pauseSeconds).min() ?? 0 }
        var services = kind.services
        if WorkLane.questions.contains(kind) {
            // One that nobody set up is never away, and answers nothing.
            let asked = enrich.sources.filter { $0.kinds.contains { $0.task == kind } }.map(\.source)
            services = services.filter(asked.contains)
        }
        return services.compactMap { pauses[$0]?() }.min() ?? 0
    }

    private static let longestPauseSeconds: Double = 60

    /// Throws `Failure`, or `CancellationError` when the attempt was cancelled.
    /// - Parameter run: 1 when the task was never begun before.
    package func handle(_ payload: TaskPayload, lease: Lease, run: Int = 1) async throws -> Outcome {
        switch payload {
        case .scanLibrary(let payload): .scanComplete(try await scanLibrary.run(payload, lease: lease))
        case .indexFile(let payload): .indexComplete(try await indexFile.run(payload, lease: lease))
        case .analyzeAudio(let payload): .analysisComplete(try await analyzeAudio.run(payload, lease: lease))
        case .vectorizeTrack(let payload): .vectorComplete(try vectorizeTrack.run(payload))
        case .vectorizeText(let payload): .textVectorComplete(try await vectorizeText.run(payload, run: run))
        case .projectMap(let payload): .mapProjected(try ProjectMap().run(payload))
        case .submitListens(let payload): .listensSubmitted(try await submitListens.run(payload, run: run))
        case .downloadArtwork(let payload): try await Self.here(downloadArtwork).run(payload, run: run)
        case .downloadTrack(let payload): .downloadComplete(try await Self.here(downloadTrack).run(payload))
        case .enrich(let payload): .enriched(try await enrich.run(payload, run: run))
        case .deliverWebhook(let payload): .webhookDelivered(try await Self.here(deliverWebhook).run(payload))
        case .noop, .noopChain: .noopComplete
        }
    }

    /// A worker has no lane for what it cannot do; a task that comes all the same waits for another worker.
    private static func here<Handler>(_ handler: Handler?) throws(Failure) -> Handler {
        guard let handler else {
            throw Failure(.serviceUnavailable, "no service for this is configured where it was tried")
        }
        return handler
    }

    package struct IndexJob: Sendable {
        let payload: IndexFilePayload
        let lease: Lease
        let work: WorkContext
    }

    /// Reads many files; `each` is called once for every one, on any thread. Returns after the last call.
    package func index(
        _ files: [IndexJob], each: @escaping @Sendable (Int, Result<Outcome, any Error>) -> Void
    ) async {
        await indexFile.run(files) { place, result in each(place, result.map(Outcome.indexComplete)) }
    }
}
