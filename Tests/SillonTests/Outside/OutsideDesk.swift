import Audio
import Contracts
import Domain
import Files
import Foundation
import Integrations
import TestSupport
import Testing

@testable import Persistence
@testable import UseCases
@testable import sillon

/// A library with one album on a database of its own, the services as the program wires them, and a worker that the test
/// moves: it leases what is due, runs the real handlers, and settles.
final class OutsideDesk: Sendable {
    let stores: Stores
    let outside: OutsideServices
    let handlers: Handlers
    let time: OutsideTime
    private let media: MediaHostPool
    private let account: Int64
    /// Whom the services know.
    private let users: [ServiceID: ServiceAccount]
    private let album: DeskAlbum
    private let worker: Int64
    private let folder: String

    static let kinds: [TaskKind] = [.submitListens, .downloadArtwork, .downloadTrack] + WorkLane.questions

    init(
        settings: ServiceSettings, network: ServiceNetwork, time: OutsideTime, clock: ServiceClock,
        users: [ServiceID: ServiceAccount], folder: String, redis: RedisAddress? = nil, beside other: OutsideDesk? = nil
    ) async throws {
        (self.time, self.users, self.folder) = (time, users, folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let database = try SQLiteDatabase(path: (other?.folder ?? folder) + "/sillon.db")
        try await Migrator(database: database).up(now: 0)
        stores = try Stores(
            database: database, lockFolder: nil, keyFile: KeyFile(path: folder + "/" + KeyFile.name, isOwn: true),
            enrichmentSources: Self.sources(settings), clock: time.microseconds)
        let records = stores.services
        let gate: any ServiceGate = redis.map { RedisServiceGate($0, beside: records, clock: clock) } ?? records
        outside = OutsideServices(settings: settings, models: [], gate: gate, clock: clock, network: network)
        var hosts = MediaHostSettings()
        hosts.executable = SillonExecutable.path
        media = MediaHostPool(hosts)
        handlers = try Self.handlers(stores, outside, media, time, folder)
        if let other {
            (album, account, worker) = (other.album, other.account, other.worker + 1)
        } else {
            album = try await DeskAlbum(in: database)
            account = try await stores.accounts.addAccount(NewAccount(name: "Ada", role: .admin, password: nil)).id
            worker = 1
        }
        try await stores.broker.register(
            WorkerRegistration(
                id: worker, host: "test", processID: 1, roles: [.downloader],
                kinds: Dictionary(uniqueKeysWithValues: Self.kinds.map { ($0, 1) }), slots: [:], version: "test"))
    }

    private static func sources(_ settings: ServiceSettings) -> [EnrichmentSource] {
        let outside = OutsideServices(settings: settings, models: [], gate: LocalServiceGate())
        return MetadataSourceSet.make(outside).map {
            EnrichmentSource(source: $0.source, kinds: $0.kinds, language: $0.language)
        }
    }

    private static func handlers(
        _ stores: Stores, _ outside: OutsideServices, _ media: MediaHostPool, _ time: OutsideTime, _ folder: String
    ) throws -> Handlers {
        let site = try ServiceAddress(LastFM.defaultSite)
        // The archive alone: where it fails, another one may have the picture.
        let archive = ArtworkSources.make(outside, site: site).filter { $0.source == .coverart }
        let naming = try #require(LibraryName(template: LibraryName.defaultTemplate))
        let pictures = PictureHost(pool: media, folder: try CacheFolder(in: folder + "/pictures"))
        return Handlers(
            walker: DirectoryWalker(), media: media, broker: stores.broker, models: [],
            listenTargets: ListeningServices(outside, site: site).targets, vault: stores.connections,
            downloadArtwork: DownloadArtwork(folders: SidecarPictures(), pictures: pictures, sources: archive),
            downloadTrack: outside.downloadSource.map {
                DownloadTrack(
                    source: $0, journal: stores.downloads, media: media,
                    shelf: DownloadFolder(source: FilePath(folder), root: FilePath(folder)),
                    naming: naming)
            },
            sources: MetadataSourceSet.make(outside), pauses: outside.pauses, clock: time.microseconds)
    }

    func close() async { await media.shutdown() }

    /// In seconds from now; nil when all is done.
    func nextTurn(of task: Int64) async throws -> Double? {
        try await self.task(task).runAt.map { max(0, Double($0 - time.microseconds()) / 1_000_000) }
    }

    // MARK: Tasks

    func submit(_ errand: Errand) async throws -> Int64 {
        switch errand {
        case .lastFMFacts: try await enrich(.artist, album.artistID, errand)
        case .listenBrainzFacts, .napsterFacts: try await enrich(.track, album.trackID, errand)
        case .musicBrainzFacts: try await enrich(.album, album.id, errand)
        case .coverArt:
            try await submit(.downloadArtwork(DownloadArtworkPayload(albumID: album.id)))
        case .lastFMListens, .listenBrainzListens: try await listen(errand)
        case .slskdDownload:
            try await stores.downloads.begin(DeskAlbum.download, .any, idempotencyKey: nil).taskID ?? 0
        }
    }

    private func submit(_ payload: TaskPayload) async throws -> Int64 {
        try await stores.tasks.submit(NewTask(payload: payload, priority: .normal), idempotencyKey: nil).id
    }

    private func enrich(_ kind: OutsideSubject.Kind, _ id: Int64, _ errand: Errand) async throws -> Int64 {
        try await submit(.enrich(EnrichPayload(kind: kind, id: id, sources: [errand.service])))
    }

    /// Connects the account and plays the track.
    private func listen(_ errand: Errand) async throws -> Int64 {
        _ = try await stores.connections.connect(
            errand.service, as: try #require(users[errand.service]), account: account)
        _ = try await stores.listening.report(
            PlayReport(
                trackID: album.trackID, submission: .finished, startedAt: time.microseconds() - 1_000_000_000,
                playedMs: 200_000), account: account)
        let waiting = try await stores.tasks.tasks(TaskFilter(), page: PageRequest(limit: 100)).items
        return try #require(
            waiting.first { $0.kind == .submitListens && $0.payload.contains(errand.service.rawValue) }
        ).id
    }

    /// Leases what is due and runs it, one after the other. Answers how many there were.
    @discardableResult
    func work(_ kinds: [TaskKind] = OutsideDesk.kinds) async throws -> Int {
        let awake = handlers.awake(kinds).kinds
        guard !awake.isEmpty else { return 0 }
        let tasks = try await stores.broker.lease(
            LeaseRequest(
                worker: worker, kinds: Dictionary(uniqueKeysWithValues: awake.map { ($0, 1) }), max: 20,
                waitSeconds: 0))
        for task in tasks {
            let result = await run(task)
            _ = try await stores.broker.settle(
                [Settlement(lease: task.lease, result: result, run: task.run)], worker: worker)
        }
        return tasks.count
    }

    private func run(_ task: LeasedTask) async -> Settlement.Result {
        switch task.readPayload() {
        case .failure(let refusal): return refusal.result
        case .success(let payload):
            do {
                return .completed(try await handlers.handle(payload, lease: task.lease, run: task.run))
            } catch {
                return Settlement.Result(.failure(error))
            }
        }
    }

    func task(_ id: Int64) async throws -> TaskRecord { try await stores.tasks.task(id: id).task }

    /// As `/v1/services` shows it.
    func status(of service: ServiceID) async throws -> ServiceStatus {
        let all = try await ServiceBoard(outside.configured, records: stores.services).services()
        return try #require(all.first { $0.name == service.rawValue })
    }
}
