import Audio
import Domain
import Files
import Foundation
import Integrations
import Logging
import Remote
import ServiceLifecycle
import Telemetry
import UseCases

/// The composition root of a worker that has no database: it works for a server elsewhere. Wiring only.
struct RemoteWorker: Sendable {
    struct Options: Sendable {
        var roles: Set<Role>
        var map: PathMap
        /// Where fetched files lie for a while.
        var cacheFolder: String
        /// Bytes.
        var cacheLimit: Int64
        /// A file with certificates to trust besides those of the system.
        var certificates: String?
        var analysis: AnalysisMode
        var hours: WorkHours
        var deviceOverrides = DeviceProfile.Overrides()
        var wantsFingerprint = false
        var embedding: EmbeddingSettings
        var services: ServiceSettings
        /// Nil where no traces are made.
        var recorder: TraceRecorder?
    }

    let worker: Worker
    /// Holds it back where its device asks for that.
    let upkeep: [any Service]
    private let server: ServerConnection
    private let media: MediaHostPool
    private let logger: Logger

    /// Heartbeats carry cancellations, so they come more often than on the database; a lease outlives eight of them.
    private static let timing: Worker.Timing = {
        var timing = Worker.Timing()
        timing.heartbeat = .seconds(5)
        timing.heartbeatsPerIdleRenewal = 4
        timing.leaseHeartbeats = 8
        timing.brokerGivesUp = false
        return timing
    }()

    init(
        address: ServerAddress, token: Secret, options: Options, report: ServiceReport, logger: Logger
    ) throws {
        var connection = ServerConnection.Options()
        connection.certificates = options.certificates
        let profile = DeviceProbe().findings().settled(options.deviceOverrides).profile
        let lanes = Self.lanes(options, profile)
        // Each lane waits on a connection of its own; heartbeats, results and downloads must not wait for those.
        connection.connections += lanes.count
        server = try ServerConnection(address: address, token: token.value, options: connection, logger: logger)
        var hosts = MediaHostSettings()
        hosts.tagSlots = profile.indexerSlots
        hosts.audioSlots = profile.audioSlots
        hosts.wantsFingerprint = options.wantsFingerprint
        hosts.analysis = options.analysis
        media = MediaHostPool(hosts, logger: logger)
        self.logger = logger
        let broker = RemoteBroker(server: server)
        let files = RemoteFiles(
            map: options.map, server: server, folder: try CacheFolder(in: options.cacheFolder),
            slots: profile.audioSlots + profile.indexerSlots, bytesMax: options.cacheLimit, logger: logger)
        // Without a database only a Redis can count what all workers ask for together.
        let closed = ClosedServiceGate()
        let outside = OutsideServices(
            settings: options.services, models: options.embedding.models,
            gate: options.embedding.redis.map { RedisServiceGate($0, beside: closed) } ?? closed)
        let handlers = Handlers(
            walker: MappedWalker(options.map, walker: DirectoryWalker()), media: media, files: files, broker: broker,
            models: [AcousticModel()], textModels: TextModelSet.make(options.embedding, outside, logger: logger),
            analysis: options.analysis, wantsFingerprint: options.wantsFingerprint, pauses: outside.pauses)
        worker = Worker(
            registration: WorkerRegistration(roles: options.roles, lanes: lanes, profile: profile), lanes: lanes,
            broker: broker, handlers: handlers, timing: Self.timing, logger: logger, recorder: options.recorder,
            heavyWork: HeavyWork(slotsWhilePlaying: profile.audioSlots, presence: PlaybackPresence()),
            endMedia: { [media] in await media.shutdown() }, loops: report.loops,
            onRegistered: { report.says("Working for \(address.url)") })
        // Weak: the worker's files go when nobody holds them any more.
        report.counts { [weak worker] in worker?.tasksInHand ?? 0 }
        upkeep = DeviceService.all(for: worker, roles: options.roles, profile, options.hours, logger: logger)
    }

    /// A folder can be walked only where it is mapped.
    private static func lanes(_ options: Options, _ profile: DeviceProfile) -> [WorkLane] {
        let lanes = WorkLane.plan(
            roles: options.roles, profile: profile, hasTextModels: !options.embedding.models.isEmpty)
        return options.map.isEmpty ? lanes.filter { $0.kinds != [.scanLibrary] } : lanes
    }

    func close() async {
        await media.shutdown()
        do {
            try await server.close()
        } catch {
            logger.debug("Closing the connections failed", metadata: [LogKeys.error: "\(error)"])
        }
    }
}
