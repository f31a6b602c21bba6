import CoreMetrics
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Telemetry
import Testing

@testable import API

struct MetricsRoutesTests {
    private let registry = MetricsRegistry()

    private func server() throws -> TestServer { try TestServer(metrics: MetricsPage(registry: registry)) }

    @Test("Numbers are told to any token, and to nobody without one")
    func access() async throws {
        let server = try server()
        #expect(try await server.send(.get, "/metrics", as: nil).status == 401)
        for secret in ["admin", "user", "worker"] {
            let answer = try await server.send(.get, "/metrics", as: secret)
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.text.contains("# TYPE sillon_tasks_enqueued_total counter\n"))
        }
    }

    @Test("Who asks for OpenMetrics gets it")
    func openMetrics() async throws {
        let answer = try await server().send(
            .get, "/metrics", headers: [.accept: "application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1"])
        #expect(
            answer.headers[.contentType] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(answer.text.hasSuffix("# EOF\n"))
    }

    @Test("Requests are counted by the pattern of their route, never by what a client wrote")
    func routes() async throws {
        let server = try server()
        let text = try await withMetricsFactory(registry) {
            _ = try await server.send(.get, "/v1/tracks/4711")
            _ = try await server.send(.get, "/v1/tracks/not-a-number")
            _ = try await server.send(.get, "/v1/secret-file-name")
            _ = try await server.send(.get, "/healthz", as: nil)
            return try await server.send(.get, "/metrics").text
        }
        #expect(text.contains(#"sillon_http_requests_total{method="GET",route="/healthz",status="2xx"} 1"#))
        #expect(text.contains(#"sillon_http_requests_total{method="other",route="unknown",status="4xx"} 1"#))
        #expect(text.contains(#"sillon_http_request_seconds_count{method="GET",route="/v1/tracks/{id}"} 2"#))
        for word in ["4711", "not-a-number", "secret-file-name"] { #expect(!text.contains(word)) }
    }

    @Test("There are fewer routes than labels for them")
    func bound() throws {
        let responder = try server().application.responder
        let methods = responder.subsonic.methods.values.count(where: \.isServed)
        #expect(responder.table.routes.count + methods < HTTPRoute.countMax - 1)
    }

    @Test("The listener of its own answers /metrics without a token, and nothing else")
    func listener() async throws {
        let application = makeMetricsApplication(
            page: MetricsPage(registry: registry), host: "127.0.0.1", port: 0, logger: Logger(label: "metrics-tests"))
        try await application.test(.live) { client in
            let page = try await client.executeRequest(uri: "/metrics", method: .get, headers: [:], body: nil)
            #expect(page.status == .ok)
            #expect(page.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(String(buffer: page.body).contains("sillon_tasks_enqueued_total"))
            for path in ["/", "/v1/tasks", "/metrics/x", "/healthz"] {
                let other = try await client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
                #expect(other.status == .notFound, "\(path)")
            }
            let change = try await client.executeRequest(uri: "/metrics", method: .post, headers: [:], body: nil)
            #expect(change.status == .methodNotAllowed)
        }
    }

    @Test("A listener on loopback answers to no other name")
    func otherName() async throws {
        let page = MetricsPage(registry: registry)
        let responder = MetricsResponder(page: page, hostGuard: HostGuard(boundTo: "127.0.0.1", allowedHosts: []))
        #expect(!responder.hostGuard.allows("rebound.example:9464"))
        #expect(responder.hostGuard.allows("localhost:9464"))
    }
}
