import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import UseCases

@testable import API

/// What every page has in common, found in the route table.
@Suite struct CrossSiteTests {
    private let server: TestServer

    init() throws {
        server = try TestServer()
    }

    private static func target(_ route: Route) -> String {
        route.pattern.parts.map { part in
            switch part {
            case .fixed(let text): "/" + text
            case .variable("id"): "/1"
            case .variable("role"): "/audio"
            case .variable("service"): "/lastfm"
            case .variable: "/x"
            }
        }.joined()
    }

    @Test("Whatever changes something refuses a browser without its mark, with a wrong one, and from another site")
    func marks() async throws {
        let routes = server.application.responder.table.routes.filter {
            !CrossSiteGuard.isSafe($0.method) && $0.access != .open
        }
        #expect(routes.count { $0.isPage } > 20)
        let admin = try await SignedInBrowser(server, "admin")
        let other = try await SignedInBrowser(server, "admin")
        let before = server.store.change { "\($0.tokens.count) \($0.accounts) \($0.roots) \($0.tasks) \($0.paused)" }
        // A worker's routes are no browser's: its role is asked for first.
        for route in routes where route.access != .worker {
            let isForm = route.body?.encoding == .form
            var headers: HTTPFields = [.cookie: admin.cookie, .origin: "http://localhost"]
            if route.body != nil {
                headers[.contentType] = isForm ? "application/x-www-form-urlencoded" : "application/json"
            }
            func status(_ mark: String?, _ change: (inout HTTPFields) -> Void = { _ in }) async throws -> Int {
                var headers = headers
                if !isForm { headers[CrossSiteGuard.header] = mark }
                change(&headers)
                let form = mark.map { "csrf=\($0)" } ?? ""
                return try await server.send(
                    route.method, Self.target(route), as: nil, body: .init(string: isForm ? form : "{}"),
                    headers: headers
                ).status
            }
            let name = "\(route.method) \(route.pattern)"
            #expect(try await status(nil) == 403, "\(name) without a mark")
            #expect(try await status("0") == 403, "\(name) with a wrong one")
            #expect(try await status(other.mark) == 403, "\(name) with that of another session")
            #expect(
                try await status(admin.mark) { $0[.origin] = "https://evil.example" } == 403, "\(name) from elsewhere")
            #expect(try await status(admin.mark) { $0[.origin] = nil } == 403, "\(name) from nowhere")
        }
        let after = server.store.change { "\($0.tokens.count) \($0.accounts) \($0.roots) \($0.tasks) \($0.paused)" }
        #expect(before == after)
    }

    @Test("Each page forbids what is not its own, is kept nowhere, and shows what people typed as text")
    func pages() async throws {
        let text = "<script>alert(1)</script>\"'&\u{1B}[31m\u{202E}x"
        server.store.change { state in
            state.roots = [FilePath("/" + text)]
            for index in state.accounts.indices { state.accounts[index].name = text }
            for index in state.tokens.indices { state.tokens[index].token.name = text }
            state.readiness = [text: text]
        }
        let admin = try await SignedInBrowser(server, "admin")
        let pages = server.application.responder.table.routes.filter {
            $0.isPage && $0.method == .get && $0.pattern.description.hasPrefix("/settings")
        }
        #expect(pages.count >= 11)
        for route in pages {
            let target = Self.target(route)
            let page = try await admin.get(target)
            guard page.headers[.contentType]?.hasPrefix("text/html") == true else { continue }
            #expect(page.headers[.cacheControl] == "no-store", "\(target)")
            let policy = page.headers[.contentSecurityPolicy] ?? ""
            #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "\(target)")
            #expect(!policy.contains("unsafe"), "\(target)")
            for forbidden in ["<script>", "style=", " onclick", "\u{1B}", "\u{202E}"] {
                #expect(!page.text.contains(forbidden), "\(target) \(forbidden)")
            }
            for part in page.text.components(separatedBy: "<form method=\"post\"").dropFirst() {
                #expect(part.components(separatedBy: "</form>")[0].contains("name=\"csrf\""), "\(target)")
            }
        }
    }
}
