import Domain
import HTTPTypes
import Testing
import UseCases

@testable import API

/// `/settings/players`
@Suite struct PlayersPageTests {
    private static let path = "/settings/players"

    @Test("An app password is made by whoever listens, shown once, and revoked by its owner alone")
    func life() async throws {
        let server = try TestServer()
        let user = try await SignedInBrowser(server)
        let other = try await SignedInBrowser(server, "admin")
        #expect(try await user.get(Self.path).text.contains("<strong>ada</strong>"))
        let made = try await user.post(Self.path, "name=phone%3Cb%3E")
        let token = try #require(server.store.change { $0.tokens.last })
        #expect(made.status == 200 && made.text.contains(">\(token.secret)</code>"))
        #expect(made.headers[.cacheControl] == "no-store")
        #expect(token.token.isAppPassword && token.token.accountID == 1 && token.token.role == .user)
        let list = try await user.get(Self.path)
        #expect(list.text.contains("phone&lt;b&gt;") && !list.text.contains(token.secret))
        #expect(try await !other.get(Self.path).text.contains("phone&lt;b&gt;"))
        #expect(try await other.get("/settings/tokens").text.contains("user, app password"))
        let field = "password=\(token.token.id)"
        #expect(try await other.post(Self.path + "/revoke", field).status == 409)
        let gone = try await user.post(Self.path + "/revoke", field)
        #expect(gone.headers[.location] == "/settings/players?done=appPasswordRevoked")
        #expect(try await user.post(Self.path + "/revoke", field).status == 409)
        #expect(try await user.post(Self.path, "name=").status == 422)
    }
}
