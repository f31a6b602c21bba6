import Contracts
import Domain
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import API

/// What pages of other origins may ask for, as browsers read it (Fetch, "CORS protocol").
@Suite struct ForeignPagesTests {
    private let server: TestServer
    private static let origin = "https://player.example"
    private static let common = "v=1.16.1&c=page&f=json"
    private static let resourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!

    init() throws {
        server = try TestServer()
    }

    private func ask(
        _ target: String, _ method: HTTPRequest.Method = .get, _ more: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = more
        headers[.origin] = Self.origin
        let fields = headers
        return try await server.application.test(.router) { client in
            let response = try await client.executeRequest(
                uri: target, method: method, headers: fields, body: nil)
            return Answer(status: response.status.code, headers: response.headers, body: response.body)
        }
    }

    private func code(_ answer: Answer) -> JSONValue? { answer.json["subsonic-response"]?["error"]?["code"] }

    @Test("A page of any origin may read what players are told, refusals too, and nothing else of this server")
    func readable() async throws {
        let track = try #require(server.store.change { $0.tracks.first?.id })
        for target in [
            "ping?apiKey=user&\(Self.common)", "ping?apiKey=nobody&\(Self.common)", "nothing",
            "getCoverArt?id=al-99&apiKey=user&\(Self.common)", "stream?id=tr-\(track)&apiKey=user&\(Self.common)",
            "ping?apiKey=user&v=1.16.1&c=x&f=jsonp&callback=call",
        ] {
            let answer = try await ask("/rest/\(target)")
            #expect(answer.headers[.accessControlAllowOrigin] == "*", "\(target)")
            #expect(answer.headers[.accessControlAllowCredentials] == nil)
            #expect(answer.headers[Self.resourcePolicy] == "cross-origin")
            let exposed = answer.headers[.accessControlExposeHeaders] ?? ""
            for name in ["Content-Length", "Content-Range", "Accept-Ranges", "X-Content-Duration", "Retry-After"] {
                #expect(exposed.lowercased().split(separator: ", ").contains(Substring(name.lowercased())), "\(name)")
            }
        }
        for target in ["/v1/health/live", "/v1/tracks", "/sign-in", "/restful"] {
            let answer = try await ask(target)
            #expect(answer.headers[.accessControlAllowOrigin] == nil, "\(target)")
            #expect(answer.headers[Self.resourcePolicy] == "same-origin")
        }
    }

    @Test("What a browser asks first is answered without a sign-in and without doing anything")
    func preflight() async throws {
        let wish: HTTPFields = [
            .accessControlRequestMethod: "GET", .accessControlRequestHeaders: "range,x-requested-with",
        ]
        let answer = try await ask("/rest/stream.view?id=tr-1", .options, wish)
        #expect(answer.status == 204 && answer.body.readableBytes == 0)
        #expect(answer.headers[.accessControlAllowOrigin] == "*" && answer.headers[.accessControlAllowHeaders] == "*")
        #expect(answer.headers[.accessControlAllowMethods]?.contains("POST") == true)
        #expect(answer.headers[.accessControlMaxAge] != nil)
        #expect(try await ask("/v1/tracks", .options, wish).headers[.accessControlAllowOrigin] == nil)
    }

    @Test("A cookie opens nothing for players, so that a foreign page cannot use the one that a browser has")
    func cookies() async throws {
        let browser = try await SignedInBrowser(server)
        #expect(try await browser.get("/v1/me").status == 200)
        let refused = try await ask("/rest/ping?\(Self.common)", .get, [.cookie: browser.cookie])
        #expect(code(refused) == 10)
        let session = String(browser.cookie.split(separator: "=")[1])
        #expect(code(try await ask("/rest/ping?apiKey=\(session)&\(Self.common)")) == 44)
    }

    @Test("Guesses that a foreign page makes are counted as any others")
    func guesses() async throws {
        var last = try await ask("/rest/ping?u=root&p=first&\(Self.common)")
        #expect(code(last) == 40)
        for guess in 0..<30 where last.status == 200 {
            last = try await ask("/rest/ping?u=root&p=wrong\(guess)&\(Self.common)")
        }
        #expect(last.status == 429 && last.headers[.retryAfter] != nil)
        #expect(last.headers[.accessControlAllowOrigin] == "*", "a page can tell how long to wait")
    }
}
