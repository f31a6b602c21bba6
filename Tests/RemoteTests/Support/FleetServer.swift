import API
import Domain
import Files
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import TestSupport
import UseCases

@testable import Persistence

/// The API over a real database, on a socket of this machine. It can be stopped and started again on the same port.
final class FleetServer: Sendable {
    let stores: Stores
    let time: TestTime
    /// Where the library lies.
    let root: String
    private let database: any Database
    /// Dropped after its last connection has gone.
    private let host: ServerDatabase?
    private let running = Mutex<(group: ServiceGroup, task: Task<Void, any Error>)?>(nil)
    private let portNumber = Mutex(0)

    var port: Int { portNumber.withLock { $0 } }

    init(_ engine: Engine = .sqlite) async throws {
        let folder = NSTemporaryDirectory() + "sillon-remote-\(UUID().uuidString.prefix(8))"
        root = folder + "/music"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        time = TestTime()
        host = engine == .postgres ? try ServerDatabase() : nil
        if let host {
            database = PostgresDatabase(try PostgresURL(host.url))
        } else {
            database = try SQLiteDatabase(path: folder + "/sillon.db")
        }
        try await Migrator(database: database).up(now: 0)
        var housekeeping = Housekeeper.Options()
        housekeeping.graceSeconds = 0
        stores = try Stores(
            database: database, sink: nil, lockFolder: nil, pollInterval: .milliseconds(20), clock: time.clock,
            leaseClock: time.leaseClock, random: Stores.systemRandom, housekeeping: housekeeping)
        try await stores.scans.addLibraryRoot(FilePath(root))
    }

    func start() async throws {
        let stores = stores
        let similarity = SimilarTracks(catalogue: stores.catalogue, model: "acoustic-v1", dimension: 1)
        var logger = Logger(label: "remote-tests")
        logger.logLevel = .critical
        let services = APIServices(
            scans: stores.scans, tasks: stores.tasks, catalogue: stores.catalogue, browser: stores.browser,
            tokens: stores.tokens, accounts: stores.accounts, credits: stores.credits,
            listening: stores.listening, playlists: stores.playlists,
            playlistFiles: stores.playlistFiles, playQueues: stores.playQueues, similarity: similarity,
            duplicates: Duplicates(store: stores.duplicates, catalogue: stores.catalogue),
            map: TrackMap(similarity: similarity, store: stores.map, logger: logger),
            files: LibraryFiles(), fleet: Fleet(broker: stores.remoteBroker), changes: ChangeFeed { 0 },
            readiness: { [:] }, folder: { $0 },
            version: "test", clock: time.clock)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let application = makeApplication(
            services: services, options: APIOptions(port: port), logger: logger,
            onServerRunning: { announce.yield($0.localAddress?.port ?? 0) })
        let group = ServiceGroup(services: [application], logger: logger)
        // Ended by `stop`.
        let task = Task {
            defer { announce.finish() }
            try await group.run()
        }
        running.withLock { $0 = (group, task) }
        var iterator = ports.makeAsyncIterator()
        let port = await iterator.next() ?? 0
        portNumber.withLock { $0 = port }
    }

    func stop() async throws {
        let ended = running.withLock { $0.take() }
        await ended?.group.triggerGracefulShutdown()
        try await ended?.task.value
    }

    /// Starts one, and stops it when `body` is done.
    static func run<Value: Sendable>(
        _ engine: Engine = .sqlite, _ body: @Sendable (FleetServer) async throws -> Value
    ) async throws -> Value {
        let server = try await FleetServer(engine)
        try await server.start()
        do {
            let value = try await body(server)
            try await server.stop()
            return value
        } catch {
            try await server.stop()
            throw error
        }
    }

    func secret(_ role: AccessRole = .worker, _ workRoles: Set<Role>? = nil) async throws -> String {
        try await stores.tokens.createToken(name: "test", role: role, workRoles: workRoles, expiresAt: nil).secret
    }

    /// Writes a file of the library.
    func write(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
        let path = root + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        return FilePath(path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: String(root.dropLast("/music".count)))  // a leftover of a test
    }
}

/// The clocks of the server, moved by hand.
final class TestTime: Sendable {
    private let moved = Mutex<Int64>(0)

    func advance(seconds: Int64) { moved.withLock { $0 += seconds * 1_000_000 } }

    var clock: @Sendable () -> Int64 { { 1_700_000_000_000_000 + self.moved.withLock { $0 } } }
    var leaseClock: LeaseClock { LeaseClock(bootID: "boot") { 1_000_000_000 + self.moved.withLock { $0 } } }
}
