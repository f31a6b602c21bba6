import HTTPTypes
import NIOCore
import Testing
import UseCases

@testable import API

/// `/settings/accounts`
@Suite struct AccountsPageTests {
    private let server: TestServer
    private static let path = "/settings/accounts"

    init() throws {
        server = try TestServer()
    }

    @Test("An account is made, renamed, given a password, disabled, and removed when that is confirmed")
    func life() async throws {
        let admin = try await SignedInBrowser(server, "admin")
        let added = try await admin.post(Self.path, "name=grace&role=user&password=")
        #expect(added.headers[.location] == "/settings/accounts?done=accountAdded")
        #expect(try await admin.get(Self.path + "?done=accountAdded").text.contains("href=\"/settings/accounts/4\""))
        let one = Self.path + "/4"
        #expect(try await admin.get(one).text.contains("value=\"grace\""))
        #expect(try await admin.post(one, "name=Grace&role=admin").headers[.location] == one + "?done=accountChanged")
        #expect(try await admin.post(one + "/password", "password=correct%20horse").status == 303)
        let grace = try await SignedInBrowser(server, fields: "name=Grace&password=correct%20horse")
        #expect(try await grace.get(Self.path).status == 200, "an administrator now")
        #expect(try await admin.post(one + "/password", "password=battery%20staple").status == 303)
        #expect(try await grace.get(Self.path).status == 303, "signed out by the new password")
        #expect(try await admin.post(one + "/disable").headers[.location] == one + "?done=accountDisabled")
        #expect(try await admin.get(one).text.contains("/enable"))
        let refused = try await server.send(
            .post, "/sign-in", as: nil, body: .init(string: "name=Grace&password=battery%20staple"),
            headers: SignedInBrowser.form)
        #expect(refused.status == 401)
        #expect(try await admin.post(one + "/enable").status == 303)
        #expect(try await admin.get(one + "/remove").text.contains("with its plays, stars"))
        #expect(server.store.change { $0.accounts.count } == 3)
        #expect(try await admin.post(one + "/remove").headers[.location] == "/settings/accounts?done=accountRemoved")
        #expect(try await admin.get(one).status == 404)
    }

    @Test("What is wrong is said beside the field, and what was typed is kept")
    func refusals() async throws {
        let admin = try await SignedInBrowser(server, "admin")
        for (fields, problem, text) in [
            ("name=a%3Ab&role=admin&password=", "account-name-problem", "no colon"),
            ("name=root&role=admin&password=", "account-name-problem", "The name is taken."),
            ("name=grace&role=admin&password=short", "account-password-problem", "8 characters or more"),
        ] {
            let again = try await admin.post(Self.path, fields)
            #expect(again.status == 422 && again.text.contains("id=\"\(problem)\""), "\(fields)")
            #expect(again.text.contains(text) && again.text.contains("<option value=\"admin\" selected>"), "\(fields)")
            #expect(!again.text.contains("value=\"short\""))
        }
        let short = try await admin.post(Self.path + "/1/password", "password=short")
        #expect(short.status == 422 && short.text.contains("id=\"set-password-problem\""))
        #expect(short.text.contains("value=\"ada\""), "the name is there still")
        let last = try await admin.post(Self.path + "/3/remove")
        #expect(last.status == 409 && last.text.contains("This is the last administrator; make another one first."))
        #expect(try await admin.post(Self.path + "/99/remove").status == 404)
        #expect(try await SignedInBrowser(server).get(Self.path + "/1").status == 403)
    }
}
