import Contracts
import Domain

/// Tells a webhook of an event. What it does not take is tried again for about a day.
package struct DeliverWebhook: Sendable {
    private let sender: any WebhookSender
    private let vault: any WebhookVault

    /// Somebody has to put the key file back.
    private static let closedVaultSeconds: Double = 600

    package init(sender: any WebhookSender, vault: any WebhookVault) {
        self.sender = sender
        self.vault = vault
    }

    func run(_ payload: DeliverWebhookPayload) async throws -> WebhookDeliveredOutcome {
        var outcome = WebhookDeliveredOutcome(
            webhookID: payload.webhookID, eventID: payload.eventID, verdict: .taken)
        guard let target = try await target(payload.webhookID) else {
            outcome.verdict = .dropped
            return outcome
        }
        let answer = try await sender.send(WebhookMessage(id: payload.eventID, body: payload.body), to: target)
        if answer.isGone {
            outcome.verdict = .gone
        } else if !answer.isTaken {
            throw Failure(.serviceError, answer.complaint, retryAfterSeconds: answer.retryAfterSeconds)
        }
        return outcome
    }

    private func target(_ id: Int64) async throws -> WebhookTarget? {
        do {
            return try await vault.target(ofWebhook: id, isTest: false)
        } catch StoreError.fatal(let why) {
            throw Failure(.serviceUnavailable, why, retryAfterSeconds: Self.closedVaultSeconds)
        }
    }
}
