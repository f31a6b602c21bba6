import Contracts
import Domain

/// Where people look after webhooks.
package struct WebhookDesk: Sendable {
    /// Why an address is not taken; for people.
    package struct Refused: Error, Hashable, CustomStringConvertible {
        package let description: String

        package init(_ description: String) {
            self.description = description
        }
    }

    package struct Made: Hashable, Sendable {
        package let webhook: Webhook
        /// Shown once.
        package let key: WebhookKey
    }

    package struct TestResult: Hashable, Sendable {
        package let isTaken: Bool
        /// Nil when there was no answer.
        package let status: Int?
        /// One sentence for people.
        package let message: String
    }

    private let store: any WebhookStore & WebhookVault
    private let sender: any WebhookSender
    /// The server that an address leads to, as it is shown; throws `Refused` for an address that may not be told.
    private let server: @Sendable (String) throws -> String
    private let clock: MicrosecondClock
    private let random: @Sendable () -> UInt64

    package init(
        store: any WebhookStore & WebhookVault, sender: any WebhookSender,
        server: @escaping @Sendable (String) throws -> String, clock: @escaping MicrosecondClock,
        random: @escaping @Sendable () -> UInt64
    ) {
        self.store = store
        self.sender = sender
        self.server = server
        self.clock = clock
        self.random = random
    }

    package func all() async throws -> [Webhook] { try await store.webhooks() }

    /// Throws `Refused`.
    package func add(url: String, topics: Set<AnnouncementTopic>, account: Int64) async throws -> Made {
        let server = try server(url)
        guard !topics.isEmpty else { throw Refused("a webhook is told of one thing at least") }
        let key = WebhookKey(random: random)
        let target = WebhookTarget(url: HiddenText(url), key: key)
        let webhook = try await store.addWebhook(target, server: server, topics: topics, account: account)
        return Made(webhook: webhook, key: key)
    }

    package func remove(_ id: Int64) async throws { try await store.removeWebhook(id) }

    /// Sends a message of the type `test` at once. A disabled webhook that takes it is told again from now on.
    package func test(_ id: Int64) async throws -> TestResult {
        guard let target = try await store.target(ofWebhook: id, isTest: true) else {
            throw StoreError.notFound("there is no webhook \(id)")
        }
        let number = random()
        let name = "test-" + Hex.encode((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
        let message = WebhookMessage(
            id: name, body: ToldAnnouncement.json(id: name, topic: "test", at: clock(), data: "{}"))
        do {
            let answer = try await sender.send(message, to: target)
            guard answer.isTaken else {
                return TestResult(isTaken: false, status: answer.status, message: answer.complaint)
            }
            try await store.noteTaken(webhook: id)
            return TestResult(
                isTaken: true, status: answer.status, message: "\(answer.server) answered \(answer.status)")
        } catch let failure as Failure {
            return TestResult(isTaken: false, status: nil, message: failure.message)
        }
    }
}
