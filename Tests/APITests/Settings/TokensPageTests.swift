import Domain
import HTTPTypes
import Testing
import UseCases

@testable import API

/// `/settings/tokens`
@Suite struct TokensPageTests {
    private let server: TestServer
    private static let path = "/settings/tokens"

    init() throws {
        server = try TestServer()
    }

    @Test("A token is made, shown once, listed without its secret, and revoked when that is confirmed")
    func life() async throws {
        let admin = try await SignedInBrowser(server, "admin")
        let form = try await admin.get(Self.path)
        #expect(form.text.contains("<option value=\"3\" selected>root</option>"))
        let made = try await admin.post(Self.path, "name=kitchen&role=user&account=1&days=30")
        let token = try #require(server.store.change { $0.tokens.last })
        #expect(made.status == 200 && made.text.contains(">\(token.secret)</code>"))
        #expect(made.text.contains("copy.js") && made.headers[.cacheControl] == "no-store")
        #expect(token.token.accountID == 1 && token.token.role == .user)
        #expect(token.token.expiresAt == MemoryStore.now + 30 * 86_400_000_000)
        let list = try await admin.get(Self.path)
        #expect(list.text.contains("kitchen") && !list.text.contains(token.secret))
        #expect(!list.text.contains("session-"), "sessions are elsewhere")
        let revoke = "\(Self.path)/\(token.token.id)/revoke"
        let question = try await admin.get(revoke)
        #expect(question.text.contains("action=\"\(revoke)\"") && question.text.contains("&quot;kitchen&quot;"))
        #expect(server.store.change { $0.tokens.count } == 5, "asking does nothing")
        #expect(try await admin.post(revoke).headers[.location] == "/settings/tokens?done=tokenRevoked")
        #expect(try await server.send(.get, "/v1/whoami", as: token.secret).status == 401)
        #expect(try await admin.get(revoke).status == 404)
    }

    @Test("What is wrong is said beside the field, and what was typed is kept")
    func refusals() async throws {
        let admin = try await SignedInBrowser(server, "admin")
        for (fields, status, problem) in [
            ("name=&role=user&account=1&days=", 422, "token-name-problem"),
            ("name=k%3Cb%3E&role=worker&account=1&days=31", 422, "token-days-problem"),
        ] {
            let again = try await admin.post(Self.path, fields)
            #expect(again.status == status && again.text.contains("id=\"\(problem)\""), "\(fields)")
            #expect(again.text.contains("aria-invalid=\"true\""), "\(fields)")
            if fields.contains("worker") {
                #expect(again.text.contains("value=\"k&lt;b&gt;\""))
                #expect(again.text.contains("<option value=\"worker\" selected>"))
            }
        }
        #expect(try await admin.post(Self.path, "name=x&role=god&account=1").status == 422)
        #expect(server.store.change { $0.tokens.count } == 4)
        let last = try await admin.post(Self.path + "/3/revoke")
        #expect(last.status == 409 && last.text.contains("This is the last administrator&#39;s token"))
        #expect(try await admin.post(Self.path + "/4/revoke").status == 404, "a session is no token")
        #expect(try await SignedInBrowser(server).post(Self.path, "name=x&role=user&account=1").status == 403)
    }
}
