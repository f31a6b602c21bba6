import Contracts
import Domain
import HTTPTypes
import NIOCore
import Testing
import UseCases

@testable import API

@Suite struct WebhookRoutesTests {
    private static let form: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded", .origin: "http://localhost",
    ]

    private func post(_ server: TestServer, _ path: String, _ body: String, as secret: String = "admin") async throws
        -> Answer
    {
        try await server.send(.post, path, as: secret, body: .init(string: body), headers: Self.form)
    }

    @Test("A webhook is added, its key shown once, listed without it, and removed")
    func cycle() async throws {
        let server = try TestServer()
        let made = try await server.send(
            .post, "/v1/webhooks", json: #"{"url":"https://ok.example.com/in?t0p=1","events":["worker_lost"]}"#)
        #expect(made.status == 201)
        guard case .string(let key)? = made.json["key"] else {
            Issue.record("there is no key")
            return
        }
        #expect(WebhookKey(text: key)?.bytes.count == 32)
        let list = try await server.send(.get, "/v1/webhooks")
        #expect(list.json["items"]?[0]?["events"] == ["worker_lost"])
        #expect(!list.text.contains("whsec_") && !list.text.contains("t0p"))
        #expect(try await server.send(.delete, "/v1/webhooks/1").status == 204)
        #expect(try await server.send(.delete, "/v1/webhooks/1").status == 404)
    }

    @Test("What is no address, or no event, is refused in words")
    func refused() async throws {
        let server = try TestServer()
        for json in [
            #"{"url":"http://example.com"}"#, #"{"url":""}"#, #"{}"#, #"{"url":"https://a","events":["lunch"]}"#,
            #"{"url":"https://a","events":[]}"#,
        ] {
            #expect(try await server.send(.post, "/v1/webhooks", json: json).status == 422, "\(json)")
        }
    }

    @Test(
        "A test says what came of it",
        arguments: [
            ("ok", true, JSONValue.integer(204)), ("500", false, 500), ("307", false, 307), ("away", false, .null),
        ])
    func test(name: String, isTaken: Bool, status: JSONValue) async throws {
        let server = try TestServer()
        _ = try await server.send(.post, "/v1/webhooks", json: #"{"url":"https://\#(name).example.com"}"#)
        let result = try await server.send(.post, "/v1/webhooks/1/test")
        #expect(result.status == 200)
        #expect(result.json["taken"] == .bool(isTaken) && result.json["status"] == status)
        #expect(try await server.send(.post, "/v1/webhooks/2/test").status == 404)
    }

    @Test("The page says of a webhook that it takes nothing, and why, as long as messages wait to be sent again")
    func troubles() async throws {
        let server = try TestServer()
        _ = try await server.send(.post, "/v1/webhooks", json: #"{"url":"https://ok.example.com"}"#)
        #expect(try await server.send(.get, "/settings/webhooks").text.contains("told"))
        let message = DeliverWebhookPayload(webhookID: 1, eventID: "a", event: .workerLost, body: "{}")
        server.store.change { state in
            var late = MemoryStore.record(
                NewTask(payload: .deliverWebhook(message), priority: .high), id: 99, state: .scheduled)
            late.lastFailure = Failure(.serviceError, "it answered 500 <b>")
            state.tasks.append(late)
        }
        let page = try await server.send(.get, "/settings/webhooks").text
        #expect(page.contains("takes nothing") && page.contains("it answered 500 &lt;b&gt;"))
    }

    @Test("A disabled webhook that takes a test is told again")
    func enabled() async throws {
        let server = try TestServer()
        _ = try await server.send(.post, "/v1/webhooks", json: #"{"url":"https://ok.example.com"}"#)
        server.store.change { state in
            (state.webhooks[0].webhook.disabledAt, state.webhooks[0].webhook.disabledBecause) = (1, "it answered 410")
        }
        let disabled = try await server.send(.get, "/settings/webhooks")
        #expect(disabled.text.contains("it answered 410"))
        _ = try await server.send(.post, "/v1/webhooks/1/test")
        #expect(try await server.send(.get, "/v1/webhooks").json["items"]?[0]?["disabled_at"] == .null)
    }

    @Test("On the page one is added, tested and removed; the key is on the answer alone")
    func page() async throws {
        let server = try TestServer()
        let made = try await post(
            server, "/settings/webhooks", "url=%20https%3A%2F%2F500.example.com%20&worker_lost=on&tasks_died=on")
        #expect(made.status == 201 && made.text.contains("whsec_"))
        let topics = try await server.send(.get, "/v1/webhooks").json["items"]?[0]?["events"]
        #expect(topics == ["tasks_died", "worker_lost"])
        #expect(try await !server.send(.get, "/settings/webhooks").text.contains("whsec_"))
        let tested = try await post(server, "/settings/webhooks/1/test", "")
        #expect(tested.text.contains("not taken") && tested.text.contains("answered 500"))
        let refused = try await post(server, "/settings/webhooks", "url=ftp%3A%2F%2Fa&worker_lost=on")
        #expect(refused.status == 422 && refused.text.contains("needs https"))
        #expect(try await post(server, "/settings/webhooks", "url=https%3A%2F%2Fa").status == 422, "of nothing")
        let removed = try await post(server, "/settings/webhooks/1/remove", "")
        #expect(removed.status == 303 && removed.headers[.location] == "/settings/webhooks")
        #expect(try await server.send(.get, "/v1/webhooks").json["items"]?.count == 0)
    }

    @Test("Webhooks are for administrators")
    func users() async throws {
        let server = try TestServer()
        for path in ["/v1/webhooks", "/settings/webhooks"] {
            #expect(try await server.send(.get, path, as: "user").status == 403)
        }
        #expect(try await post(server, "/settings/webhooks", "url=https%3A%2F%2Fa", as: "user").status == 403)
        #expect(try await !server.send(.get, "/", as: "user").text.contains("/settings/webhooks"))
    }
}
