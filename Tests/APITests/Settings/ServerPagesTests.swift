import HTTPTypes
import Testing

@testable import API

/// `/settings/server` and `/settings/services`
@Suite struct ServerPagesTests {
    private let server: TestServer

    init() throws {
        server = try TestServer()
    }

    @Test("The server tells what it is, since when it runs, and which settings are in effect")
    func facts() async throws {
        let page = try await server.send(.get, "/settings/server")
        for text in ["0.1", "SQLite", "15", "/data", "1 min", "SILLON_PORT", "8080", "none", "Database answers"] {
            #expect(page.text.contains(text), "\(text)")
        }
        server.store.change { $0.readiness["database"] = "it does not answer" }
        #expect(try await server.send(.get, "/settings/server").text.contains("it does not answer"))
    }

    @Test("Services say where their keys are set and how the last try went; no key is shown")
    func services() async throws {
        let page = try await server.send(.get, "/settings/services")
        #expect(page.text.contains("set by <code>SILLON_LASTFM_KEY</code>"))
        #expect(page.text.contains("not set; set it by <code>SILLON_LASTFM_SECRET_FILE</code>"))
        #expect(page.text.contains("somebody has to mend something") && page.text.contains("401: mend the key"))
        #expect(page.text.contains("never asked"), "Last.fm has no record")
    }
}
