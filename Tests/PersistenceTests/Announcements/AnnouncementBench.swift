import Contracts
import Domain
import Foundation
import UseCases

@testable import Persistence

/// A queue whose happenings are told, with an administrator, a key file, and a worker that the test plays.
final class AnnouncementBench: Sendable {
    let queue: QueueBench
    let stores: Stores
    let admin: Account
    private let folder: String

    init(_ engine: Engine) async throws {
        queue = try await QueueBench(engine)
        folder = NSTemporaryDirectory() + "sillon-secrets-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let random = SeededRandom(seed: 4)
        var housekeeping = Housekeeper.Options()
        housekeeping.graceSeconds = 0
        stores = try Stores(
            database: queue.database, sink: nil, keyFile: KeyFile(path: folder + "/" + KeyFile.name, isOwn: true),
            lockFolder: nil, clock: queue.time.clock, leaseClock: queue.time.leaseClock, random: { random.next() },
            housekeeping: housekeeping)
        admin = try await stores.accounts.addAccount(NewAccount(name: "Ada", role: .admin, password: nil))
        try await queue.register()
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            print("the folder stays behind: \(error)")
        }
    }

    static let key = WebhookKey(random: { 7 })

    func hook(
        _ topics: Set<AnnouncementTopic> = Set(AnnouncementTopic.allCases), url: String = "https://example.com/in"
    ) async throws -> Webhook {
        try await stores.webhooks.addWebhook(
            WebhookTarget(url: HiddenText(url), key: Self.key), server: "https://example.com", topics: topics,
            account: admin.id)
    }

    func told(after number: Int64 = 0) async throws -> [ToldAnnouncement] {
        try await stores.announcements.announcements(after: number, limit: 1000)
    }

    /// The deliveries that wait, leased.
    func deliveries() async throws -> [(task: LeasedTask, payload: DeliverWebhookPayload)] {
        let leased = try await stores.broker.lease(
            LeaseRequest(worker: 1, kinds: [.deliverWebhook: 1], max: 100, waitSeconds: 0))
        return try leased.map { task in
            (task, try ContractJSON.decode(DeliverWebhookPayload.self, from: task.payload))
        }
    }

    @discardableResult
    func settle(_ task: LeasedTask, _ result: Settlement.Result) async throws -> [Verdict] {
        try await stores.broker.settle([Settlement(lease: task.lease, result: result)], worker: 1)
    }

    /// So many files that nobody can read.
    func bury(_ count: Int, _ failure: Failure = Failure(.corruptFile, "\"a.mp3\" is no audio")) async throws {
        for _ in 0..<count { try await queue.submitIndex("\(UUID())") }
        let leased = try await queue.broker.lease(
            LeaseRequest(worker: 1, kinds: [.indexFile: 1], max: count, waitSeconds: 0))
        _ = try await queue.settle(leased, .failed(failure))
    }
}
