import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/sign-in` and `/sign-out`: a browser's session.
struct SignInRoutes: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    private static let token = BodyField("token", .text(0...2000), "An access token; or a name and a password.")
    private static let name = BodyField("name", .text(0...200), "Of an account.")
    private static let password = BodyField("password", PasswordRule.scalar, "Of the account.")
    private static let next = BodyField("next", .text(0...LocalPath.maxLength), "The page to go to.")
    private static let nextInQuery = Parameter("next", .text(0...LocalPath.maxLength), "The page to go to.")
    private static let start: LocalPath = "/"

    var routes: [Route] { [form, signIn, signOut] }

    private var form: Route {
        Route(
            .get, "/sign-in", "signInForm", "Ask for a password or an access token", access: .open,
            parameters: [ParameterSpec(Self.nextInQuery)],
            answers: [.init(status: .ok, description: "A form.", content: Route.page)]
        ) { request in
            SignInPage(next: Self.page(try request.optional(Self.nextInQuery))).response()
        }.asPage()
    }

    private var signIn: Route {
        Route(
            .post, "/sign-in", "signIn", "Begin a session of a browser", access: .open,
            body: BodySpec(
                "SignIn", as: .form, [.init(Self.token), .init(Self.name), .init(Self.password), .init(Self.next)]),
            bodyLimit: Body.maxFormBytes,
            answers: [
                Route.redirect,
                .init(status: .unauthorized, description: "The form, and why.", content: Route.page),
                .init(status: .forbidden, description: "The form, and why.", content: Route.page),
                .init(status: .tooManyRequests, description: "The form, and when to come again.", content: Route.page),
            ], problems: [.serviceUnavailable, .insufficientStorage]
        ) { request in
            try CrossSiteGuard.checkOrigin(request.headers, authority: request.authority, isStrict: false)
            let next = Self.page(try request.body.optional(Self.next))
            do {
                return try await begin(request, next)
            } catch let problem as Problem where Self.isAnswered(problem.status) {
                let name = try request.body.optional(Self.name)
                return SignInPage(next: next, name: name, problem: problem.detail)
                    .response(problem.status, headers: problem.headers)
            }
        }.asPage()
    }

    private static func isAnswered(_ status: HTTPResponse.Status) -> Bool {
        [.unauthorized, .forbidden, .tooManyRequests].contains(status)
    }

    private func begin(_ request: APIRequest, _ next: LocalPath) async throws -> Response {
        let session = try await session(request)
        let isSecure = BrowserSession.isSecure(request.headers)
        return .seeOther(next, headers: [.setCookie: BrowserSession.setCookie(session.secret, isSecure: isSecure)])
    }

    private func session(_ request: APIRequest) async throws -> (token: AccessToken, secret: String) {
        if let name = try request.body.optional(Self.name) {
            let password = try request.body.optional(Self.password) ?? ""
            return try await authenticator.signIn(name: name, password: password, peer: request.peer)
        }
        let secret = try request.body.require(Self.token).filter { !$0.isWhitespace }
        let parent = try await authenticator.verify(secret, isSession: false, peer: request.peer)
        guard parent.role != .worker else {
            throw Problem(.forbidden, "this is a worker's token; pages are for users and administrators")
        }
        try AppPasswordRoutes.refuseAppPasswords(parent)
        return try await services.tokens.createSession(
            of: parent, expiresAt: services.clock() + BrowserSession.lifetimeSeconds * 1_000_000)
    }

    private var signOut: Route {
        Route(
            .post, "/sign-out", "signOut", "End the session of this browser", access: .anyToken,
            body: BodySpec("SignOut", as: .form, [.init(Body.csrf)]), bodyLimit: Body.maxFormBytes,
            answers: [Route.redirect], problems: [.insufficientStorage]
        ) { request in
            guard let token = request.token, token.isSession else {
                throw Problem(.conflict, "there is no session to end: this request signed in by header")
            }
            authenticator.forget(tokenID: token.id)
            try await services.tokens.revokeToken(id: token.id)
            authenticator.forget(tokenID: token.id)
            let isSecure = BrowserSession.isSecure(request.headers)
            return .seeOther("/", headers: [.setCookie: BrowserSession.clearCookie(isSecure: isSecure)])
        }.asPage()
    }

    /// Only a path of this server; everything else means the first page behind the door.
    private static func page(_ next: String?) -> LocalPath { next.flatMap { LocalPath($0) } ?? start }
}
