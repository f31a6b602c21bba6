import Domain
import UseCases

extension MemoryStore: AnnouncementStore, HistoryStore {
    func newest() async throws -> Int64 { try perform { $0.announcements.last?.number ?? 0 } }

    func announcements(after number: Int64, limit: Int) async throws -> [ToldAnnouncement] {
        try perform { state in
            state.looks += 1
            return Array(state.announcements.filter { $0.number > number }.prefix(limit))
        }
    }

    func history(_ range: HistoryRange) async throws -> TaskHistory {
        try perform { state in
            var history = TaskHistory(range)
            for (kind, hours) in state.taskHistory {
                for (hour, tally) in hours where range.hours.contains(hour) {
                    history.tasks[kind, default: [:]][range.resolution.start(of: hour), default: TaskTally()] += tally
                }
            }
            for (role, hours) in state.queueHistory {
                for (hour, tally) in hours where range.hours.contains(hour) {
                    history.queues[role, default: [:]][range.resolution.start(of: hour), default: DepthTally()] += tally
                }
            }
            return history
        }
    }

    /// Tells of so many lost workers; answers the numbers.
    @discardableResult
    func tell(_ count: Int = 1, _ topic: AnnouncementTopic = .workerLost) -> [Int64] {
        change { state in
            (0..<count).map { _ in
                let number = (state.announcements.last?.number ?? 0) + 1
                state.announcements.append(
                    ToldAnnouncement(
                        number: number, id: "0b7e3f52-5d5c-4e53-9d5a-0a3f1c1f7f11", topic: topic, at: Self.now,
                        data: #"{"host":"pi"}"#))
                return number
            }
        }
    }
}

extension MemoryStore: WebhookStore, WebhookVault {
    func webhooks() async throws -> [Webhook] { try perform { $0.webhooks.map(\.webhook) } }

    func addWebhook(
        _ target: WebhookTarget, server: String, topics: Set<AnnouncementTopic>, account: Int64
    ) async throws -> Webhook {
        try perform { state in
            let webhook = Webhook(
                id: Int64(state.webhooks.count + 1), server: server, topics: topics, createdAt: Self.now)
            state.webhooks.append((webhook, target))
            return webhook
        }
    }

    func removeWebhook(_ id: Int64) async throws {
        try perform { state in
            guard state.webhooks.contains(where: { $0.webhook.id == id }) else {
                throw StoreError.notFound("there is no webhook \(id)")
            }
            state.webhooks.removeAll { $0.webhook.id == id }
        }
    }

    func noteTaken(webhook id: Int64) async throws {
        try perform { state in
            for index in state.webhooks.indices where state.webhooks[index].webhook.id == id {
                state.webhooks[index].webhook.deliveredAt = Self.now
                state.webhooks[index].webhook.disabledAt = nil
                state.webhooks[index].webhook.disabledBecause = nil
            }
        }
    }

    func target(ofWebhook id: Int64, isTest: Bool) async throws -> WebhookTarget? {
        try perform { state in
            state.webhooks.first { $0.webhook.id == id && (isTest || $0.webhook.disabledAt == nil) }?.target
        }
    }
}

/// Answers as the address says: `https://500.example.com` with 500, `https://away.example.com` not at all.
struct ScriptedWebhooks: WebhookSender {
    func send(_ message: WebhookMessage, to target: WebhookTarget) async throws -> WebhookAnswer {
        let name = target.url.value.dropFirst("https://".count).prefix { $0 != "." }
        guard name != "away" else { throw Failure(.serviceError, "https://away.example.com is not in reach") }
        return WebhookAnswer(status: Int(name) ?? 204, server: "https://\(name).example.com")
    }

    static func server(_ url: String) throws -> String {
        guard url.hasPrefix("https://") else { throw WebhookDesk.Refused("the address of a webhook needs https") }
        return String(url.prefix { $0 != "?" })
    }
}
