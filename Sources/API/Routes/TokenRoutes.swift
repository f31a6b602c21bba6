import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/tokens` and `/v1/whoami`
struct TokenRoutes: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    private static let maxNameLength = 100

    private static let name = BodyField("name", .text(1...maxNameLength), isRequired: true, "For people.")
    private static let role = BodyField("role", Scalar<AccessRole>.choice, isRequired: true, "What it may do.")
    private static let expiresAt = BodyField("expires_at", .time, "Never when absent.")

    private static let accountID = BodyField(
        "account_id", Scalar<Int64>.id, "Whose it is: what it opens is that account's. The caller's own when absent.")

    private static let workRoles = BodyField(
        "work_roles", .list(of: Scalar<Role>.choice, max: Role.allCases.count),
        "Of a worker's token: the roles whose tasks it may lease; all when absent.")

    var routes: [Route] {
        [whoami, list, create, revoke]
    }

    private var whoami: Route {
        .json(
            .get, "/v1/whoami", "whoami", "Show whose token this is", access: .anyToken, answer: .whoami,
            "The token of this request."
        ) { request in
            guard let token = request.token else { throw Problem.notFound }
            return token
        }
    }

    private var list: Route {
        .json(
            .get, "/v1/tokens", "listTokens", "List access tokens", access: .admin,
            answer: Shape<AccessToken>.token.page("TokenPage"), "All tokens, without their secrets."
        ) { _ in .whole(try await services.tokens.tokens()) }
    }

    private var create: Route {
        .json(
            .post, "/v1/tokens", "createToken", "Make an access token", access: .admin,
            body: BodySpec(
                "NewToken",
                [
                    .init(Self.name), .init(Self.role), .init(Self.accountID), .init(Self.workRoles),
                    .init(Self.expiresAt),
                ]),
            status: .created, answer: .issued, "The token and, this once, its secret.",
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let expiresAt = try request.body.optional(Self.expiresAt)
            guard expiresAt.map({ $0 > services.clock() }) ?? true else {
                throw Problem.invalid("expires_at must be in the future")
            }
            let role = try request.body.require(Self.role)
            let workRoles = try request.body.optional(Self.workRoles)
            guard workRoles == nil || (role == .worker && workRoles?.isEmpty == false) else {
                throw Problem.invalid("work_roles belong to a worker's token, at least one")
            }
            let account = try request.body.optional(Self.accountID) ?? request.account()
            let name = try request.body.require(Self.name)
            let made = try await Problem.naming("account_id") {
                try await services.tokens.createToken(
                    account: account, name: name, role: role, workRoles: workRoles.map { Set($0) },
                    expiresAt: expiresAt)
            }
            return IssuedToken(token: made.token, secret: made.secret)
        }
    }

    private var revoke: Route {
        Route(
            .delete, "/v1/tokens/{id}", "revokeToken", "Revoke an access token", access: .admin,
            parameters: [ParameterSpec(.id)],
            answers: [
                .init(
                    status: .noContent,
                    description:
                        "It opens nothing any more; another server on the same database may take it for five seconds.",
                    content: [:])
            ],
            problems: [.conflict, .insufficientStorage]
        ) { request in
            try await revoke(request.require(.id))
            return Response(status: .noContent)
        }
    }

    /// Throws `conflict` for the last administrator's.
    func revoke(_ id: Int64) async throws {
        try await refuseLastAdmin(id)
        // Before and after: a request that is being verified meanwhile must not bring the token back.
        authenticator.forget(tokenID: id)
        try await services.tokens.revokeToken(id: id)
        authenticator.forget(tokenID: id)
    }

    /// Without an administrator nobody could make another token.
    private func refuseLastAdmin(_ id: Int64) async throws {
        let now = services.clock()
        let admins = try await services.tokens.tokens().filter {
            $0.role == .admin && !$0.isSession && ($0.expiresAt.map { now < $0 } ?? true)
        }
        if admins.map(\.id) == [id] {
            throw StoreError.conflict("this is the last administrator's token; make another one first")
        }
    }
}
