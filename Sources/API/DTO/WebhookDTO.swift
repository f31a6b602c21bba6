import Domain
import UseCases

extension Shape where Value == Webhook {
    static let webhook = Shape.object("Webhook") {
        Field("id", .integer) { $0.id }
        Field("server", .text, "The rest of the address is not shown.") { $0.server }
        Field("events", Shape<AnnouncementTopic>.choice.list) { hook in
            AnnouncementTopic.allCases.filter(hook.topics.contains)
        }
        Field("created_at", .time) { $0.createdAt }
        Field(optional: "delivered_at", .time, "When it last took a message.") { $0.deliveredAt }
        Field(optional: "disabled_at", .time) { $0.disabledAt }
        Field(optional: "disabled_because", .text) { $0.disabledBecause }
    }
}

extension Shape where Value == WebhookDesk.Made {
    static let madeWebhook = Shape.object("MadeWebhook") {
        Field("webhook", .webhook) { $0.webhook }
        Field("key", .text, "Signs messages: whsec_ and base64, as the Standard Webhooks specification has it.") {
            $0.key.text.value
        }
    }
}

extension Shape where Value == WebhookDesk.TestResult {
    static let webhookTest = Shape.object("WebhookTest") {
        Field("taken", .flag) { $0.isTaken }
        Field(optional: "status", .count, "Null when there was no answer.") { $0.status }
        Field("message", .text) { $0.message }
    }
}
