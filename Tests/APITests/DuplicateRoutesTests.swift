import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

struct DuplicateRoutesTests {
    @Test("Groups are listed page by page, the best file first, the others with the reason")
    func list() async throws {
        let server = try TestServer()
        let page = try await server.send(.get, "/v1/duplicates?limit=1", as: "user").json
        #expect(page["items"]?.count == 1 && page["next_cursor"] == "1")
        #expect(page["compared"] == 9 && page["without_fingerprint"] == 1 && page["waiting"] == 2)
        let items = page["items"]?[0]?["items"]
        #expect(items?[0]?["best"] == true && items?[0]?["quality"] == "lossless" && items?[0]?["evidence"] == .null)
        #expect(items?[1]?["evidence"] == "same_fingerprint" && items?[1]?["compared_with"] == 1)
        #expect(items?[1]?["bit_error_rate"] == 0.04 && items?[1]?["score"] == 0.92)
        #expect(items?[1]?["offset_ms"] == -3000, "the second one has less at its beginning")
        #expect(items?[2]?["evidence"] == "probable" && items?[2]?["compared_with"] == 2)
        #expect(items?[2]?["likeness"] == 0.99 && items?[2]?["bit_error_rate"] == .null)
        let next = try await server.send(.get, "/v1/duplicates?limit=1&cursor=1", as: "user").json
        #expect(next["items"]?[0]?["items"]?[1]?["evidence"] == "same_content" && next["next_cursor"] == .null)
    }

    @Test("Those of a track are found from each of its files; unknown ones are not found")
    func ofTrack() async throws {
        let server = try TestServer()
        let answer = try await server.send(.get, "/v1/tracks/3/duplicates", as: "user").json
        #expect(answer["id"] == "k1" && answer["items"]?.count == 3)
        #expect(try await server.send(.get, "/v1/tracks/99/duplicates", as: "user").status == 404)
        #expect(try await server.send(.get, "/v1/duplicates?limit=0", as: "user").status == 400)
        #expect(try await server.send(.get, "/v1/duplicates?cursor=zzz", as: "user").status == 400)
        #expect(try await server.send(.get, "/v1/duplicates", as: nil).status == 401)
    }
}
