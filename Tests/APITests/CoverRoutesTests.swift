import Contracts
import Domain
import HTTPTypes
import Testing

/// Covers in sizes, and downloads where there are none.
struct CoverRoutesTests {
    @Test("An album's front has a tag, by which a client knows that it has it")
    func albumCover() async throws {
        let server = try TestServer()
        let answer = try await server.send(.get, "/v1/albums/1/cover", as: "user")
        #expect(answer.status == 200)
        let tag = try #require(answer.headers[.eTag])
        #expect(answer.headers[.cacheControl] == "private, no-cache", "another one may be found")
        let again = try await server.send(.get, "/v1/albums/1/cover", as: "user", headers: [.ifNoneMatch: tag])
        #expect(again.status == 304)
        let small = try await server.send(.get, "/v1/albums/1/cover?size=200", as: "user", headers: [.ifNoneMatch: tag])
        #expect(small.status == 200 && small.headers[.eTag] != tag)
        #expect(try await server.send(.get, "/v1/albums/1/cover?size=0", as: "user").status == 400)
        #expect(try await server.send(.get, "/v1/albums/99/cover", as: "user").status == 404)
        #expect(try await server.send(.get, "/v1/covers/\(String(repeating: "0", count: 64))?size=64").status == 404)
    }

    @Test("A refresh is a task that overtakes")
    func refresh() async throws {
        let server = try TestServer()
        let answer = try await server.send(.post, "/v1/albums/1/cover/refresh", as: "user")
        #expect(answer.status == 202)
        guard case .integer(let id)? = answer.json["task_id"] else {
            Issue.record("no task: \(answer.text)")
            return
        }
        let task = try await server.send(.get, "/v1/tasks/\(id)", as: "user").json
        #expect(task["task"] == "download_artwork" && task["priority"] == "high" && task["role"] == "downloader")
    }

    @Test(
        "Where nothing is downloaded, a download says what is missing",
        arguments: [
            (HTTPRequest.Method.get, "/v1/downloads"), (.get, "/v1/downloads/search?q=a"), (.get, "/v1/downloads/x"),
            (.delete, "/v1/downloads/x"),
        ])
    func unset(method: HTTPRequest.Method, path: String) async throws {
        let answer = try await TestServer().send(method, path, as: "user")
        #expect(answer.status == 409)
        #expect(answer.text.contains("SILLON_SLSKD_URL"))
    }
}
