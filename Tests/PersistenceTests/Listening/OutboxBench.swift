import Contracts
import Domain
import Foundation
import UseCases

@testable import Persistence

/// Listens on their way: the real catalogue behind the queue, a key file, and a worker that the test plays.
final class OutboxBench: Sendable {
    let base: ListeningBench
    let stores: Stores
    let folder: String
    let keyFile: KeyFile

    var connections: DatabaseServiceConnections { stores.connections }
    var now: Int64 { base.now }
    var ada: Int64 { base.ada.id }

    init(_ engine: Engine, trackCount: Int = 4) async throws {
        base = try await ListeningBench(engine, trackCount: trackCount)
        folder = NSTemporaryDirectory() + "sillon-secrets-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        keyFile = KeyFile(path: folder + "/" + KeyFile.name, isOwn: true)
        let random = SeededRandom(seed: 9)
        stores = try Stores(
            database: base.queue.database, sink: nil, keyFile: keyFile, lockFolder: nil, clock: base.queue.time.clock,
            leaseClock: base.queue.time.leaseClock, random: { random.next() })
        try await register()
    }

    /// The worker that the test plays; one that says nothing for long is forgotten.
    func register() async throws {
        try await stores.broker.register(
            WorkerRegistration(
                id: 1, host: "test", processID: 1, roles: [.downloader], kinds: [.submitListens: 1], slots: [:],
                version: "test"))
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            print("the folder stays behind: \(error)")
        }
    }

    @discardableResult
    func connect(_ service: ServiceID = .lastfm, secret: String = "session") async throws -> ServiceConnection {
        try await connections.connect(
            service, as: ServiceAccount(name: "ada-outside", secret: HiddenText(secret)), account: ada)
    }

    /// So many listens of the first track, a second apart, the oldest `count` seconds ago.
    func listen(_ count: Int, from first: Int = 0) async throws {
        for number in first..<(first + count) {
            let report = PlayReport(
                trackID: base.tracks[0], submission: .finished,
                startedAt: now - 1_000_000_000 + Int64(number) * 1_000_000, playedMs: 200_000)
            _ = try await stores.listening.report(report, account: ada)
        }
    }

    struct Leased {
        let lease: Lease
        let payload: SubmitListensPayload
        let run: Int
    }

    func lease() async throws -> [Leased] {
        let tasks = try await stores.broker.lease(
            LeaseRequest(worker: 1, kinds: [.submitListens: 1], max: 10, waitSeconds: 0))
        return try tasks.map { task in
            guard
                case .submitListens(let payload) = try TaskPayload.decode(
                    kind: task.kind, version: task.version, json: task.payload)
            else { throw StoreError.fatal("another kind of task") }
            return Leased(lease: task.lease, payload: payload, run: task.run)
        }
    }

    func settle(_ task: Leased, _ edit: (inout ListensSubmittedOutcome) -> Void) async throws {
        let connectedAt = try await connections.opened(task.payload.target, account: ada)?.connectedAt
        var outcome = ListensSubmittedOutcome(
            accountID: ada, target: task.payload.target, connectedAt: connectedAt)
        edit(&outcome)
        _ = try await stores.broker.settle(
            [Settlement(lease: task.lease, result: .completed(.listensSubmitted(outcome)))], worker: 1)
    }

    func sendAll(_ task: Leased) async throws {
        try await settle(task) { outcome in
            outcome.verdicts = task.payload.listens.map { .init(id: $0.id, state: .sent) }
        }
    }

    func states() async throws -> [String: Int] {
        let rows = try await base.queue.database.read { connection in
            try connection.all("SELECT state, COUNT(*) FROM listen GROUP BY state") {
                ($0.text(0) ?? "", Int($0.int(1) ?? 0))
            }
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}
