import Contracts
import Crypto
import Domain
import Foundation
import Integrations
import StandIns
import Synchronization
import Testing

@testable import Persistence
@testable import UseCases

/// From what happens to a receiver on this machine: queue, handler, signature and the way out are the real ones.
@Suite(.timeLimit(.minutes(4))) struct WebhookDeliveryTests {
    /// A queue whose worker the test plays, at a time that the test moves.
    private final class Bench: Sendable {
        let receiver = WebhookReceiver()
        let server: StandInServer
        let stores: Stores
        let desk: WebhookDesk
        private let handler: DeliverWebhook
        private let account: Account
        private let folder: String
        private let clock: Clock

        init() async throws {
            server = try await StandInServer(receiver)
            folder = NSTemporaryDirectory() + "sillon-webhooks-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let database = try SQLiteDatabase(path: folder + "/sillon.db")
            try await Migrator(database: database).up(now: 0)
            let clock = Clock()
            var options = WebhookCaller.Options()
            options.namedHosts = ["127.0.0.1:\(server.port)"]
            let caller = WebhookCaller(options: options, time: { clock.now })
            let stores = try Stores(
                database: database, lockFolder: nil, keyFile: KeyFile(path: folder + "/keys", isOwn: true),
                clock: { clock.now })
            desk = WebhookDesk(
                store: stores.webhooks, sender: caller, server: { try caller.server(of: $0) }, clock: { clock.now },
                random: Stores.systemRandom)
            handler = DeliverWebhook(sender: caller, vault: stores.webhooks)
            account = try await stores.accounts.addAccount(NewAccount(name: "Ada", role: .admin, password: nil))
            (self.stores, self.clock) = (stores, clock)
            try await stores.scans.addLibraryRoot(FilePath("/music"))
            try await stores.broker.register(
                WorkerRegistration(
                    id: 1, host: "test", processID: 1, roles: [.downloader, .indexer],
                    kinds: [.deliverWebhook: 1, .indexFile: 1], slots: [:], version: "test"))
        }

        final class Clock: Sendable {
            private let value = Mutex<Int64>(1_767_225_600_000_000)
            var now: Int64 { value.withLock { $0 } }
            func advance(seconds: Double) { value.withLock { $0 += Int64(seconds * 1_000_000) } }
        }

        func end() async throws {
            await server.stop()
            try FileManager.default.removeItem(atPath: folder)
        }

        func add() async throws -> WebhookDesk.Made {
            try await desk.add(
                url: server.url + "/in?token=s3cret", topics: Set(AnnouncementTopic.allCases), account: account.id)
        }

        /// So many files that nobody can read, and the time after which that is told.
        func bury(_ count: Int) async throws {
            for number in 0..<count {
                let payload = IndexFilePayload(
                    filePath: FilePath("/music/\(number)"), rootPath: nil, scanID: nil, priority: nil)
                _ = try await stores.tasks.submit(
                    NewTask(payload: .indexFile(payload), priority: .normal), idempotencyKey: nil)
            }
            let leased = try await stores.broker.lease(
                LeaseRequest(worker: 1, kinds: [.indexFile: 1], max: count, waitSeconds: 0))
            #expect(leased.count == count)
            let failure = Failure(.corruptFile, "this is no audio")
            _ = try await stores.broker.settle(
                leased.map { Settlement(lease: $0.lease, result: .failed(failure)) }, worker: 1)
            await pass(seconds: 61)
        }

        func pass(seconds: Double) async {
            clock.advance(seconds: seconds)
            await stores.housekeeper.tick()
        }

        /// Works off what is due; answers how many were tried.
        func work() async throws -> Int {
            let leased = try await stores.broker.lease(
                LeaseRequest(worker: 1, kinds: [.deliverWebhook: 1], max: 100, waitSeconds: 0))
            for task in leased {
                let payload = try ContractJSON.decode(DeliverWebhookPayload.self, from: task.payload)
                let result: Settlement.Result
                do {
                    result = .completed(.webhookDelivered(try await handler.run(payload)))
                } catch let failure as Failure {
                    result = .failed(failure)
                }
                _ = try await stores.broker.settle([Settlement(lease: task.lease, result: result)], worker: 1)
            }
            return leased.count
        }
    }

    /// As the specification says that a receiver checks it.
    private static func isSigned(_ message: WebhookReceiver.Message, with key: WebhookKey) -> Bool {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(message.id).\(message.timestamp).\(message.body)".utf8),
            using: SymmetricKey(data: key.bytes))
        return message.signature == "v1," + Data(code).base64EncodedString()
    }

    @Test("A thousand dead letters are one message, which is sent until it is taken, signed and the same each time")
    func retried() async throws {
        let bench = try await Bench()
        let made = try await bench.add()
        bench.receiver.answer(500, 302)
        try await bench.bury(1000)
        var tries = 0
        while tries < 3 {
            tries += try await bench.work()
            await bench.pass(seconds: 60)
        }
        #expect(try await bench.work() == 0)
        let messages = bench.receiver.messages
        #expect(messages.count == 3 && Set(messages.map(\.id)).count == 1 && Set(messages.map(\.body)).count == 1)
        #expect(Set(messages.map(\.timestamp)).count == 3, "of each try: old ones may be refused")
        #expect(messages.allSatisfy { Self.isSigned($0, with: made.key) })
        #expect(!Self.isSigned(try #require(messages.first), with: WebhookKey(random: { 1 })))
        let body = try ContractJSON.decode(JSONValue.self, from: try #require(messages.first).body)
        #expect(body["type"] == "tasks_died" && body["data"]?["count"] == 1000)
        #expect(body["id"] == .string(try #require(messages.first).id))
        #expect(try await bench.desk.all().first?.deliveredAt != nil)
        try await bench.end()
    }

    @Test("Who answers 410 is told nothing more")
    func gone() async throws {
        let bench = try await Bench()
        _ = try await bench.add()
        bench.receiver.answer(410)
        try await bench.bury(1)
        #expect(try await bench.work() == 1)
        #expect(try await bench.desk.all().first?.disabledBecause?.contains("410") == true)
        try await bench.bury(1)
        #expect(try await bench.work() == 0)
        #expect(bench.receiver.messages.count == 1)
        let result = try await bench.desk.test(1)
        #expect(result.isTaken && bench.receiver.messages.last?.body.contains("\"type\":\"test\"") == true)
        try await bench.bury(1)
        #expect(try await bench.work() == 1)
        try await bench.end()
    }

    @Test("A webhook that was removed meanwhile is told nothing, and one that is away keeps its message")
    func removedAndAway() async throws {
        let bench = try await Bench()
        let made = try await bench.add()
        await bench.server.goAway()
        try await bench.bury(1)
        #expect(try await bench.work() == 1)
        #expect(try await bench.desk.test(made.webhook.id).isTaken == false)
        await bench.server.comeBack()
        await bench.pass(seconds: 60)
        #expect(try await bench.work() == 1 && bench.receiver.messages.count == 1)
        try await bench.bury(1)
        try await bench.desk.remove(made.webhook.id)
        #expect(try await bench.work() == 1)
        #expect(bench.receiver.messages.count == 1)
        try await bench.end()
    }
}
