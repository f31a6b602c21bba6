import Contracts
import Domain
import UseCases

extension QueueTransaction {
    /// Writes what others are told of, and a task for each webhook that wants to know. The last thing in a transaction:
    /// numbers are given in the order of the commits, so whoever reads up to one misses none before it, and who waits for
    /// that waits for one commit.
    mutating func announce() throws {
        guard !announcements.isEmpty else { return }
        try connection.lock("announcement")
        let hooks = try connection.all(
            """
            SELECT webhook.id, topics FROM webhook JOIN account ON account.id = account_id
            WHERE webhook.disabled_at IS NULL AND account.disabled_at IS NULL ORDER BY webhook.id
            """
        ) { (id: $0.int(0) ?? 0, topics: DatabaseWebhooks.topics($0.text(1) ?? "")) }
        var deliveries: [EnqueuedTask] = []
        for announcement in announcements {
            let told = ToldAnnouncement(
                number: 0, id: context.randomUUID(), topic: announcement.topic, at: now, data: announcement.json)
            try connection.perform(
                """
                INSERT INTO announcement (uuid, topic, at, data)
                VALUES (\(told.id), \(told.topic.rawValue), \(now), \(told.data))
                """)
            deliveries += hooks.filter { $0.topics.contains(told.topic) }.map { delivery(of: told, to: $0.id) }
        }
        announcements = []
        try enqueue(deliveries)
    }

    private func delivery(of told: ToldAnnouncement, to webhook: Int64) -> EnqueuedTask {
        let payload = DeliverWebhookPayload(
            webhookID: webhook, eventID: told.id, event: told.topic, body: told.json)
        let task = NewTask(
            payload: .deliverWebhook(payload), priority: .high, dedupeKey: "deliver_webhook \(webhook) \(told.id)")
        return EnqueuedTask(task, scanID: nil, parentID: nil)
    }
}
