import Contracts
import Domain
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import API

/// Who may call what in the Subsonic protocol, and how that is told.
@Suite struct SubsonicSignInTests {
    private let server: TestServer
    /// Of a client that says all it must.
    private static let common = "v=1.16.1&c=test&f=json"

    init() throws {
        server = try TestServer()
    }

    private func call(
        _ target: String, _ method: HTTPRequest.Method = .get, body: String? = nil, headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await server.application.test(.router) { client in
            let response = try await client.executeRequest(
                uri: "/rest/\(target)", method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
            return Answer(status: response.status.code, headers: response.headers, body: response.body)
        }
    }

    /// The error's number, nil for an answer that is well.
    private func code(_ parameters: String, of method: String = "ping") async throws -> Int64? {
        let answer = try await call("\(method)?\(parameters)&\(Self.common)")
        guard case .integer(let code)? = answer.json["subsonic-response"]?["error"]?["code"] else {
            #expect(answer.json["subsonic-response"]?["status"] == "ok")
            return nil
        }
        #expect(answer.status == 200 && answer.json["subsonic-response"]?["status"] == "failed")
        return code
    }

    @Test("An API key opens the door alone, and says who it is of")
    func keys() async throws {
        #expect(try await code("apiKey=user") == nil)
        #expect(try await code("apiKey=nobody") == 44)
        #expect(try await code("apiKey=worker") != nil)
        for more in ["u=ada", "p=x", "t=x", "s=abcdef", "u="] {
            #expect(try await code("apiKey=user&\(more)") == 43)
        }
        let told = try await call("tokenInfo?apiKey=user&\(Self.common)")
        #expect(told.json["subsonic-response"]?["tokenInfo"]?["username"] == "ada")
    }

    @Test("A password is sent in clear or in hexadecimal digits, and hashed once for many requests")
    func passwords() async throws {
        #expect(try await code("u=root&p=old%20password") == nil)
        #expect(try await code("u=root&p=enc:6f6c642070617373776f7264") == nil)
        #expect(try await code("u=root&p=enc:6f6c") == 40)
        #expect(try await code("u=root&p=enc:zz") == 40)
        #expect(try await code("u=nobody&p=old%20password") == 40)
        #expect(try await code("u=root") == 10)
        #expect(try await code("p=old%20password") == 10)
        #expect(try await code("u=root&p=x&t=y&s=abcdef") == 43)
    }

    @Test("Many requests at once with the right password are never locked out, wrong ones soon are")
    func limits() async throws {
        try await withThrowingTaskGroup(of: Int64?.self) { group in
            for _ in 0..<100 { group.addTask { try await code("u=root&p=old%20password") } }
            for try await code in group { #expect(code == nil) }
        }
        var codes: [Int] = []
        for guess in 0..<30 {
            codes.append(try await call("ping?u=root&p=wrong\(guess)&\(Self.common)").status)
        }
        #expect(codes.contains(429) && codes.first == 200)
        let refused = try await call("ping?u=root&p=another&\(Self.common)")
        #expect(refused.status == 429 && refused.headers[.retryAfter] != nil)
        #expect(refused.json["subsonic-response"]?["status"] == "failed")
        // Known from before.
        #expect(try await code("u=root&p=old%20password") == nil)
        // A token cannot be guessed, so whoever has one is not kept waiting for others' guesses.
        #expect(try await code("apiKey=user") == nil)
    }

    @Test("A digest is of an app password; whatever fits none is refused alike")
    func digests() async throws {
        let salt = "c19b2d"
        #expect(try await code("u=ada&t=26719a1196d2a940705a59634eb18eab&s=\(salt)") == 40)
        let made = try await server.send(.post, "/v1/me/app-passwords", as: "user", json: #"{"name": "phone"}"#)
        #expect(made.status == 201 && made.json["secret"] == "sillon_app-4")
        #expect(made.json["token"]?["app_password"] == true)
        let right = "t=968afdb75b5fc4bf91fd25d377e624c6&s=\(salt)"
        #expect(try await code("u=ada&\(right)") == nil)
        let readings = server.store.change { $0.appPasswordReadings }
        for _ in 0..<5 { #expect(try await code("u=ada&\(right)") == nil) }
        #expect(server.store.change { $0.appPasswordReadings } == readings)
        #expect(try await code("u=root&\(right)") == 40)
        #expect(try await code("u=ada&t=968afdb75b5fc4bf91fd25d377e624c7&s=\(salt)") == 40)
        #expect(try await code("u=ada&t=968afdb75b5fc4bf91fd25d377e624c6") == 10)
        #expect(try await code("u=ada&t=968afdb75b5fc4bf91fd25d377e624c6&s=short") == 40)
        #expect(try await code("u=ada&p=sillon_app-4") == nil)
        #expect(try await code("u=root&p=sillon_app-4") == 40)
        #expect(try await server.send(.get, "/v1/me/app-passwords", as: "user").json["items"]?.count == 1)
        #expect(try await server.send(.get, "/v1/me/app-passwords", as: "admin").json["items"]?.count == 0)
        #expect(try await server.send(.delete, "/v1/me/app-passwords/4", as: "admin").status == 404)
        #expect(try await server.send(.delete, "/v1/me/app-passwords/1", as: "user").status == 404)
        // Who found one can neither shut its owner out nor stay.
        let found = "sillon_app-4"
        #expect(try await server.send(.get, "/v1/library", as: found).status == 200)
        #expect(
            try await server.send(.post, "/v1/me/app-passwords", as: found, json: #"{"name": "x"}"#).status == 403)
        #expect(try await server.send(.delete, "/v1/me/app-passwords/4", as: found).status == 403)
        #expect(try await server.send(.delete, "/v1/me/app-passwords/4", as: "user").status == 204)
        #expect(try await code("u=ada&\(right)") == 40)
        let more = try await server.send(
            .post, "/v1/me/app-passwords", as: "user", json: #"{"name": "phone", "role": "admin"}"#)
        #expect(more.status == 403)
    }

    @Test("Players say who they are and what they speak")
    func versions() async throws {
        #expect(try await code("apiKey=user&v=1.0") == nil)
        for (query, code) in [
            ("c=x", 10), ("v=1.16.1", 10), ("v=&c=x", 10), ("v=0.9&c=x", 20), ("v=2.0.0&c=x", 30), ("v=new&c=x", 0),
            ("v=1.2.3.4&c=x", 0),
        ] {
            let answer = try await call("ping?apiKey=user&f=json&\(query)")
            #expect(answer.json["subsonic-response"]?["error"]?["code"] == .integer(Int64(code)), "\(query)")
        }
        let open = try await call("getOpenSubsonicExtensions?f=json")
        #expect(open.json["subsonic-response"]?["openSubsonicExtensions"]?.count == SubsonicSystem.extensions.count)
    }

    @Test("A form is as good as an address, and nothing else is taken")
    func forms() async throws {
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded; charset=UTF-8"]
        let good = try await call("ping.view", .post, body: "apiKey=user&\(Self.common)", headers: form)
        #expect(good.json["subsonic-response"]?["status"] == "ok")
        let both = try await call("ping?\(Self.common)", .post, body: "apiKey=user", headers: form)
        #expect(both.json["subsonic-response"]?["status"] == "ok")
        let json = try await call(
            "ping?apiKey=user&\(Self.common)", .post, body: "{}", headers: [.contentType: "application/json"])
        #expect(json.status == 415)
        #expect(try await call("ping?apiKey=user&\(Self.common)", .put).status == 405)
        let large = String(repeating: "x", count: SubsonicParameters.maxFormBytes + 1)
        #expect(try await call("ping", .post, body: "q=\(large)", headers: form).status == 413)
        #expect(try await call("nothing?apiKey=user&\(Self.common)").status == 404)
        #expect(try await call("ping/more?apiKey=user&\(Self.common)").status == 404)
        let head = try await call("ping?apiKey=user&\(Self.common)", .head)
        #expect(head.status == 200 && head.body.readableBytes == 0)
    }

    @Test("Answers come as XML unless another format is asked for, and as scripts to functions only")
    func formats() async throws {
        let xml = try await call("ping?apiKey=user&v=1.16.1&c=x")
        #expect(xml.headers[.contentType] == "text/xml; charset=utf-8")
        #expect(xml.text.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<subsonic-response xmlns="))
        let script = try await call("ping?apiKey=user&v=1.16.1&c=x&f=jsonp&callback=a.b")
        #expect(script.headers[.contentType]?.hasPrefix("application/javascript") == true)
        #expect(script.text.hasPrefix("a.b({\"subsonic-response\":{") && script.text.hasSuffix("}});"))
        let bad = try await call("ping?apiKey=user&v=1.16.1&c=x&f=jsonp&callback=a(")
        #expect(bad.text.contains("code=\"0\"") && !bad.text.contains("a("))
        for answer in [xml, script, bad] {
            #expect(answer.headers[.xContentTypeOptions] == "nosniff" && answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[HTTPField.Name("X-Request-Id")!] != nil)
        }
    }

    @Test("Administrators alone change accounts, and nobody asks by a foreign name")
    func roles() async throws {
        for method in ["createUser", "updateUser", "deleteUser", "getUsers"] {
            #expect(try await code("apiKey=user&username=x&password=y&email=z", of: method) == 50)
        }
        #expect(try await code("apiKey=admin", of: "getUsers") == nil)
        #expect(try await code("apiKey=user&username=ada&password=new%20password", of: "changePassword") == 50)
        #expect(
            try await code("u=root&p=old%20password&username=root&password=new%20password", of: "changePassword") == nil
        )
        #expect(try await code("u=root&p=old%20password") == 40)
        #expect(try await code("u=root&p=new%20password") == nil)
    }

    @Test("A wrong password is looked at once, so that a player with an old one shuts nobody out")
    func stale() async throws {
        for _ in 0..<30 { #expect(try await code("u=root&p=an%20older%20password") == 40) }
        #expect(try await code("u=root&p=old%20password") == nil)
    }

    @Test("An end that is told twice is one play, and the players of an account have plays of their own")
    func plays() async throws {
        let ids = server.store.change { $0.tracks.map(\.id) }
        func report(_ id: Int64, _ state: String, _ client: String) async throws {
            let target =
                "reportPlayback?apiKey=user&v=1.16.1&f=json&c=\(client)&mediaId=tr-\(id)&mediaType=song&positionMs=500"
            let answer = try await call("\(target)&state=\(state)")
            #expect(answer.json["subsonic-response"]?["status"] == "ok")
        }
        func count() -> Int { server.store.change { $0.plays.values.reduce(0) { $0 + $1.count } } }
        let before = count()
        for _ in 0..<3 { try await report(ids[0], "stopped", "lost") }
        #expect(count() == before + 1)
        // A play is known by its track and when it began, to the microsecond.
        server.clock.advance(seconds: 1)
        for _ in 0..<3 {
            try await report(ids[0], "playing", "phone")
            try await report(ids[1], "playing", "desk")
        }
        #expect(count() == before + 3)
    }
}
