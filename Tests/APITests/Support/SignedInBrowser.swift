import HTTPTypes
import NIOCore
import Testing

@testable import API

/// What a browser sends that is signed in.
struct SignedInBrowser {
    let server: TestServer
    let cookie: String

    static let form: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded", .origin: "http://localhost",
    ]

    /// - Parameter token: of the store's; each has its role's name.
    init(_ server: TestServer, _ token: String = "user") async throws {
        try await self.init(server, fields: "token=\(token)")
    }

    init(_ server: TestServer, fields: String) async throws {
        let answer = try await server.send(
            .post, "/sign-in", as: nil, body: .init(string: fields), headers: Self.form)
        cookie = String(try #require(answer.headers[.setCookie]).prefix { $0 != ";" })
        self.server = server
    }

    /// What shows that a form is ours.
    var mark: String { CrossSiteGuard.token(for: String(cookie.split(separator: "=")[1])) }

    func get(_ path: String) async throws -> Answer {
        try await server.send(.get, path, as: nil, headers: [.cookie: cookie])
    }

    func post(_ path: String, _ fields: String = "", mark: String? = nil) async throws -> Answer {
        var headers = Self.form
        headers[.cookie] = cookie
        return try await server.send(
            .post, path, as: nil, body: .init(string: "csrf=\(mark ?? self.mark)&\(fields)"), headers: headers)
    }
}
