import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/settings/connections`: one's accounts at services outside, for people.
///
/// The way by a service's own page: a form of ours begins it and sends the browser there; it comes back to `callback`,
/// without the session's cookie, because another site sent it; from there our own page goes on to `finish`, with it.
struct ConnectionPages: Sendable {
    let services: APIServices

    static let path: LocalPath = "/settings/connections"
    private static let maxSecretLength = 1024

    private static let service = ConnectionRoutes.service
    private static let done = Parameter("done", Scalar<ConnectionsPage.Deed>.choice, "What was done.")
    private static let doneService = Parameter("service", .personalService, "At which service.")
    private static let token = Parameter("token", .text(1...maxSecretLength), "Of Last.fm.")
    private static let code = Parameter("code", .text(1...maxSecretLength), "Of Napster.")
    private static let state = Parameter("state", .text(1...200), "Of the connection that was begun.")
    private static let error = Parameter("error", .text(1...maxSecretLength), "Why there is no code.")
    private static let typedToken = BodyField(
        "token", .text(0...maxSecretLength), "Of the service's settings page; absent for a service that asks itself.")

    var routes: [Route] { [list, connect, callback, finish, check, disconnect] }

    static func path(_ service: ServiceID, _ end: String) -> LocalPath {
        LocalPath("\(path.text)/\(service.rawValue)/\(end)") ?? path
    }

    private var list: Route {
        .page(
            Self.path.text, "connectionsPage", "Show the services that one may connect", access: .user,
            parameters: [ParameterSpec(Self.done), ParameterSpec(Self.doneService)]
        ) { request in
            let notice: ConnectionsPage.Notice? =
                if let deed = try request.optional(Self.done), let service = try request.optional(Self.doneService) {
                    .done(deed, service)
                } else { nil }
            return try await page(request, notice)
        }
    }

    private func page(_ request: APIRequest, _ notice: ConnectionsPage.Notice?) async throws -> WebPage {
        let all = try await services.connections?.list(account: request.account()) ?? []
        return ConnectionsPage(request: request, services: all, notice: notice).page
    }

    // MARK: Connecting

    private var connect: Route {
        form(
            "connect", "connectOnPage", "Connect a service, or begin to by way of its own page",
            fields: [.init(Self.typedToken)], answers: [Self.answer(.ok, "A page that leads to the service's own.")]
        ) { request, connections, service in
            let account = try request.account()
            if let typed = try request.body.optional(Self.typedToken) {
                let token = typed.filter { !$0.isWhitespace }
                guard !token.isEmpty else { throw SignInProblem.refused("there is no token") }
                _ = try await connections.connect(service, .token(HiddenText(token)), account: account)
                return Self.back(.connected, service)
            }
            let begun = try connections.begin(
                service, callback: request.origin() + Self.path(service, "callback").text, account: account,
                session: try request.session())
            guard let address = OutsideAddress(begun.address) else {
                throw Problem(.internalServerError, "the address of \(service.title) is none")
            }
            return Self.way(to: .outside(address), "To \(service.title)", request).response()
        }
    }

    /// Open, and changes nothing: whoever leads a browser here gets no further than `finish`.
    private var callback: Route {
        Route(
            .get, Self.path.text + "/{service}/callback", "connectionCallback",
            "Where a service's own page sends the browser back to", access: .open,
            parameters: [
                ParameterSpec(Self.service), ParameterSpec(Self.token), ParameterSpec(Self.code),
                ParameterSpec(Self.state), ParameterSpec(Self.error),
            ], answers: [Self.answer(.ok, "A page that goes on by itself.")]
        ) { request in
            var next = Self.path(try request.require(Self.service), "finish")
            for (name, value) in [
                ("token" as StaticString, try request.optional(Self.token)), ("code", try request.optional(Self.code)),
                ("state", try request.optional(Self.state)), ("error", try request.optional(Self.error)),
            ] {
                if let value { next = next.with(name, value) }
            }
            return Self.way(to: .here(next), "Connecting", request).response()
        }.asPage()
    }

    private var finish: Route {
        Route(
            .get, Self.path.text + "/{service}/finish", "finishConnection",
            "End what was begun in this session, once, by what the browser brought back", access: .user,
            parameters: [
                ParameterSpec(Self.service), ParameterSpec(Self.token), ParameterSpec(Self.code),
                ParameterSpec(Self.state), ParameterSpec(Self.error),
            ], answers: [Route.redirect] + Self.refusals, problems: Self.problems
        ) { request in
            try await answering(request) { connections, service in
                if let error = try request.optional(Self.error) {
                    throw SignInProblem.refused("\(service.title) did not allow it (\(error))")
                }
                let returned = try request.optional(Self.token) ?? request.optional(Self.code)
                guard let returned, let state = try request.optional(Self.state) else {
                    throw SignInProblem.unknownState
                }
                _ = try await connections.finish(
                    service, returned: HiddenText(returned), state: state, account: try request.account(),
                    session: try request.session())
                return Self.back(.connected, service)
            }
        }.asPage()
    }

    private static func way(to next: Onward, _ title: String, _ request: APIRequest) -> WebPage {
        var page = request.webPage(title) {
            HTML(.main, .named("text")) {
                HTML(.h1) { title }
                HTML(.p) { HTML(.a, .href(next), .named("button")) { "Go on" } }
            }
        }
        page.onward = next
        return page
    }

    // MARK: Looking after

    private var check: Route {
        form("check", "checkConnectionOnPage", "Ask a service whether it takes one's account still") {
            request, connections, service in
            try await connections.check(service, account: try request.account())
            return Self.back(.checked, service)
        }
    }

    private var disconnect: Route {
        form("disconnect", "disconnectOnPage", "Part one's account from a service") { request, connections, service in
            try await connections.disconnect(service, account: try request.account())
            return Self.back(.disconnected, service)
        }
    }

    private static func back(_ deed: ConnectionsPage.Deed, _ service: ServiceID) -> Response {
        .seeOther(path.with("done", deed.rawValue).with("service", service.rawValue))
    }

    // MARK: Forms

    private typealias Act = @Sendable (APIRequest, ServiceConnections, ServiceID) async throws -> Response

    private static let problems: [HTTPResponse.Status] = [.insufficientStorage]
    private static let refusals = [HTTPResponse.Status.conflict, .unprocessableContent, .serviceUnavailable].map {
        answer($0, "The page, and why not.")
    }

    private static func answer(_ status: HTTPResponse.Status, _ description: String) -> Route.Answer {
        .init(status: status, description: description, content: Route.page)
    }

    private func form(
        _ end: String, _ name: String, _ summary: String, fields: [BodySpec.Member] = [],
        answers: [Route.Answer] = [], _ act: @escaping Act
    ) -> Route {
        Route(
            .post, Self.path.text + "/{service}/" + end, name, summary, access: .user,
            parameters: [ParameterSpec(Self.service)],
            body: BodySpec(name.prefix(1).uppercased() + name.dropFirst(), as: .form, fields + [.init(Body.csrf)]),
            bodyLimit: Body.maxFormBytes, answers: [Route.redirect] + answers + Self.refusals, problems: Self.problems
        ) { request in
            try await answering(request) { try await act(request, $0, $1) }
        }.asPage()
    }

    /// What goes wrong at the service is said on the page.
    private func answering(
        _ request: APIRequest, _ act: (ServiceConnections, ServiceID) async throws -> Response
    ) async throws -> Response {
        guard let connections = services.connections else { throw Problem.notFound }
        let service = try request.require(Self.service)
        do {
            return try await act(connections, service)
        } catch let problem as SignInProblem {
            let answer = Problem(problem)
            let notice = ConnectionsPage.Notice.problem(problem.description)
            return try await page(request, notice).response(answer.status, headers: answer.headers)
        } catch StoreError.notFound(let why) {
            return try await page(request, .problem(why)).response(.conflict)
        }
    }
}

extension APIRequest {
    /// This server as the browser calls it, without a slash at the end.
    fileprivate func origin() throws(Problem) -> String {
        let scheme = BrowserSession.isSecure(headers) ? "https" : "http"
        guard let authority, let address = OutsideAddress("\(scheme)://\(authority)") else {
            throw .badRequest("the Host header names no server")
        }
        return address.text
    }
}
