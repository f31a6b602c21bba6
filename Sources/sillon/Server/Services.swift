import API
import Audio
import Contracts
import Domain
import Files
import Foundation
import Hummingbird
import Integrations
import Logging
import NIOCore
import Persistence
import ServiceLifecycle
import Telemetry
import UseCases

/// The composition root: what the server and its workers are made of. Wiring only.
struct Services: Sendable {
    let settings: Settings
    let device: DeviceFindings
    let database: any Database
    let stores: Stores
    let similarity: SimilarTracks
    let map: TrackMap
    let media: MediaHostPool
    let transcoder: TranscodePool
    let presence: PlaybackPresence
    let textModels: [any TextEmbeddingModel]
    let backfill: TextBackfill
    let outside: OutsideServices
    let listening: ListeningServices
    let connections: ServiceConnections
    let nowPlaying: NowPlaying
    let keeper: RootKeeper
    let pictures: PictureHost
    let artworkSources: [any ArtworkSource]
    let artworkBackfill: ArtworkBackfill
    /// Nil where nothing is downloaded.
    let downloadSource: (any DownloadSource)?
    /// Services that are asked about music.
    let sources: [any MetadataSource]
    let logger: Logger
    /// Microseconds since the epoch.
    let startedAt: Int64
    /// Nil where no traces are made.
    let traces: TraceSetup?
    let report: ServiceReport

    /// Opens the database and brings its schema up.
    ///
    /// - Parameters:
    ///   - part: what this process is, for traces.
    ///   - report: hears what this process waits for.
    static func open(
        settings: Settings, part: String = "server", report: ServiceReport, logger: Logger
    ) async throws -> Services {
        try settings.checkVectorSearch()
        let startedAt = SystemClock.microseconds()
        // Before anything is made that counts.
        _ = MetricsSetup.registry
        let traces = TraceSetup(settings, part: part, logger: logger)
        let device = DeviceProbe().findings().settled(settings.deviceOverrides)
        let engine = try settings.database.open(
            settings, cacheKiB: device.profile.databaseCacheKiB, logger: logger)
        let database = MeteredDatabase(engine)
        try await DatabasePatience.wait(for: settings.database, logger: logger) {
            _ = try await SchemaUpgrade(database: database, dataFolder: settings.dataFolder).run()
        }
        let stores = try Stores(
            database: database, lockFolder: settings.dataFolder + "/workers", keyFile: settings.keyFile,
            textModels: settings.embedding.models.map(\.fullName),
            enrichmentSources: MetadataSourceSet.described(settings), clock: SystemClock.microseconds,
            recorder: traces?.recorder)
        let outside = OutsideServices(
            settings: settings.services, models: settings.embedding.models,
            gate: settings.embedding.redis.map { RedisServiceGate($0, beside: stores.services) } ?? stores.services)
        let textModels = TextModelSet.make(settings.embedding, outside, logger: logger)
        let vectors = settings.vectorSearch.open(engine, stores, logger: logger)
        let listening = ListeningServices(outside, site: settings.lastFMSite)
        var hosts = MediaHostSettings()
        hosts.tagSlots = device.profile.indexerSlots
        hosts.audioSlots = device.profile.audioSlots
        hosts.transcodeSlots = settings.maxTranscodes ?? device.profile.transcodeSlots
        hosts.wantsFingerprint = settings.wantsFingerprint
        hosts.analysis = settings.analysis
        let similarity = SimilarTracks(catalogue: stores.catalogue, vectors: vectors)
        let media = MediaHostPool(hosts, logger: logger)
        return Services(
            settings: settings, device: device, database: database, stores: stores, similarity: similarity,
            map: TrackMap(similarity: similarity, store: stores.map, logger: logger),
            media: media, transcoder: TranscodePool(hosts, logger: logger),
            presence: PlaybackPresence(sign: FileSign(path: settings.dataFolder + "/playing")),
            textModels: textModels,
            backfill: TextBackfill(models: textModels, store: stores.textVectors, logger: logger),
            outside: outside, listening: listening,
            connections: ServiceConnections(
                services: listening.signIns, store: stores.connections, clock: SystemClock.microseconds,
                random: Stores.systemRandom),
            nowPlaying: NowPlaying(
                targets: listening.targets, vault: stores.connections,
                track: { [stores] in try await stores.catalogue.track(id: $0) }, logger: logger),
            keeper: RootKeeper(
                scans: stores.scans,
                watcher: settings.watches
                    ? KernelWatcher(budget: WatchBudget(memoryBytes: device.profile.memoryBytes)) : nil,
                startedAt: startedAt, clock: SystemClock.microseconds, minuteOffset: SystemClock.minuteOffset,
                logger: logger),
            pictures: PictureHost(pool: media, folder: try CacheFolder(in: settings.dataFolder + "/pictures")),
            artworkSources: ArtworkSources.make(outside, site: settings.lastFMSite),
            artworkBackfill: ArtworkBackfill(
                store: stores.artwork,
                waiting: { try await stores.tasks.waiting(.downloader) },
                clock: SystemClock.microseconds, logger: logger),
            downloadSource: outside.downloadSource, sources: MetadataSourceSet.make(outside), logger: logger,
            startedAt: startedAt, traces: traces, report: report)
    }

    private var enrichmentBackfill: EnrichmentBackfill {
        EnrichmentBackfill(
            kinds: Set(sources.flatMap(\.kinds)), store: stores.enrichment,
            isIndexing: { [tasks = stores.tasks] in try await tasks.waiting(.indexer) > 0 },
            waiting: { [tasks = stores.tasks] in try await tasks.waiting(.downloader) }, logger: logger)
    }

    /// What an orchestrator tells: the queue of all processes, too.
    var orchestratorMetrics: MetricsPage {
        MetricsSetup.page(
            settings, more: [DatabaseFacts { [facts = stores.facts] in try await facts.read() }, similarity])
    }

    /// What an orchestrator does while nobody asks.
    var upkeep: [any Service] {
        [
            HousekeeperService(
                housekeeper: stores.housekeeper, database: database, loops: report.loops, logger: logger),
            historian(isKeeper: true),
            RootKeeperService(keeper: keeper),
            SimilarityService(similarity: similarity, map: map, logger: logger),
            DuplicateService(
                watch: DuplicateWatch(store: stores.duplicates, similarity: similarity, logger: logger),
                logger: logger),
            TextBackfillService(backfill: backfill),
            PlaylistImportService(
                playlists: PlaylistImport(
                    store: stores.playlistFiles, playlists: stores.playlists, scans: stores.scans,
                    files: LibraryFiles(), logger: logger), logger: logger),
            EnrichmentService(backfill: enrichmentBackfill),
            ListeningService(
                nowPlaying: nowPlaying, outboxes: stores.connections, connections: connections, logger: logger),
        ]
    }

    /// - Parameter isKeeper: True for an orchestrator.
    func historian(isKeeper: Bool) -> HistoryService {
        HistoryService(history: stores.history, isKeeper: isKeeper, logger: logger)
    }

    /// A worker, and what sees to it that it has something to do.
    func workers(roles: Set<Role>) -> [any Service] {
        let searching = roles.contains(.downloader) ? [ArtworkBackfillService(backfill: artworkBackfill)] : []
        let worker = worker(roles: roles)
        report.counts { [weak worker] in worker?.tasksInHand ?? 0 }
        return searching + [WorkerService(worker: worker)]
            + DeviceService.all(for: worker, roles: roles, device.profile, settings.hours, logger: logger)
    }

    func worker(roles: Set<Role>) -> Worker {
        let lanes = WorkLane.plan(
            roles: roles, profile: device.profile, hasTextModels: !textModels.isEmpty,
            services: outsideKinds)
        let registration = WorkerRegistration(roles: roles, lanes: lanes, profile: device.profile)
        let handlers = Handlers(
            walker: DirectoryWalker(), media: media, broker: stores.broker, models: [AcousticModel()],
            textModels: textModels, listenTargets: listening.targets, vault: stores.connections,
            downloadArtwork: DownloadArtwork(
                folders: SidecarPictures(), pictures: pictures, sources: artworkSources),
            downloadTrack: downloadTrack,
            deliverWebhook: DeliverWebhook(sender: outside.webhooks, vault: stores.webhooks), sources: sources,
            analysis: settings.analysis,
            wantsFingerprint: settings.wantsFingerprint,
            pauses: outside.pauses, clock: SystemClock.microseconds)
        return Worker(
            registration: registration, lanes: lanes, broker: stores.broker, handlers: handlers, logger: logger,
            recorder: traces?.recorder,
            heavyWork: HeavyWork(slotsWhilePlaying: device.profile.audioSlotsWhilePlaying, presence: presence),
            endMedia: { [media] in await media.shutdown() },
            loops: report.loops, onRegistered: { [report] in report.arrived(.worker) })
    }

    /// What services outside make possible here.
    private var outsideKinds: Set<TaskKind> {
        var kinds: Set<TaskKind> = [.submitListens, .downloadArtwork, .deliverWebhook]
        if downloadTrack != nil { kinds.insert(.downloadTrack) }
        return kinds.union(sources.flatMap(\.kinds).map(\.task))
    }

    private var webhooks: WebhookDesk {
        let caller = outside.webhooks
        return WebhookDesk(
            store: stores.webhooks, sender: caller, server: { try caller.server(of: $0) },
            clock: SystemClock.microseconds, random: Stores.systemRandom)
    }

    private var downloadTrack: DownloadTrack? {
        guard let source = downloadSource, let folders = settings.downloads.folders?.real else { return nil }
        return DownloadTrack(
            source: source, journal: stores.downloads, media: media,
            shelf: DownloadFolder(source: folders.source, root: folders.root), naming: settings.downloads.naming)
    }

    func application(
        metrics: MetricsPage? = nil, onServerRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<APIResponder> {
        let services = APIServices(
            scans: stores.scans, upkeep: keeper, tasks: stores.tasks, catalogue: stores.catalogue,
            browser: stores.browser, tokens: stores.tokens,
            accounts: stores.accounts, appPasswords: stores.appPasswords, credits: stores.credits,
            listening: stores.listening, playlists: stores.playlists, playlistFiles: stores.playlistFiles,
            playQueues: stores.playQueues,
            similarity: similarity,
            duplicates: Duplicates(store: stores.duplicates, catalogue: stores.catalogue), map: map,
            files: LibraryFiles(), transcoder: transcoder, presence: presence,
            semantic: SemanticSearch(models: textModels, store: stores.textVectors) { [stores] ids in
                try await stores.catalogue.tracks(ids: ids)
            },
            textModels: TextModels(models: textModels, store: stores.textVectors, backfill: backfill),
            outside: ServiceBoard(outside.configured, records: stores.services),
            covers: CoverVariants(
                catalogue: stores.catalogue, cache: PictureCache(folder: settings.dataFolder + "/covers"),
                pictures: pictures),
            downloads: downloadSource.map { DownloadDesk(store: stores.downloads, source: $0) },
            enrichment: stores.enrichment, fleet: Fleet(broker: stores.remoteBroker),
            connections: connections, nowPlaying: nowPlaying,
            changes: ChangeFeed { [database] in try await database.changeCounter() }, history: stores.history,
            announcements: stores.announcements, webhooks: webhooks, server: serverFacts,
            readiness: { await readiness() }, metrics: metrics,
            folder: FolderCheck.folder,
            version: Build.version, clock: SystemClock.microseconds)
        var options = APIOptions(host: settings.host, port: settings.port)
        options.logLevel = logger.logLevel
        options.recorder = traces?.recorder
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        return makeApplication(
            services: services, options: options, logger: quiet,
            onServerRunning: onServerRunning)
    }

    private var serverFacts: ServerFacts {
        ServerFacts(
            engine: database.dialect == .sqlite ? "SQLite" : "PostgreSQL",
            schema: Migration.all.map(\.version).max() ?? 0, dataFolder: settings.dataFolder, startedAt: startedAt,
            settings: settings.table, services: settings.services.described)
    }

    /// Ends the media hosts and closes the database. Nothing may use the services afterwards.
    func close() async {
        transcoder.shutdown()
        await media.shutdown()
        do {
            try await database.emptyLog()
        } catch {
            logger.info("The write-ahead log is kept: others use the database", metadata: [LogKeys.error: "\(error)"])
        }
        do {
            try database.close()
        } catch {
            logger.warning("Closing the database failed", metadata: [LogKeys.error: "\(error)"])
        }
    }

    private func readiness() async -> [String: String?] {
        do {
            _ = try await database.changeCounter()
            _ = try await stores.tasks.queues()
            return ["database": String?.none, "queue": String?.none]
        } catch {
            return ["database": "it does not answer"]
        }
    }
}

extension TaskStore {
    /// Tasks of a role that are yet to end. Those that wait for a service that is away count too: whoever fills the queue
    /// would fill it without end else.
    fileprivate func waiting(_ role: Role) async throws -> Int {
        let counts = try await queues().first { $0.role == role }?.counts ?? [:]
        return [.ready, .running, .scheduled].reduce(0) { $0 + (counts[$1] ?? 0) }
    }
}
