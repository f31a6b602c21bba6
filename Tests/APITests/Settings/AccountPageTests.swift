import Domain
import Foundation
import HTTPTypes
import Testing
import UseCases

@testable import API

/// `/settings/account`
@Suite struct AccountPageTests {
    private let server: TestServer
    private static let path = "/settings/account"

    init() throws {
        server = try TestServer()
    }

    private func signIn(_ password: String = "old%20password") async throws -> SignedInBrowser {
        try await SignedInBrowser(server, fields: "name=root&password=\(password)")
    }

    @Test("A new password is asked for twice and with the old one, and ends the other sessions alone")
    func password() async throws {
        let (here, there) = (try await signIn(), try await signIn())
        let token = try await SignedInBrowser(server, "admin")
        for (fields, field, text) in [
            ("current_password=wrong&password=new%20password&repeated=new%20password", "current_password", "not your"),
            ("current_password=old%20password&password=short&repeated=short", "password", "8 characters or more"),
            ("current_password=old%20password&password=new%20password&repeated=other", "repeated", "not the same"),
            ("current_password=old%20password", "password", "8 characters or more"),
        ] {
            let refused = try await here.post(Self.path + "/password", fields)
            #expect(refused.status == 422 && refused.text.contains(text), "\(fields)")
            #expect(refused.text.contains("id=\"own-\(field)-problem\""), "\(fields)")
            #expect(!refused.text.contains("new password\"") && !refused.text.contains("value=\"old"), "\(fields)")
        }
        let done = try await here.post(
            Self.path + "/password",
            "username=root&current_password=old%20password&password=new%20password&repeated=new%20password")
        #expect(done.headers[.location] == "/settings/account?done=passwordChanged")
        #expect(try await here.get(Self.path + "?done=passwordChanged").text.contains("Your password is changed."))
        for ended in [there, token] { #expect(try await ended.get(Self.path).status == 303) }
        #expect(try await server.send(.get, "/v1/whoami").status == 200, "a token stays")
        #expect(try await signIn("new%20password").get(Self.path).status == 200)
    }

    @Test("Who has no password sets one without an old one")
    func firstPassword() async throws {
        let ada = try await SignedInBrowser(server)
        #expect(try await !ada.get(Self.path).text.contains("current_password"))
        let done = try await ada.post(
            Self.path + "/password", "password=new%20password&repeated=new%20password")
        #expect(done.status == 303)
        #expect(try await ada.get(Self.path).text.contains("current_password"))
        _ = try await SignedInBrowser(server, fields: "name=ada&password=new%20password")
    }

    @Test("Guesses at the old password run dry, and then the right one does not count either")
    func guesses() async throws {
        let here = try await signIn()
        let new = "&password=new%20password&repeated=new%20password"
        for number in 0..<Int(SignInLimiter.burst) {
            #expect(try await here.post(Self.path + "/password", "current_password=g\(number)" + new).status == 422)
        }
        let dry = try await here.post(Self.path + "/password", "current_password=old%20password" + new)
        #expect(dry.status == 429 && dry.headers[.retryAfter] == "6" && dry.text.contains("Too many wrong passwords."))
        #expect(try await server.send(.put, "/v1/me/password", json: #"{"password":"new password"}"#).status == 429)
        server.clock.advance(seconds: 6)
        #expect(try await here.post(Self.path + "/password", "current_password=old%20password" + new).status == 303)
    }

    @Test("One's browsers are listed, and signed out one by one or all but this one")
    func sessions() async throws {
        let (here, there, third) = (try await signIn(), try await signIn(), try await SignedInBrowser(server, "admin"))
        let other = try await SignedInBrowser(server, "user")
        let page = try await here.get(Self.path)
        #expect(
            page.text.components(separatedBy: "name=\"session\"").count == 3, "this one and another's are not there")
        #expect(page.text.contains("this one") && page.text.contains("token admin"))
        let secret = String(there.cookie.split(separator: "=")[1])
        let id = try #require(server.store.change { state in state.tokens.first { $0.secret == secret }?.token.id })
        let ended = try await here.post(Self.path + "/sessions/end", "session=\(id)")
        #expect(ended.headers[.location] == "/settings/account?done=sessionEnded")
        #expect(try await there.get(Self.path).status == 303)
        #expect(try await third.get(Self.path).status == 200)
        #expect(try await here.post(Self.path + "/sessions/end", "session=\(id)").status == 409)
        #expect(try await other.post(Self.path + "/sessions/end", "session=\(id - 1)").status == 409, "another's")
        #expect(try await here.get(Self.path).status == 200)
        #expect(try await here.post(Self.path + "/sessions/end-others").status == 303)
        #expect(try await third.get(Self.path).status == 303)
        #expect(try await here.get(Self.path).status == 200)
        #expect(try await other.get(Self.path).status == 200)
        #expect(try await !here.get(Self.path).text.contains("end-others"))
    }
}
