import Domain

/// The webhooks. What opens them is kept encrypted, their addresses among that.
package protocol WebhookStore: Sendable {
    /// The oldest first.
    func webhooks() async throws -> [Webhook]

    /// - Parameter account: whose it is: it goes when the account goes.
    /// Throws `preconditionFailed` when there are too many.
    func addWebhook(
        _ target: WebhookTarget, server: String, topics: Set<AnnouncementTopic>, account: Int64
    ) async throws -> Webhook

    /// Throws `notFound`.
    func removeWebhook(_ id: Int64) async throws

    /// It took a message although it was disabled: it is told again from now on.
    func noteTaken(webhook id: Int64) async throws
}

/// What opens webhooks. Only workers beside the database have one.
package protocol WebhookVault: Sendable {
    /// Nil when the webhook is not there, or is disabled and `isTest` is false. Throws `fatal` when what opens it cannot
    /// be read.
    func target(ofWebhook id: Int64, isTest: Bool) async throws -> WebhookTarget?
}

/// Where to send, and the key that signs.
package struct WebhookTarget: Hashable, Sendable {
    package let url: HiddenText
    package let key: WebhookKey

    package init(url: HiddenText, key: WebhookKey) {
        self.url = url
        self.key = key
    }
}

/// Sends one message. Throws `Failure` when nothing came back that is an answer.
package protocol WebhookSender: Sendable {
    func send(_ message: WebhookMessage, to target: WebhookTarget) async throws -> WebhookAnswer
}

package struct WebhookMessage: Hashable, Sendable {
    package let id: String
    /// JSON.
    package let body: String

    package init(id: String, body: String) {
        self.id = id
        self.body = body
    }
}

package struct WebhookAnswer: Hashable, Sendable {
    package let status: Int
    package let retryAfterSeconds: Double?
    /// The server alone.
    package let server: String

    package init(status: Int, retryAfterSeconds: Double? = nil, server: String) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
        self.server = server
    }

    package var isTaken: Bool { (200..<300).contains(status) }
    package var isGone: Bool { status == 410 }

    /// One sentence about an answer that is no success.
    package var complaint: String {
        let redirect = (300..<400).contains(status) ? ": redirects are not followed" : ""
        return "\(server) answered \(status)\(redirect)"
    }
}
