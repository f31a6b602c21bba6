import Domain
import Testing
import UseCases

@testable import Integrations

@Suite(.timeLimit(.minutes(2))) struct WebhookCallerTests {
    private static let key = WebhookKey(text: "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    private static let message = WebhookMessage(id: "m1", body: "{}")

    private func caller(
        hosts: Set<String> = [], resolver: NameResolver = NameResolver { _ in throw NameResolver.UnknownName() },
        clock: ServiceClock = HandTime().clock
    ) -> WebhookCaller {
        var options = WebhookCaller.Options()
        options.namedHosts = hosts
        return WebhookCaller(
            options: options, network: ServiceNetwork(resolver: resolver), clock: clock,
            time: { 1_767_225_600_000_000 })
    }

    private func target(_ url: String) throws -> WebhookTarget {
        WebhookTarget(url: HiddenText(url), key: try #require(Self.key))
    }

    private func failure(_ caller: WebhookCaller, _ url: String) async throws -> Failure? {
        do {
            _ = try await caller.send(Self.message, to: target(url))
            return nil
        } catch let failure as Failure {
            return failure
        }
    }

    @Test("A message is signed as the reference library of Standard Webhooks signs it")
    func signature() throws {
        let text = WebhookSignature.text(
            id: "6f1c0a52-4f5c-4b7a-9a0e-3c1f1c1f7f11", timestamp: 1_767_225_600,
            body: #"{"id":"6f1c0a52","type":"worker_lost","data":{"host":"pi é"}}"#, key: try #require(Self.key))
        #expect(text == "v1,Q4u/au7tN7hyF8ehs8bW+PyLCdndolEj4/uUuAOzN14=")
    }

    @Test("A server that the settings name is asked wherever it is, and gets the three headers")
    func named() async throws {
        let server = try await RawServer()
        let caller = caller(hosts: ["127.0.0.1:\(server.port)"])
        let answer = try await caller.send(Self.message, to: target("\(server.url)/in?a=b"))
        #expect(answer == WebhookAnswer(status: 200, server: server.url) && answer.isTaken)
        let head = try #require(server.requests.first).lowercased()
        #expect(head.hasPrefix("post /in?a=b http/1.1"))
        #expect(head.contains("webhook-id: m1") && head.contains("webhook-timestamp: 1767225600"))
        #expect(head.contains("webhook-signature: v1,") && head.contains("content-type: application/json"))
    }

    @Test("A redirect is an answer, and is not followed")
    func redirect() async throws {
        let inner = try await RawServer()
        let server = try await RawServer { _ in .answer(307, headers: ["location: \(inner.url)"]) }
        let hosts: Set = ["127.0.0.1:\(server.port)", "127.0.0.1:\(inner.port)"]
        let answer = try await caller(hosts: hosts).send(Self.message, to: target(server.url))
        #expect(answer.status == 307 && !answer.isTaken && answer.complaint.contains("not followed"))
        #expect(inner.requests.isEmpty)
    }

    @Test(
        "Nothing goes into a private network that the settings do not name",
        arguments: ["https://127.0.0.1:PORT/", "https://[::ffff:127.0.0.1]:PORT/", "https://inner.example.com:PORT/"])
    func guarded(url: String) async throws {
        let server = try await RawServer()
        let resolver = NameResolver { _ in [NetworkAddress("127.0.0.1")].compactMap(\.self) }
        let caller = caller(hosts: ["127.0.0.1:1"], resolver: resolver)
        let failure = try await failure(caller, url.replacing("PORT", with: "\(server.port)"))
        #expect(failure?.reason == .serviceError && failure?.message.contains("SILLON_WEBHOOK_HOSTS") == true)
        #expect(server.requests.isEmpty)
    }

    @Test("An address that is none on the internet is refused at once, unless the settings name it")
    func literal() throws {
        for url in ["https://127.0.0.1/", "https://[::1]:8443/in", "https://192.168.1.7/"] {
            #expect(throws: WebhookDesk.Refused.self, "\(url)") { try self.caller().server(of: url) }
        }
        #expect(try caller(hosts: ["192.168.1.7:443"]).server(of: "https://192.168.1.7/").contains("192.168.1.7"))
        #expect(try caller().server(of: "https://93.184.215.14/").contains("93.184.215.14"))
    }

    @Test("Without encryption only servers are told that the settings name, also when that changed later")
    func plain() async throws {
        let server = try await RawServer()
        #expect(throws: WebhookDesk.Refused.self) { try self.caller().server(of: server.url) }
        #expect(try await failure(self.caller(), server.url)?.reason == .serviceRefused)
        #expect(server.requests.isEmpty)
        let caller = caller(hosts: ["127.0.0.1:\(server.port)"])
        #expect(try caller.server(of: server.url + "/secret") == server.url)
        #expect(try caller.server(of: "https://example.com/s3cret?token=1") == "https://example.com")
        for text in ["", "example.com", "ftp://example.com", "https://user:pass@example.com", "https://"] {
            #expect(throws: WebhookDesk.Refused.self) { try caller.server(of: text) }
        }
    }

    @Test("Who does not answer, or too much, is said to do so, without the secret part of the address")
    func silent() async throws {
        let server = try await RawServer { _ in .silence }
        let hosts: Set = ["127.0.0.1:\(server.port)"]
        let late = ServiceClock(now: { 0 }, sleep: { _ in }, unit: { 0 }, limit: { _ in })
        let failure = try await failure(caller(hosts: hosts, clock: late), server.url + "/s3cret")
        #expect(failure?.message.contains("did not answer within") == true)
        server.set { _ in .endless("HTTP/1.1 200 OK\r\n\r\n") }
        let flood = try await self.failure(caller(hosts: hosts), server.url + "/s3cret")
        #expect(flood?.message.contains("answered more than") == true)
        try await server.close()
        let away = try await self.failure(caller(hosts: hosts), server.url + "/s3cret")
        #expect(away?.message.contains("is not in reach") == true)
        for one in [failure, flood, away] { #expect(one?.message.contains("s3cret") == false) }
    }
}
