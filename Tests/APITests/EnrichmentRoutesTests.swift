import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

struct EnrichmentRoutesTests {
    @Test(
        "What services outside said is shown with source and date, and in lists it is not",
        arguments: OutsideSubject.Kind.allCases)
    func shown(kind: OutsideSubject.Kind) async throws {
        let server = try TestServer()
        let answer = try await server.send(.get, "/v1/\(kind.rawValue)s/2", as: "user").json
        let reports = answer["outside"]?["reports"]
        #expect(reports?.count == 2)
        #expect(reports?[0]?["source"] == "lastfm" && reports?[0]?["fetched_at"] == "2026-01-01T00:00:00.000Z")
        #expect(reports?[0]?["expires_at"] == "2026-01-31T00:00:00.000Z")
        #expect(reports?[0]?["facts"]?["tags"]?[0]?["name"] == "folk")
        #expect(reports?[0]?["facts"]?["similar"]?[0]?["match"] == 0.5)
        #expect(reports?[1]?["facts"] == .null, "it was asked, and does not know it")
        #expect(server.store.change { $0.questions }.isEmpty)
        let listed = try await server.send(.get, "/v1/\(kind.rawValue)s", as: "user").json["items"]?[0]
        #expect(listed?["outside"] == nil)
    }

    @Test(
        "Who opens a page may have it asked for what is old; who insists gets a task",
        arguments: OutsideSubject.Kind.allCases)
    func asked(kind: OutsideSubject.Kind) async throws {
        let server = try TestServer()
        let path = "/v1/\(kind.rawValue)s/2"
        #expect(try await server.send(.get, path + "?enrich=true", as: "user").status == 200)
        #expect(try await server.send(.get, path + "?enrich=maybe", as: "user").status == 400)
        let answer = try await server.send(.post, path + "/refresh", as: "user")
        #expect(answer.status == 202 && answer.json["task_id"] != nil)
        #expect(answer.headers[.location]?.hasPrefix("/v1/tasks/") == true)
        let questions = server.store.change { $0.questions }
        #expect(questions == ["\(kind.rawValue) 2 false high", "\(kind.rawValue) 2 true high"])
        #expect(try await server.send(.post, "/v1/\(kind.rawValue)s/99/refresh", as: "user").status == 404)
        server.store.change { $0.hasSources = false }
        #expect(try await server.send(.post, path + "/refresh", as: "user").status == 409)
    }
}
