import Contracts
import HTTPTypes
import Hummingbird
import Testing

@testable import API

struct SystemRoutesTests {
    @Test("Health needs no token; readiness says what is wrong")
    func health() async throws {
        let server = try TestServer()
        #expect(try await server.send(.get, "/healthz", as: nil).json == ["status": "alive", "version": "0.1"])
        let ready = try await server.send(.get, "/readyz", as: nil)
        #expect(ready.status == 200)
        #expect(ready.json["status"] == "ready")
        server.store.change { $0.readiness["queue"] = "does not answer" }
        let notReady = try await server.send(.get, "/readyz", as: nil)
        #expect(notReady.status == 503)
        #expect(notReady.json["checks"]?[1] == ["name": "queue", "ok": false, "reason": "does not answer"])
        #expect(notReady.json["checks"]?[0]?["ok"] == true)
    }

    @Test("The first page is for who is signed in, has no script or style inside, and links to the document")
    func landing() async throws {
        let server = try TestServer()
        #expect(try await server.send(.get, "/", as: nil).headers[.location] == "/sign-in?next=%2F")
        let page = try await server.send(.get, "/", as: "user")
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page.text.contains("href=\"/openapi.json\""))
        for forbidden in ["<script>", "style=", "<style", "onload"] { #expect(!page.text.contains(forbidden)) }
    }

    @Test("The document lists exactly the routes that the server has, with unique names")
    func document() async throws {
        let server = try TestServer()
        let document = try await server.send(.get, "/openapi.json", as: nil).json
        #expect(document["openapi"] == "3.1.0")
        var listed: Set<String> = []
        for path in document["paths"]?.keys ?? [] {
            for verb in document["paths"]?[path]?.keys ?? [] { listed.insert("\(verb.uppercased()) \(path)") }
        }
        let routes = server.application.responder.table.routes
        #expect(listed == Set(routes.map { "\($0.method) \($0.pattern)" }))
        #expect(!listed.isEmpty)
    }

    @Test("Every operation documents its parameters, its answers and its problems")
    func operations() async throws {
        let server = try TestServer()
        let document = try await server.send(.get, "/openapi.json", as: nil).json
        for route in server.application.responder.table.routes {
            let operation = document["paths"]?[route.pattern.description]?[route.method.rawValue.lowercased()]
            let statuses = Set(operation?["responses"]?.keys ?? [])
            #expect(statuses.isSuperset(of: ["400", "414", "421", "500"]))
            if route.access != .open {
                #expect(statuses.isSuperset(of: [route.isPage ? "303" : "401", "403", "429", "503"]))
            }
            if route.body != nil { #expect(statuses.isSuperset(of: ["413", "415", "422"])) }
            let variables = route.pattern.parts.compactMap { if case .variable(let name) = $0 { name } else { nil } }
            let documented = route.parameters.filter { $0.location == "path" }.map(\.name)
            #expect(documented == variables, "\(route.pattern)")
        }
    }

    @Test("Every schema that the document refers to is there")
    func references() async throws {
        let document = try await TestServer().send(.get, "/openapi.json", as: nil)
        let names = document.json["components"]?["schemas"]?.keys ?? []
        let parts = document.text.split(separator: "#/components/schemas/").dropFirst()
        #expect(parts.count > 50)
        for part in parts { #expect(names.contains(String(part.prefix { $0 != "\"" }))) }
    }

    @Test(
        "On loopback only its own names are answered",
        arguments: [
            ("localhost", true), ("LOCALHOST:8080", true), ("127.0.0.1:1", true), ("[::1]", true), ("[::1]:8080", true),
            ("music.example", true), ("evil.example", false), ("localhost.evil.example", false),
            ("127.0.0.1.evil", false),
            ("evil@localhost", false), ("localhost:evil", false), ("", false), ("[::1", false), ("::1", false),
            ("0.0.0.0", false), ("localhost:80:80", false),
        ])
    func hosts(authority: String, isAllowed: Bool) {
        let guardian = HostGuard(boundTo: "127.0.0.1", allowedHosts: ["Music.example"])
        #expect(guardian.allows(authority) == isAllowed)
        #expect(!guardian.allows(nil))
        #expect(HostGuard(boundTo: "0.0.0.0", allowedHosts: []).allows(authority))
    }
}
