import Contracts
import Domain
import UseCases

/// The webhooks, each of an account: what opens it is a secret of that account.
package struct DatabaseWebhooks: WebhookStore, WebhookVault {
    let context: QueueContext
    /// Nil where there is no place for keys: then there are no webhooks.
    let keys: KeyFile?

    static let maxWebhooks = 32
    private static func secretName(_ id: Int64) -> String { "webhook:\(id)" }

    /// What is sealed.
    private struct Sealed: Codable {
        let url: String
        let key: String
    }

    static func topics(_ text: String) -> Set<AnnouncementTopic> {
        Set(text.split(separator: " ").compactMap { AnnouncementTopic(rawValue: String($0)) })
    }

    package func webhooks() async throws -> [Webhook] {
        try await context.database.read { try Self.webhooks("ORDER BY id", $0) }
    }

    private static func webhooks(_ rest: Query, _ connection: any Connection) throws -> [Webhook] {
        let select: Query = """
            SELECT id, server, topics, created_at, disabled_at, disabled_because, delivered_at FROM webhook\u{20}
            """
        return try connection.all(select + rest) { row in
            Webhook(
                id: row.int(0) ?? 0, server: row.text(1) ?? "", topics: topics(row.text(2) ?? ""),
                createdAt: row.int(3) ?? 0, disabledAt: row.int(4), disabledBecause: row.text(5),
                deliveredAt: row.int(6))
        }
    }

    package func addWebhook(
        _ target: WebhookTarget, server: String, topics: Set<AnnouncementTopic>, account: Int64
    ) async throws -> Webhook {
        guard let keys else { throw StoreError.fatal("there is no place for the key of secrets here") }
        let names = AnnouncementTopic.allCases.filter(topics.contains).map(\.rawValue).joined(separator: " ")
        let clear = Array(ContractJSON.encode(Sealed(url: target.url.value, key: target.key.text.value)).utf8)
        return try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            _ = try transaction.account(account)
            try connection.lock("webhook")
            let count = try connection.first("SELECT COUNT(*) FROM webhook") { $0.number(0) } ?? 0
            guard count < Self.maxWebhooks else {
                throw StoreError.preconditionFailed("there are \(count) webhooks already: remove one first")
            }
            let id = try connection.insert(
                """
                INSERT INTO webhook (account_id, server, topics, created_at)
                VALUES (\(account), \(server), \(names), \(transaction.now))
                """)
            try transaction.putSecret(clear, account: account, name: Self.secretName(id), keys: keys)
            guard let made = try Self.webhooks("WHERE id = \(id)", connection).first else {
                throw StoreError.fatal("a webhook was not kept")
            }
            return made
        }
    }

    package func removeWebhook(_ id: Int64) async throws {
        try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            let account = try connection.first("DELETE FROM webhook WHERE id = \(id) RETURNING account_id") {
                $0.int(0)
            }
            guard let account else { throw StoreError.notFound("there is no webhook \(id)") }
            try connection.execute(
                "DELETE FROM account_secret WHERE account_id = \(account) AND name = \(Self.secretName(id))")
        }
    }

    package func noteTaken(webhook id: Int64) async throws {
        _ = try await context.write { transaction in
            try transaction.connection.execute(
                """
                UPDATE webhook SET delivered_at = \(transaction.now), disabled_at = NULL, disabled_because = NULL
                WHERE id = \(id)
                """)
        }
    }

    package func target(ofWebhook id: Int64, isTest: Bool) async throws -> WebhookTarget? {
        do {
            return try await open(id, isTest)
        } catch StoreError.fatal {
            // The keys may have changed between the row and the file.
            return try await open(id, isTest)
        }
    }

    private func open(_ id: Int64, _ isTest: Bool) async throws -> WebhookTarget? {
        let found = try await context.database.read { connection in
            try connection.first(
                """
                SELECT webhook.account_id, key_id, sealed FROM webhook
                JOIN account_secret ON account_secret.account_id = webhook.account_id
                    AND account_secret.name = \(Self.secretName(id))
                WHERE webhook.id = \(id) AND (disabled_at IS NULL OR \(isTest) = 1)
                """
            ) { row in
                (
                    account: row.int(0) ?? 0,
                    secret: SealedSecret(keyID: row.text(1) ?? "", sealed: row.bytes(2) ?? [])
                )
            }
        }
        guard let found else { return nil }
        guard let ring = try keys?.read() else {
            throw StoreError.fatal("the key file that opens the secrets is gone: put it back")
        }
        let clear = try found.secret.open(account: found.account, name: Self.secretName(id), with: ring)
        do {
            let sealed = try ContractJSON.decode(Sealed.self, from: String(decoding: clear, as: UTF8.self))
            guard let key = WebhookKey(text: sealed.key) else { throw StoreError.fatal("no key") }
            return WebhookTarget(url: HiddenText(sealed.url), key: key)
        } catch {
            throw StoreError.fatal("the secret of webhook \(id) cannot be read")
        }
    }
}

extension DatabaseCatalogue {
    /// `webhook_delivered`: notes that it took the message, or wants none any more.
    func applyDelivery(_ outcome: WebhookDeliveredOutcome, _ batch: CatalogueBatch) throws -> Consequence {
        switch outcome.verdict {
        case .taken:
            try batch.connection.perform(
                "UPDATE webhook SET delivered_at = \(batch.now) WHERE id = \(outcome.webhookID)")
        case .gone:
            try batch.connection.perform(
                """
                UPDATE webhook SET disabled_at = \(batch.now), disabled_because = 'it answered 410: it is gone'
                WHERE id = \(outcome.webhookID) AND disabled_at IS NULL
                """)
        case .dropped: break
        }
        return Consequence()
    }
}
