import Contracts
import Domain
import Foundation
import Telemetry
import UseCases

@testable import Persistence

/// A queue on a real database with clocks and chance in the test's hand, and a counting catalogue behind it.
struct QueueBench: Sendable {
    let database: any Database
    let stores: Stores
    let time: FakeTime
    let random: SeededRandom
    let sink: RecordingSink

    init(_ engine: Engine, mintsChains: Bool = false, seed: UInt64 = 1, lockFolder: String? = nil) async throws {
        try await self.init(engine.open(), mintsChains: mintsChains, seed: seed, lockFolder: lockFolder)
    }

    init(
        _ database: any Database, mintsChains: Bool = false, seed: UInt64 = 1, lockFolder: String? = nil,
        time: FakeTime = FakeTime(), isFirst: Bool = true, recorder: TraceRecorder? = nil
    ) async throws {
        self.database = database
        self.time = time
        let random = SeededRandom(seed: seed)
        self.random = random
        sink = RecordingSink(mintsChains: mintsChains)
        if isFirst { try await RecordingSink.createTables(in: database) }
        var housekeeping = Housekeeper.Options()
        housekeeping.graceSeconds = 0
        stores = try Stores(
            database: database, sink: sink, lockFolder: lockFolder, pollInterval: .milliseconds(20),
            clock: time.clock, leaseClock: time.leaseClock, random: { random.next() }, housekeeping: housekeeping,
            recorder: recorder)
    }

    var broker: DatabaseBroker { stores.broker }
    var tasks: DatabaseTaskStore { stores.tasks }
    var scans: DatabaseScanStore { stores.scans }
    var housekeeper: Housekeeper { stores.housekeeper }

    static let everyKind = Dictionary(uniqueKeysWithValues: TaskKind.allCases.map { ($0, $0.currentVersion) })

    @discardableResult
    func register(
        _ id: Int64 = 1, kinds: [TaskKind: Int] = everyKind, hold: WorkHold? = nil
    ) async throws -> Int64 {
        try await broker.register(
            WorkerRegistration(
                id: id, host: "test", processID: 1, roles: Role.allCases, kinds: kinds, slots: [:], version: "test",
                hold: hold))
        return id
    }

    func lease(
        _ worker: Int64 = 1, max: Int = 100, kinds: [TaskKind: Int] = everyKind, wait: Double = 0
    ) async throws -> [LeasedTask] {
        try await broker.lease(LeaseRequest(worker: worker, kinds: kinds, max: max, waitSeconds: wait))
    }

    func settle(_ leased: [LeasedTask], _ result: Settlement.Result, worker: Int64 = 1) async throws -> [Verdict] {
        try await broker.settle(leased.map { Settlement(lease: $0.lease, result: result) }, worker: worker)
    }

    @discardableResult
    func complete(_ leased: [LeasedTask], worker: Int64 = 1) async throws -> [Verdict] {
        try await broker.settle(
            leased.map { Settlement(lease: $0.lease, result: .completed(Self.outcome(of: $0.kind))) }, worker: worker)
    }

    func beat(_ worker: Int64 = 1, seconds: Double = 40) async throws {
        let held = try await tasks.workers().first { $0.registration.id == worker }?.running ?? []
        _ = try await broker.renew(Heartbeat(worker: worker, running: held, leaseSeconds: seconds, draining: false))
    }

    @discardableResult
    func submitNoop(_ priority: Priority = .normal, runAt: Int64? = nil, key: String? = nil) async throws -> Int64 {
        try await tasks.submit(
            NewTask(payload: .noop, priority: priority, runAt: runAt, dedupeKey: key), idempotencyKey: nil
        ).id
    }

    @discardableResult
    func submitIndex(_ name: String, _ priority: Priority = .normal) async throws -> Int64 {
        let path = FilePath("/music/\(name)")
        let payload = IndexFilePayload(filePath: path, rootPath: FilePath("/music"), scanID: nil, priority: nil)
        let task = NewTask(payload: .indexFile(payload), priority: priority, dedupeKey: "index \(path.display)")
        return try await tasks.submit(task, idempotencyKey: nil).id
    }

    func startScan(_ path: String = "/music", priority: Priority = .normal) async throws -> Scan {
        try await scans.addLibraryRoot(FilePath("/music"))
        return try await scans.startScan(
            NewScan(path: FilePath(path), mode: .quick, priority: priority, until: .vector), idempotencyKey: nil)
    }

    func state(_ id: Int64) async throws -> TaskState { try await tasks.task(id: id).task.state }

    /// A number from the database.
    func number(_ query: Query) async throws -> Int {
        try await database.read { connection in try connection.first(query) { Int($0.int(0) ?? 0) } ?? 0 }
    }

    func execute(_ query: Query) async throws {
        _ = try await database.write { try $0.execute(query) }
    }

    static func listing(_ names: some Sequence<String>, in folder: String = "/music") -> FolderListing {
        let facts = FileFacts(size: 1, mtimeNs: 1, inode: 1, device: 1)
        return FolderListing(
            path: FilePath(folder), files: names.map { ListedFile(name: Array($0.utf8), facts: facts) })
    }

    /// What a handler would answer; the counting catalogue looks at nothing but its kind.
    static func outcome(of kind: TaskKind) -> Outcome {
        switch kind {
        case .noop: .noopComplete
        case .deliverWebhook:
            .webhookDelivered(WebhookDeliveredOutcome(webhookID: 1, eventID: "e", verdict: .taken))
        case .submitListens: .listensSubmitted(ListensSubmittedOutcome(accountID: 1, target: .lastfm))
        case .scanLibrary:
            .scanComplete(
                ScanCompleteOutcome(scanID: "", rootUnavailable: false, vanishedFolderIDs: [], problems: []))
        case .indexFile:
            .indexComplete(
                IndexCompleteOutcome(
                    filePath: FilePath("/music/file"), rootPath: FilePath("/music"),
                    facts: FileFacts(size: 1, mtimeNs: 1, inode: 1, device: 1), metadata: TrackMetadata(),
                    properties: AudioProperties(codec: "mp3"), cover: nil))
        case .analyzeAudio: .analysisComplete(AnalysisCompleteOutcome(trackID: 1, contentKey: "key", analysis: nil))
        case .vectorizeTrack:
            .vectorComplete(
                VectorCompleteOutcome(trackID: 1, contentKey: "key", model: "acoustic-v1", vector: PackedFloats([1])))
        case .projectMap:
            .mapProjected(
                MapProjectedOutcome(
                    model: "acoustic-v1", vectors: 3,
                    basis: MapBasis(mean: [0, 0], axes: [[1, 0], [0, 1]], spread: 1)))
        case .downloadArtwork: .artworkAbsent(ArtworkAbsentOutcome(albumID: 1, problems: []))
        case .downloadTrack:
            .downloadComplete(
                DownloadCompleteOutcome(
                    downloadID: "d", filePath: FilePath("/music/file"), rootPath: FilePath("/music"), sizeBytes: 1))
        case .enrichTrack, .enrichAlbum, .enrichArtist:
            .enriched(EnrichedOutcome(kind: .track, id: 1, findings: [], waiting: []))
        case .vectorizeText:
            .textVectorComplete(
                TextVectorCompleteOutcome(
                    trackID: 1,
                    embedding: TextEmbedding(
                        space: EmbeddingSpace(model: "test:words", digest: "d", dimension: 1), vector: [1])))
        }
    }
}
