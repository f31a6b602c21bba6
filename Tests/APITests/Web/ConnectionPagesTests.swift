import Contracts
import HTTPTypes
import NIOCore
import Testing

@testable import API

/// `/settings/connections`
@Suite struct ConnectionPagesTests {
    private let server: TestServer

    init() throws {
        server = try TestServer()
    }

    private static let path = "/settings/connections"

    /// The state in the address that a page leads to.
    private func state(_ page: Answer) throws -> String {
        let start = try #require(page.text.firstRange(of: "state=")).upperBound
        return String(page.text[start...].prefix { $0.isHexDigit })
    }

    @Test("Every service is listed with what one can do about it, and no secret is on the page")
    func lists() async throws {
        let ada = try await SignedInBrowser(server)
        let page = try await ada.get(Self.path)
        #expect(page.status == 200 && page.text.contains("aria-current=\"page\">Connections"))
        #expect(page.text.contains("action=\"/settings/connections/lastfm/connect\""))
        #expect(page.text.contains("name=\"token\" type=\"password\""))
        #expect(page.text.contains("SILLON_NAPSTER_URL") && !page.text.contains("/napster/connect"))
        let done = try await ada.post(Self.path + "/listenbrainz/connect", "token=%20good%0A")
        #expect(done.status == 303)
        #expect(done.headers[.location] == "/settings/connections?done=connected&service=listenbrainz")
        let after = try await ada.get(try #require(done.headers[.location]))
        #expect(after.text.contains("ListenBrainz is connected.") && after.text.contains("<dd>somebody</dd>"))
        #expect(!after.text.contains("session-secret") && !after.text.contains("value=\"good"))
        #expect(after.text.contains("/listenbrainz/disconnect") && !after.text.contains("/listenbrainz/connect"))
        let grace = try await SignedInBrowser(server, "admin")
        #expect(try await grace.get(Self.path).text.contains("/listenbrainz/connect"), "it is nobody else's")
        #expect(try await ada.post(Self.path + "/listenbrainz/check").headers[.location]?.contains("checked") == true)
        #expect(try await ada.post(Self.path + "/listenbrainz/disconnect").status == 303)
        #expect(try await ada.post(Self.path + "/listenbrainz/disconnect").status == 409)
        #expect(try await ada.post(Self.path + "/listenbrainz/check").status == 409)
    }

    @Test("What is refused is said on the page, without what was typed")
    func refusals() async throws {
        let ada = try await SignedInBrowser(server)
        for (fields, status) in [("token=bad-token", 422), ("token=away", 503), ("token=", 422)] {
            let answer = try await ada.post(Self.path + "/listenbrainz/connect", fields)
            #expect(answer.status == status && answer.text.contains("role=\"alert\""), "\(fields)")
            #expect(!answer.text.contains("bad-token"))
        }
        #expect(try await ada.post(Self.path + "/listenbrainz/connect", "token=away").headers[.retryAfter] == "7")
        #expect(try await ada.post(Self.path + "/napster/connect").status == 409)
        #expect(try await ada.post(Self.path + "/lastfm/connect", "token=good").status == 422)
        #expect(try await ada.post(Self.path + "/slskd/connect").status == 404)
        #expect(try await ada.post(Self.path + "/lastfm/connect", mark: "0").status == 403)
        #expect(try await server.send(.get, Self.path, as: nil).status == 303, "to the sign-in")
        #expect(try await server.send(.get, Self.path, as: "worker").status == 403)
    }

    @Test("A page of ours leads to the service and back; what comes back counts once, in the session that began it")
    func web() async throws {
        let (ada, other) = (try await SignedInBrowser(server), try await SignedInBrowser(server))
        let way = try await ada.post(Self.path + "/lastfm/connect")
        #expect(way.status == 200 && way.text.contains("content=\"0; url=https://outside.example/auth?state="))
        #expect(way.headers[.contentSecurityPolicy]?.contains("form-action 'self'") == true)
        let begun = try state(way)
        // The service's page sends the browser back without its cookie.
        let back = try await server.send(
            .get, Self.path + "/lastfm/callback?token=good&state=\(begun)&other=%22%3E", as: nil)
        #expect(back.status == 200 && !back.text.contains("other"))
        #expect(back.text.contains("url=/settings/connections/lastfm/finish?token=good&amp;state=\(begun)\""))
        let finish = Self.path + "/lastfm/finish?token=good&state=\(begun)"
        let elsewhere = try await other.get(finish)
        #expect(elsewhere.status == 409 && elsewhere.text.contains("begin it again"))
        #expect(try await ada.get(finish).status == 409, "who tried with somebody else's state has used it up")
        let again = try state(try await ada.post(Self.path + "/lastfm/connect"))
        #expect(try await ada.get(Self.path + "/lastfm/finish?token=good&state=0\(again)").status == 409)
        let late = try state(try await ada.post(Self.path + "/lastfm/connect"))
        let good = try await ada.get(Self.path + "/lastfm/finish?token=good&state=\(again)")
        #expect(good.status == 303)
        #expect(good.headers[.location] == "/settings/connections?done=connected&service=lastfm")
        #expect(try await ada.get(Self.path + "/lastfm/finish?token=good&state=\(again)").status == 409, "once")
        server.clock.advance(seconds: 601)
        #expect(try await ada.get(Self.path + "/lastfm/finish?token=good&state=\(late)").status == 409, "too late")
    }

    @Test("Who says no at the service is told so, and whoever comes without anything is too")
    func denied() async throws {
        let ada = try await SignedInBrowser(server)
        let no = try await ada.get(Self.path + "/lastfm/finish?error=access_denied&state=0")
        #expect(no.status == 422 && no.text.contains("Last.fm did not allow it (access_denied)."))
        for query in ["", "?state=0", "?token=good", "?code=good"] {
            #expect(try await ada.get(Self.path + "/lastfm/finish" + query).status == 409, "\(query)")
        }
        let hostile = try await server.send(
            .get, Self.path + "/lastfm/callback?token=%22%3E%3Cscript%3E&state=%27", as: nil)
        #expect(!hostile.text.contains("<script>") && hostile.text.contains("%22%3E%3Cscript%3E"))
        #expect(try await server.send(.get, Self.path + "/nobody/callback", as: nil).status == 404)
    }

    @Test("Only an address of a page is gone to")
    func addresses() {
        for text in ["javascript:alert(1)", "//there", "http://a b", "https://a\"b", "ftp://a", "https://a\nb"] {
            #expect(OutsideAddress(text) == nil, "\(text)")
        }
        #expect(OutsideAddress("https://www.last.fm/api/auth/?api_key=1&cb=http%3A%2F%2Fme%2F") != nil)
    }
}
