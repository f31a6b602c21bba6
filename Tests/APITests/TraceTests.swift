import API
import Foundation
import HTTPTypes
import Telemetry
import Testing

@Suite struct TraceTests {
    private let spans = SpanQueue()

    private func told(
        _ path: String, _ headers: [String: String], as secret: String? = "admin", ratio: Double = 1
    ) async throws -> [SpanRecord] {
        let server = try TestServer { options in
            options.recorder = TraceRecorder(queue: spans, ratio: ratio, random: { .random(in: 1 ... .max) })
        }
        var fields: HTTPFields = [:]
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        _ = try await server.send(.get, path, as: secret, headers: fields)
        return spans.take(upTo: .max)
    }

    @Test("A request is told by the pattern of its route, below the span that the client names")
    func request() async throws {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let told = try await told("/v1/tracks/1?limit=secret", ["traceparent": parent, "X-Request-Id": "mine"])
        let span = try #require(told.first)
        #expect(told.count == 1 && span.name == "GET /v1/tracks/{id}")
        #expect(span.place.traceID == "0af7651916cd43dd8448eb211c80319c" && span.parent == 0xb7ad_6b71_6920_3331)
        let text = SpanJSON(resource: [], version: "1").request([span])
        #expect(text.contains("mine") && !text.contains("secret"))
    }

    @Test("A client that does not want to be traced is not", arguments: ["00", "02"])
    func unsampled(flags: String) async throws {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-\(flags)"
        #expect(try await told("/v1/tracks/1", ["traceparent": parent]).isEmpty)
    }

    @Test(
        "A hostile traceparent is ignored",
        arguments: [
            "", "00-", "\u{1}", String(repeating: "0", count: 4000),
            "00-\(String(repeating: "0", count: 32))-b7ad6b7169203331-01",
        ])
    func hostile(parent: String) async throws {
        let span = try #require(try await told("/v1/tracks/1", ["traceparent": parent]).first)
        #expect(span.parent == nil)
    }

    @Test(
        "What is asked all the time is not told",
        arguments: ["/healthz", "/readyz", "/nowhere", "/openapi.json", "/metrics"])
    func quiet(path: String) async throws {
        #expect(try await told(path, [:]).isEmpty)
    }

    @Test("A stranger makes no span, whatever he asks for", arguments: [nil, "nobody"] as [String?])
    func stranger(secret: String?) async throws {
        let sampled = ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]
        #expect(try await told("/v1/tracks/1", [:], as: secret).isEmpty)
        #expect(try await told("/v1/tracks/1", sampled, as: secret, ratio: 0).isEmpty)
        #expect(try await told("/v1/tracks/1", sampled, ratio: 0).count == 1, "who is signed in may ask for it")
    }

    @Test("The time that the sign-in took is a part of the request")
    func begin() async throws {
        let before = UInt64(Date().timeIntervalSince1970 * 1e9)
        let span = try #require(try await told("/v1/tracks/1", [:]).first)
        #expect(span.start > before - 1_000_000_000 && span.end >= span.start)
    }
}
