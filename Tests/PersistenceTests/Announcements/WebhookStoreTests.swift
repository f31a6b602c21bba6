import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct WebhookStoreTests {
    @Test("Each webhook has a task for each event that it wants to know of", arguments: Engine.available)
    func deliveries(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        let all = try await bench.hook()
        _ = try await bench.hook([.workerLost])
        try await bench.bury(2)
        bench.queue.time.advance(seconds: 10)
        await bench.stores.housekeeper.tick()
        let told = try #require(try await bench.told().first)
        let deliveries = try await bench.deliveries()
        #expect(deliveries.map(\.payload.webhookID) == [all.id])
        let payload = try #require(deliveries.first?.payload)
        #expect(payload.eventID == told.id && payload.event == .tasksDied && payload.body == told.json)
    }

    @Test("A delivery that is given up is told to nobody", arguments: Engine.available)
    func givenUp(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        _ = try await bench.hook([.tasksDied])
        try await bench.bury(1)
        bench.queue.time.advance(seconds: 10)
        await bench.stores.housekeeper.tick()
        for _ in 1...RetryPolicy.webhook.maxFailures {
            let next = try #require(try await bench.deliveries().first)
            try await bench.settle(next.task, .failed(Failure(.serviceError, "it answered 500")))
            bench.queue.time.advance(seconds: RetryPolicy.webhook.capSeconds)
            try await bench.queue.register()
            await bench.stores.housekeeper.tick()
        }
        #expect(try await bench.queue.number("SELECT COUNT(*) FROM task_dead WHERE kind = 'deliver_webhook'") == 1)
        #expect(try await bench.told().count { $0.topic == .tasksDied } == 1)
    }

    @Test("One that answers that it is gone is disabled, until it takes a test", arguments: Engine.available)
    func gone(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        let hook = try await bench.hook()
        try await bench.bury(1)
        bench.queue.time.advance(seconds: 10)
        await bench.stores.housekeeper.tick()
        let (task, payload) = try #require(try await bench.deliveries().first)
        let outcome = WebhookDeliveredOutcome(webhookID: hook.id, eventID: payload.eventID, verdict: .gone)
        try await bench.settle(task, .completed(.webhookDelivered(outcome)))
        let disabled = try #require(try await bench.stores.webhooks.webhooks().first)
        #expect(disabled.disabledAt != nil && disabled.disabledBecause?.contains("410") == true)
        #expect(try await bench.stores.webhooks.target(ofWebhook: hook.id, isTest: false) == nil)
        #expect(try await bench.stores.webhooks.target(ofWebhook: hook.id, isTest: true) != nil)
        bench.queue.time.advance(seconds: 600)
        await bench.stores.housekeeper.tick()
        #expect(try await bench.deliveries().isEmpty)
        try await bench.stores.webhooks.noteTaken(webhook: hook.id)
        #expect(try await bench.stores.webhooks.webhooks().first?.disabledAt == nil)
    }

    @Test("Address and key are kept encrypted, and survive a change of keys", arguments: Engine.available)
    func secret(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        let hook = try await bench.hook(url: "https://example.com/in/t0p-secret")
        let rows = try await bench.queue.database.read { connection in
            try connection.all("SELECT server, topics FROM webhook") { "\($0.text(0) ?? "") \($0.text(1) ?? "")" }
                + connection.all("SELECT sealed FROM account_secret") {
                    String(decoding: $0.bytes(0) ?? [], as: UTF8.self)
                }
        }
        #expect(rows.count == 2 && !rows.joined().contains("t0p-secret") && !rows.joined().contains("whsec_"))
        _ = try await bench.stores.secretKeys?.rotate()
        let target = try #require(try await bench.stores.webhooks.target(ofWebhook: hook.id, isTest: false))
        #expect(target.url.value == "https://example.com/in/t0p-secret" && target.key == AnnouncementBench.key)
        #expect(!"\(target)".contains("t0p-secret") && !String(reflecting: target.key).contains("7"))
    }

    @Test("A webhook goes with its account, and is told nothing while that is disabled", arguments: Engine.available)
    func account(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        _ = try await bench.stores.accounts.addAccount(NewAccount(name: "Bea", role: .admin, password: nil))
        _ = try await bench.hook()
        _ = try await bench.stores.accounts.changeAccount(
            id: bench.admin.id, AccountChange(isDisabled: true))
        try await bench.bury(1)
        bench.queue.time.advance(seconds: 10)
        await bench.stores.housekeeper.tick()
        #expect(try await bench.told().count == 1)
        #expect(try await bench.deliveries().isEmpty)
        try await bench.stores.accounts.removeAccount(id: bench.admin.id)
        #expect(try await bench.stores.webhooks.webhooks().isEmpty)
        #expect(try await bench.queue.number("SELECT COUNT(*) FROM account_secret") == 0)
    }

    @Test("There are so many and no more, and what is removed is unknown", arguments: Engine.available)
    func limits(engine: Engine) async throws {
        let bench = try await AnnouncementBench(engine)
        var hooks: [Webhook] = []
        for _ in 0..<DatabaseWebhooks.maxWebhooks { hooks.append(try await bench.hook()) }
        await #expect(throws: StoreError.self) { try await bench.hook() }
        try await bench.stores.webhooks.removeWebhook(hooks[3].id)
        await #expect(throws: StoreError.notFound("there is no webhook \(hooks[3].id)")) {
            try await bench.stores.webhooks.removeWebhook(hooks[3].id)
        }
        #expect(try await bench.stores.webhooks.target(ofWebhook: hooks[3].id, isTest: true) == nil)
        _ = try await bench.hook()
        #expect(
            try await bench.queue.number("SELECT COUNT(*) FROM account_secret") == DatabaseWebhooks.maxWebhooks)
    }
}
