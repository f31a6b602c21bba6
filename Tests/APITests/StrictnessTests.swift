import Contracts
import HTTPTypes
import Hummingbird
import Testing

@testable import API

/// A name that nobody reads is refused: it is a slip of the pen that would change what the request means.
struct StrictnessTests {
    @Test(
        "An unknown field of a body is refused by name, and nothing is done",
        arguments: [
            ("/v1/scans", #"{"path":"/music","acceptMissing":true,"mode":"full"}"#, "acceptMissing"),
            ("/v1/tasks", #"{"task":"noop","version":1,"payload":{},"runAt":"2030-01-01T00:00:00Z"}"#, "runAt"),
            ("/v1/tasks", #"{"task":"noop","version":1,"payload":{"until":"index"}}"#, "payload.until"),
            (
                "/v1/tasks", #"{"task":"index_file","version":1,"payload":{"file_path":"/music/a","untill":"index"}}"#,
                "payload.untill"
            ),
            ("/v1/tasks/retry", #"{"filter":{"kinds":"noop"}}"#, "filter.kinds"),
            ("/v1/tasks/retry", #"{"filter":{},"dry_run":true}"#, "dry_run"),
            ("/v1/roots", #"{"path":"/new","name":"New"}"#, "name"),
            ("/v1/roots", #"{"path":"/new","shedule":"off"}"#, "shedule"),
            ("/v1/tokens", #"{"name":"a","role":"user","expires":"2030-01-01T00:00:00Z"}"#, "expires"),
        ])
    func fields(path: String, json: String, field: String) async throws {
        let server = try TestServer()
        let before = server.store.change { [$0.scans.count, $0.tasks.count, $0.roots.count, $0.tokens.count] }
        let answer = try await server.send(.post, path, json: json)
        #expect(answer.status == 400)
        guard case .string(let detail) = answer.json["detail"] else { return #expect(Bool(false)) }
        #expect(detail.hasPrefix("there is no field \"\(field)\" here"), "\(detail)")
        #expect(server.store.change { [$0.scans.count, $0.tasks.count, $0.roots.count, $0.tokens.count] } == before)
    }

    @Test("A payload of a version that is not known yet may hold anything")
    func newerPayload() async throws {
        let json = #"{"task":"noop","version":9,"payload":{"mood":"good"}}"#
        #expect(try await TestServer().send(.post, "/v1/tasks", json: json).status == 202)
    }

    @Test("Every body and the filter inside one are closed in the document")
    func document() async throws {
        let server = try TestServer()
        let document = try await server.send(.get, "/openapi.json", as: nil).json
        for route in server.application.responder.table.routes {
            guard let spec = route.body else { continue }
            let operation = document["paths"]?[route.pattern.description]?[route.method.rawValue.lowercased()]
            let schema = operation?["requestBody"]?["content"]?[spec.encoding.rawValue]?["schema"]
            guard case .string(let reference) = schema?["$ref"] else { return #expect(Bool(false)) }
            let body = document["components"]?["schemas"]?[String(reference.split(separator: "/").last ?? "")]
            #expect(body?["additionalProperties"] == false, "\(route.pattern)")
        }
        let filter = document["components"]?["schemas"]?["RetryTasks"]?["properties"]?["filter"]
        #expect(filter?["additionalProperties"] == false)
        #expect(document["components"]?["schemas"]?["Scan"]?["additionalProperties"] == nil, "answers may grow")
    }

    @Test(
        "An unknown query parameter is refused by name",
        arguments: [
            ("/v1/tasks?stat=dead", "stat", "cursor, fingerprint, kind, limit, role, scan_id, state"),
            ("/v1/tracks/1?limit=3", "limit", "enrich"), ("/v1/queues?role=audio", "role", ""),
            ("/v1/search?q=a&Limit=3", "Limit", "cursor, limit, q, root_id"),
        ])
    func parameters(target: String, name: String, known: String) async throws {
        let answer = try await TestServer().send(.get, target, as: "user")
        #expect(answer.status == 400)
        let hint = known.isEmpty ? "" : "; there is \(known)"
        #expect(answer.json["detail"] == .string("there is no query parameter \"\(name)\" here\(hint)"))
    }

    @Test("A probe may add what it likes to a health check, and strangers learn nothing")
    func openRoutes() async throws {
        let server = try TestServer()
        #expect(try await server.send(.get, "/healthz?t=1", as: nil).status == 200)
        #expect(try await server.send(.get, "/readyz?t=1", as: nil).status == 200)
        #expect(try await server.send(.get, "/v1/tasks?stat=dead", as: nil).status == 401)
    }
}
