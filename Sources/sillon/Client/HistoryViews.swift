struct HistoryPageView: Decodable, Sendable {
    struct Durations: Decodable, Sendable {
        var count: Int
        var p50: Double?
        var p95: Double?
        var p99: Double?
    }

    struct Tally: Decodable, Sendable {
        var succeeded: Int
        var retried: Int
        var died: Int
        var lost: Int
        var runSeconds: Durations

        enum CodingKeys: String, CodingKey {
            case succeeded, retried, died, lost
            case runSeconds = "run_seconds"
        }
    }

    struct Period: Decodable, Sendable {
        var start: String
        var succeeded: Int

        /// As `Readable.time` has it.
        var minute: String { String(start.prefix(16)).replacing("T", with: " ") }
    }

    struct Kind: Decodable, Sendable {
        var kind: String
        var total: Tally
        var periods: [Period]
    }

    var resolution: String
    var from: String
    var to: String
    var tasks: [Kind]
}

struct WebhookView: Decodable, Sendable {
    var id: Int64
    var server: String
    var events: [String]
    var deliveredAt: String?
    var disabledBecause: String?

    enum CodingKeys: String, CodingKey {
        case id, server, events
        case deliveredAt = "delivered_at"
        case disabledBecause = "disabled_because"
    }
}

struct MadeWebhookView: Decodable, Sendable {
    var webhook: WebhookView
    var key: String
}

struct WebhookTestView: Decodable, Sendable {
    var taken: Bool
    var message: String
}
