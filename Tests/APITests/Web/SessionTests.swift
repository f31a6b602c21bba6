import Contracts
import HTTPTypes
import NIOCore
import Testing
import UseCases

@testable import API

@Suite struct SessionTests {
    private let server: TestServer

    init() throws {
        server = try TestServer()
    }

    private static let here: HTTPFields = [.origin: "http://localhost"]
    private static let form: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded", .origin: "http://localhost",
    ]

    private func signIn(
        _ body: String, _ headers: HTTPFields = form
    ) async throws -> Answer {
        try await server.send(
            .post, "/sign-in", as: nil, body: .init(string: body), headers: headers)
    }

    /// The `Cookie` header of a browser that is signed in.
    private func session(_ token: String = "user") async throws -> String {
        let answer = try await signIn("token=\(token)&next=/map")
        #expect(answer.status == 303)
        return String(try #require(answer.headers[.setCookie]).prefix { $0 != ";" })
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ cookie: String, _ more: HTTPFields = [:], body: String? = nil
    ) async throws -> Answer {
        var headers = more
        headers[.cookie] = "other=1; \(cookie)"
        return try await server.send(
            method, path, as: nil, body: body.map { .init(string: $0) }, headers: headers)
    }

    @Test("A token gets a cookie that scripts and other sites cannot use, and the page that was asked for")
    func signsIn() async throws {
        let answer = try await signIn("token=%20user%0A&next=%2Fmap%3Fmodel%3Da")
        #expect(answer.status == 303 && answer.headers[.location] == "/map?model=a")
        let cookie = try #require(answer.headers[.setCookie])
        #expect(cookie == "sillon_session=session-4; Path=/; Max-Age=1209600; HttpOnly; SameSite=Strict")
        let page = try await send(.get, "/map", try await session())
        #expect(page.status == 200)
        let first = try await send(.get, "/", try await session())
        #expect(first.text.contains("Sign out") && !first.text.contains("Sign in"))
        let policy = try #require(page.headers[.contentSecurityPolicy])
        #expect(policy.contains("script-src 'self'") && !policy.contains("unsafe"))
    }

    @Test("A name and a password get the same; what was wrong is not told, and the name is kept")
    func password() async throws {
        let answer = try await signIn("name=root&password=old%20password&next=%2Fmap")
        #expect(answer.status == 303 && answer.headers[.location] == "/map")
        #expect(answer.headers[.setCookie]?.hasSuffix("HttpOnly; SameSite=Strict") == true)
        let cookie = String(try #require(answer.headers[.setCookie]).prefix { $0 != ";" })
        #expect(try await send(.get, "/v1/tokens", cookie).status == 200, "what its account may")
        for fields in ["name=root&password=wrong", "name=nobody&password=old%20password", "name=ada&password="] {
            let answer = try await signIn(fields)
            #expect(answer.status == 401 && answer.headers[.setCookie] == nil)
            #expect(answer.text.contains("Not signed in: the name or the password is wrong."))
            #expect(!answer.text.contains("value=\"wrong\""))
        }
        #expect(try await signIn("name=nobody&password=x").text.contains("value=\"nobody\""))
    }

    @Test("Wrong passwords run dry, and then the right one opens nothing for a while, nor from elsewhere")
    func guesses() async throws {
        for number in 0..<Int(SignInLimiter.burst) {
            #expect(try await signIn("name=root&password=wrong\(number)").status == 401)
        }
        let dry = try await signIn("name=root&password=old%20password")
        #expect(dry.status == 429 && dry.headers[.retryAfter] == "6" && dry.headers[.setCookie] == nil)
        #expect(try await signIn("name=ada&password=x").status == 429, "whatever the name")
        #expect(try await signIn("token=user").status == 303, "a token cannot be guessed")
        server.clock.advance(seconds: 6)
        for _ in 0..<20 { #expect(try await signIn("name=root&password=old%20password").status == 303) }
    }

    @Test(
        "Over HTTPS the cookie never goes out in the clear",
        arguments: [
            ("X-Forwarded-Proto", "https"), ("Forwarded", "for=192.0.2.1;proto=https"), ("Origin", "https://localhost"),
        ])
    func secure(name: String, value: String) async throws {
        var headers = Self.form
        headers[try #require(HTTPField.Name(name))] = value
        #expect(try await signIn("token=user", headers).headers[.setCookie]?.hasSuffix("; Secure") == true)
    }

    @Test(
        "No link leads to another site after signing in",
        arguments: ["//evil.example", "https://evil.example", "/%5Cevil.example", "%0D%0ASet-Cookie:x"])
    func redirects(next: String) async throws {
        #expect(try await signIn("token=user&next=\(next)").headers[.location] == "/")
        let form = try await server.send(.get, "/sign-in?next=\(next)", as: nil)
        #expect(form.text.contains("name=\"next\" value=\"/\""))
    }

    @Test("A wrong token gets the form again, a worker's too; what was typed is not shown")
    func refused() async throws {
        let wrong = try await signIn("token=nonsense&next=/map")
        #expect(wrong.status == 401 && wrong.headers[.setCookie] == nil)
        #expect(wrong.text.contains("Not signed in") && !wrong.text.contains("nonsense"))
        #expect(try await signIn("token=worker").status == 403)
        #expect(try await signIn("token=").status == 401)
    }

    @Test("Failed sign-ins run dry, and a good token still opens the door")
    func limited() async throws {
        for number in 0..<Int(SignInLimiter.burst) { _ = try await signIn("token=wrong\(number)") }
        let dry = try await signIn("token=again")
        #expect(dry.status == 429 && dry.headers[.retryAfter] == "6")
        #expect(try await signIn("token=user").status == 303)
    }

    @Test("Who is not signed in is led to the form and back; an ended session is forgotten")
    func redirected() async throws {
        let answer = try await server.send(.get, "/map?model=a", as: nil)
        #expect(answer.status == 303 && answer.headers[.location] == "/sign-in?next=%2Fmap%3Fmodel%3Da")
        #expect(answer.headers[.setCookie] == nil)
        let stale = try await send(.get, "/map", "sillon_session=session-99")
        #expect(stale.status == 303 && stale.headers[.setCookie]?.contains("Max-Age=0") == true)
        #expect(try await server.send(.get, "/map", as: "worker").status == 403)
    }

    @Test("A session reads as its token does; neither secret opens anything in the place of the other")
    func reads() async throws {
        let cookie = try await session()
        #expect(try await send(.get, "/v1/tracks", cookie).status == 200)
        #expect(try await send(.get, "/v1/tokens", cookie).status == 403)
        #expect(try await send(.get, "/v1/tracks", "sillon_session=user").status == 401)
        #expect(try await server.send(.get, "/v1/tracks", as: "session-4").status == 401)
        #expect(try await signIn("token=session-4").status == 401)
    }

    @Test("What changes something takes the page's own mark, from this very site")
    func crossSite() async throws {
        let cookie = try await session("admin")
        let secret = String(cookie.split(separator: "=")[1])
        let mark = CrossSiteGuard.token(for: secret)
        func pause(_ headers: HTTPFields) async throws -> Int {
            try await send(.post, "/v1/queues/audio/pause", cookie, headers).status
        }
        let name = CrossSiteGuard.header
        let site = HTTPField.Name("Sec-Fetch-Site")!
        #expect(try await pause([:]) == 403)
        #expect(try await pause(Self.here) == 403)
        #expect(try await pause([name: mark]) == 403)
        #expect(try await pause([name: "x" + mark.dropFirst(), .origin: "http://localhost"]) == 403)
        #expect(try await pause([name: mark, .origin: "http://evil.example"]) == 403)
        #expect(try await pause([name: mark, .origin: "null"]) == 403)
        #expect(try await pause([name: mark, site: "same-site", .origin: "http://localhost"]) == 403)
        #expect(try await pause([name: mark, site: "cross-site"]) == 403)
        #expect(server.store.change { $0.paused }.isEmpty)
        #expect(try await pause([name: mark, .origin: "http://LOCALHOST"]) == 200)
        #expect(try await pause([name: mark, site: "same-origin"]) == 200)
        #expect(try await server.send(.post, "/v1/queues/audio/pause").status == 200, "by header nothing else is asked")
        #expect(
            try await signIn("token=user", [.contentType: "application/x-www-form-urlencoded", site: "cross-site"])
                .status == 403)
    }

    @Test("Signing out ends the session at once; revoking its token does, too")
    func ends() async throws {
        let cookie = try await session()
        let page = try await send(.get, "/map", cookie)
        let start = try #require(page.text.firstRange(of: "name=\"csrf\" value=\"")).upperBound
        let mark = page.text[start...].prefix { $0 != "\"" }
        #expect(try await send(.post, "/sign-out", cookie, Self.form, body: "csrf=x").status == 403)
        #expect(try await send(.get, "/v1/tracks", cookie).status == 200)
        let out = try await send(.post, "/sign-out", cookie, Self.form, body: "csrf=\(mark)")
        #expect(out.status == 303 && out.headers[.location] == "/")
        #expect(out.headers[.setCookie]?.contains("Max-Age=0") == true)
        #expect(try await send(.get, "/v1/tracks", cookie).status == 401)
        let other = try await session()
        #expect(try await send(.get, "/v1/tracks", other).status == 200)
        #expect(try await server.send(.delete, "/v1/tokens/1").status == 204)
        #expect(try await send(.get, "/v1/tracks", other).status == 401)
    }

    @Test("A session is no token to be the last administrator's")
    func lastAdmin() async throws {
        _ = try await session("admin")
        #expect(try await server.send(.delete, "/v1/tokens/3").status == 409)
        let tokens = try await server.send(.get, "/v1/tokens").json["items"]
        #expect(tokens?[3]?["session_of"] == 3 && tokens?[0]?["session_of"] == .null)
    }

    @Test("What pages load is kept for ever by browsers, and checked where it is of another build")
    func assets() async throws {
        let page = try await server.send(.get, "/sign-in", as: nil)
        let start = try #require(page.text.firstRange(of: "href=\"/assets/")).lowerBound
        let path = String(page.text[start...].dropFirst(6).prefix { $0 != "\"" })
        let style = try await server.send(.get, path, as: nil)
        #expect(style.status == 200 && style.headers[.contentType] == "text/css; charset=utf-8")
        #expect(style.headers[.cacheControl]?.contains("immutable") == true)
        let tag = try #require(style.headers[.eTag])
        #expect(try await server.send(.get, path, as: nil, headers: [.ifNoneMatch: "W/\(tag)"]).status == 304)
        let old = try await server.send(.get, "/assets/0/sillon.css", as: nil)
        #expect(old.text == style.text && old.headers[.cacheControl] == "no-cache")
        #expect(try await server.send(.get, "/assets/0/nothing.css", as: nil).status == 404)
    }
}
