import Contracts
import Domain
import Logging
import Persistence
import Remote
import TestSupport
import UseCases

/// The two ways to the queue, each on every engine.
struct BrokerKind: CaseIterable, Sendable {
    enum Way: CaseIterable {
        case database, http
    }

    let way: Way
    let engine: Engine

    static var allCases: [BrokerKind] {
        Way.allCases.flatMap { way in Engine.available.map { BrokerKind(way: way, engine: $0) } }
    }
}

/// A broker of either kind, and what is behind it.
struct BrokerBench: Sendable {
    let server: FleetServer
    let broker: any TaskBroker

    static let everyKind = Dictionary(uniqueKeysWithValues: TaskKind.allCases.map { ($0, $0.currentVersion) })

    static func run(_ kind: BrokerKind, _ body: @Sendable (BrokerBench) async throws -> Void) async throws {
        try await FleetServer.run(kind.engine) { server in
            switch kind.way {
            case .database: try await body(BrokerBench(server: server, broker: server.stores.broker))
            case .http:
                try await connected(to: server.port, try await server.secret()) { connection in
                    try await body(BrokerBench(server: server, broker: RemoteBroker(server: connection)))
                }
            }
        }
    }

    /// A connection that is closed when `body` is done.
    static func connected(
        to port: Int, _ secret: String, _ body: @Sendable (ServerConnection) async throws -> Void
    ) async throws {
        var logger = Logger(label: "remote-tests")
        logger.logLevel = .critical
        let connection = try ServerConnection(
            address: ServerAddress("http://127.0.0.1:\(port)"), token: secret, logger: logger)
        do {
            try await body(connection)
            try await connection.close()
        } catch {
            try await connection.close()
            throw error
        }
    }

    var tasks: DatabaseTaskStore { server.stores.tasks }

    func register(
        _ id: Int64 = 1, kinds: [TaskKind: Int] = everyKind, version: String = "test", hold: WorkHold? = nil
    ) async throws {
        try await broker.register(
            WorkerRegistration(
                id: id, host: "test", processID: 1, roles: [.indexer, .audio, .vector], kinds: kinds,
                slots: [.audio: 2], version: version, hold: hold))
    }

    /// Of each living worker.
    func holds() async throws -> [WorkHold?] {
        try await tasks.workers().filter(\.isAlive).map(\.registration.hold)
    }

    func lease(
        _ worker: Int64 = 1, max: Int = 100, kinds: [TaskKind: Int] = everyKind, wait: Double = 0, token: Int64? = nil
    ) async throws -> [LeasedTask] {
        try await broker.lease(
            LeaseRequest(worker: worker, kinds: kinds, max: max, waitSeconds: wait, token: token))
    }

    func settle(
        _ leased: [LeasedTask], _ result: Settlement.Result = .completed(.noopComplete), worker: Int64 = 1
    ) async throws -> [Verdict] {
        try await broker.settle(
            leased.map { Settlement(lease: $0.lease, result: result, run: $0.run) }, worker: worker)
    }

    func beat(_ worker: Int64 = 1, holding ids: [Int64] = [], seconds: Double = 40) async throws -> [Int64] {
        try await broker.renew(Heartbeat(worker: worker, running: ids, leaseSeconds: seconds, draining: false))
    }

    @discardableResult
    func submitNoop() async throws -> Int64 {
        try await tasks.submit(NewTask(payload: .noop, priority: .normal), idempotencyKey: nil).id
    }

    @discardableResult
    func submitIndex(_ path: FilePath, size: Int64? = nil, mtimeNs: Int64? = nil) async throws -> Int64 {
        let payload = IndexFilePayload(
            filePath: path, rootPath: FilePath(server.root), scanID: nil, priority: nil, size: size, mtimeNs: mtimeNs)
        return try await tasks.submit(NewTask(payload: .indexFile(payload), priority: .normal), idempotencyKey: nil).id
    }

    /// Walks a folder from the start of the scan to its end; answers where the walk was asked to look.
    @discardableResult
    func walk(_ folder: FilePath, _ listings: [FolderListing], gone: [FilePath] = []) async throws -> [FilePath] {
        _ = try await server.stores.scans.startScan(
            NewScan(path: folder, mode: .quick, priority: .normal, until: .index), idempotencyKey: nil)
        let walks = try await lease(kinds: [.scanLibrary: 1])
        guard let walk = walks.first else { return [] }
        _ = try await broker.beginWalk(lease: walk.lease)
        let directive = try await broker.report(listings, lease: walk.lease)
        guard case .proceed(let suspects) = directive else { return [] }
        if !gone.isEmpty { _ = try await broker.report([], gone: gone, lease: walk.lease) }
        let end = ScanCompleteOutcome(scanID: "", rootUnavailable: false, vanishedFolderIDs: [], problems: [])
        _ = try await settle(walks, .completed(.scanComplete(end)))
        return suspects
    }

    func state(_ id: Int64) async throws -> TaskState { try await tasks.task(id: id).task.state }
    func ends(_ id: Int64) async throws -> [TaskRun.End] { try await tasks.task(id: id).runs.map(\.end) }
}
