import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

@testable import API

struct ServiceRoutesTests {
    @Test("Services are listed for an admin, with what is wrong, when they are asked next, and what is used")
    func services() async throws {
        let server = try TestServer()
        #expect(try await server.send(.get, "/v1/services", as: "user").status == 403)
        let items = try await server.send(.get, "/v1/services").json["items"]
        #expect(items?[0]?["name"] == "musicbrainz" && items?[0]?["state"] == "blocked")
        #expect(items?[0]?["requests"] == 7 && items?[0]?["failures"] == 2 && items?[0]?["quota_used"] == 0.5)
        let door = items?[0]?["doors"]?[0]
        #expect(door?["last_error"] == "401: mend the key" && door?["last_error_reason"] == "service_blocked")
        #expect(door?["retry_after_seconds"] == 30 && door?["purpose"] == "work")
        #expect(items?[1]?["state"] == "unknown" && items?[1]?["quota_used"] == .null)
    }
}
