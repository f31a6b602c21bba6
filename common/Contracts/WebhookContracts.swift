import Domain

/// `deliver_webhook` v1: tell one webhook of one event. What opens it, its address among that, is no part of it.
package struct DeliverWebhookPayload: Codable, Hashable, Sendable {
    package var webhookID: Int64
    /// The same for every try, and for every webhook.
    package var eventID: String
    package var event: AnnouncementTopic
    /// What is sent: JSON.
    package var body: String

    package init(webhookID: Int64, eventID: String, event: AnnouncementTopic, body: String) {
        self.webhookID = webhookID
        self.eventID = eventID
        self.event = event
        self.body = body
    }

    enum CodingKeys: String, CodingKey {
        case event, body
        case webhookID = "webhook_id"
        case eventID = "event_id"
    }
}

/// `webhook_delivered` v1: what became of a delivery that needs no further try.
package struct WebhookDeliveredOutcome: Codable, Hashable, Sendable {
    package enum Verdict: String, Codable, CaseIterable, Sendable {
        case taken
        /// It answered that it wants nothing any more (410).
        case gone
        /// It was removed or disabled meanwhile.
        case dropped
    }

    package var webhookID: Int64
    package var eventID: String
    package var verdict: Verdict

    package init(webhookID: Int64, eventID: String, verdict: Verdict) {
        self.webhookID = webhookID
        self.eventID = eventID
        self.verdict = verdict
    }

    enum CodingKeys: String, CodingKey {
        case verdict
        case webhookID = "webhook_id"
        case eventID = "event_id"
    }
}
