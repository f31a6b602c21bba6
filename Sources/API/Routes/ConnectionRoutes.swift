import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/me/services`: which services outside one's account is connected to. What opens them is never answered.
struct ConnectionRoutes: Sendable {
    let services: APIServices

    private static let maxSecretLength = 4096
    private static let maxCallbackLength = 2000

    static let service = Parameter("service", in: .path, .personalService, "The service.")
    private static let token = BodyField(
        "token", .text(1...maxSecretLength),
        "ListenBrainz: the token of its settings page. With state: what the browser brought back from Last.fm.")
    private static let code = BodyField(
        "code", .text(1...maxSecretLength), "With state: what the browser brought back from Napster.")
    private static let state = BodyField("state", .text(1...200), "Of the connection that was begun.")
    private static let userName = BodyField("user_name", .text(1...200), "Last.fm: with password.")
    private static let password = BodyField(
        "password", .text(1...Account.maxPasswordBytes), "Last.fm: is used once and not kept.")
    private static let callback = BodyField(
        "callback",
        .text(pattern: "^https?://[^\\s#]+$", "an address of http or https without a fragment") { text in
            text.utf8.count <= maxCallbackLength && (text.hasPrefix("https://") || text.hasPrefix("http://"))
                && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }
        }, isRequired: true, "Where the service is to send the browser back to.")

    private static let problems: [HTTPResponse.Status] = [.conflict, .unprocessableContent, .insufficientStorage]

    var routes: [Route] { [list, connect, begin, check, disconnect] }

    private var list: Route {
        .json(
            .get, "/v1/me/services", "listMyServices", "List the services that one may connect", access: .user,
            answer: Shape<ServiceConnections.Status>.myService.page("MyServicePage"), "All of them, connected or not."
        ) { request in .whole(try await services.connections?.list(account: request.account()) ?? []) }
    }

    private var connect: Route {
        .json(
            .put, "/v1/me/services/{service}", "connectService", "Connect one's account to a service", access: .user,
            parameters: [ParameterSpec(Self.service)],
            body: BodySpec(
                "ServiceProof",
                [
                    .init(Self.token), .init(Self.userName), .init(Self.password), .init(Self.code),
                    .init(Self.state),
                ]),
            answer: .myService, "Connected, in the place of what was connected before.", problems: Self.problems
        ) { request in
            try await Problem.signingIn {
                guard let connections = services.connections else { throw Problem.notFound }
                let (service, account) = (try request.require(Self.service), try request.account())
                if let state = try request.body.optional(Self.state) {
                    let returned = try request.body.optional(Self.token) ?? request.body.optional(Self.code)
                    guard let returned else { throw Problem.invalid("state needs a token or a code") }
                    _ = try await connections.finish(
                        service, returned: HiddenText(returned), state: state, account: account,
                        session: try request.session())
                } else {
                    _ = try await connections.connect(service, try Self.proof(request.body), account: account)
                }
                return try await status(service, account)
            }
        }
    }

    private static func proof(_ body: Body) throws(Problem) -> SignInProof {
        if let token = try body.optional(token) { return .token(HiddenText(token)) }
        guard let name = try body.optional(userName), let password = try body.optional(password) else {
            throw .invalid("a token is needed, or user_name and password, or what the browser brought back with state")
        }
        return .password(userName: name, HiddenText(password))
    }

    private func status(_ service: ServiceID, _ account: Int64) async throws -> ServiceConnections.Status {
        let all = try await services.connections?.list(account: account) ?? []
        guard let status = all.first(where: { $0.service == service }) else { throw Problem.notFound }
        return status
    }

    private var begin: Route {
        .json(
            .post, "/v1/me/services/{service}/connect", "beginConnection",
            "Begin to connect by way of the service's own page", access: .user,
            parameters: [ParameterSpec(Self.service)],
            body: BodySpec("ConnectionStart", [.init(Self.callback)]), answer: .begunConnection,
            "Where to send the browser. What it brings back goes into PUT within ten minutes, by the same session.",
            problems: Self.problems
        ) { request in
            try await Problem.signingIn {
                guard let connections = services.connections else { throw Problem.notFound }
                let begun = try connections.begin(
                    try request.require(Self.service), callback: try request.body.require(Self.callback),
                    account: try request.account(), session: try request.session())
                return BegunConnection(address: begun.address, state: begun.state)
            }
        }
    }

    private var check: Route {
        .json(
            .post, "/v1/me/services/{service}/check", "checkConnection",
            "Ask a service whether it takes one's account still", access: .user,
            parameters: [ParameterSpec(Self.service)], answer: .myService,
            "It does. What opens the account was renewed where that would end soon.", problems: Self.problems
        ) { request in
            try await Problem.signingIn {
                guard let connections = services.connections else { throw Problem.notFound }
                let (service, account) = (try request.require(Self.service), try request.account())
                try await connections.check(service, account: account)
                return try await status(service, account)
            }
        }
    }

    private var disconnect: Route {
        Route(
            .delete, "/v1/me/services/{service}", "disconnectService", "Part one's account from a service",
            access: .user, parameters: [ParameterSpec(Self.service)],
            answers: [
                .init(
                    status: .noContent,
                    description: "What opened it is deleted, and so are listens that waited for it.", content: [:])
            ], problems: [.conflict, .insufficientStorage]
        ) { request in
            guard let connections = services.connections else { throw Problem.notFound }
            try await connections.disconnect(try request.require(Self.service), account: request.account())
            return Response(status: .noContent)
        }
    }
}

extension Scalar where Value == ServiceID {
    static let personalService = Scalar(
        schema: ["type": "string", "enum": .array(ServiceID.personal.map { .string($0.rawValue) })],
        expectation: "one of \(ServiceID.personal.map(\.rawValue).joined(separator: ", "))"
    ) {
        guard case .string(let name) = $0, let service = ServiceID(rawValue: name) else { return nil }
        return ServiceID.personal.contains(service) ? service : nil
    }
}

extension APIRequest {
    /// What the caller signed in with: who begins something in one session does not end it in another.
    func session() throws(Problem) -> Int64 {
        guard let token else { throw .notFound }
        return token.id
    }
}

extension Problem {
    init(_ problem: SignInProblem) {
        switch problem {
        case .notSetUp, .unknownState: self.init(.conflict, problem.description)
        case .wrongWay, .refused: self.init(.unprocessableContent, problem.description)
        case .away(let why, let seconds): self = .tryLater(.serviceUnavailable, why, seconds: seconds)
        }
    }

    static func signingIn<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let problem as SignInProblem {
            throw Problem(problem)
        }
    }
}
