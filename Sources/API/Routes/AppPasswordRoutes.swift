import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/me/app-passwords`: what one's own players sign in with.
struct AppPasswordRoutes: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    private static let maxNameLength = 100
    private static let name = BodyField("name", .text(1...maxNameLength), isRequired: true, "For people: phone, car.")
    private static let role = BodyField(
        "role", Scalar<Account.Role>.choice, "What it may do, no more than whoever asks; user when absent.")

    /// None where no secret can be kept.
    var routes: [Route] { services.appPasswords.map { [list, create($0), revoke] } ?? [] }

    private var list: Route {
        .json(
            .get, "/v1/me/app-passwords", "listAppPasswords", "List the app passwords of one's own account",
            access: .user, answer: Shape<AccessToken>.token.page("TokenPage"), "All of them, without the passwords."
        ) { request in .whole(try await own(request)) }
    }

    private func own(_ request: APIRequest) async throws -> [AccessToken] {
        let account = try request.account()
        return try await services.tokens.tokens().filter { $0.accountID == account && $0.isAppPassword }
    }

    private func create(_ store: any AppPasswordStore) -> Route {
        .json(
            .post, "/v1/me/app-passwords", "createAppPassword",
            "Make a password for a player of the Subsonic protocol", access: .user,
            body: BodySpec("NewAppPassword", [.init(Self.name), .init(Self.role)]), status: .created, answer: .issued,
            "An access token and, this once, its secret: the password that the player asks for.",
            problems: [.conflict, .insufficientStorage]
        ) { request in
            try Self.refuseAppPasswords(request.token)
            let role = (try request.body.optional(Self.role) ?? .user).access
            guard role != .admin || request.token?.role == .admin else {
                throw Problem(.forbidden, "an administrator alone makes one that administers")
            }
            let made = try await store.createAppPassword(
                account: request.account(), name: try request.body.require(Self.name), role: role)
            return IssuedToken(token: made.token, secret: made.secret)
        }
    }

    private var revoke: Route {
        Route(
            .delete, "/v1/me/app-passwords/{id}", "revokeAppPassword", "Revoke one of one's own app passwords",
            access: .user, parameters: [ParameterSpec(.id)],
            answers: [
                .init(
                    status: .noContent,
                    description:
                        "It opens nothing any more; another server on the same database may take it for five seconds.",
                    content: [:])
            ], problems: [.conflict, .insufficientStorage]
        ) { request in
            try Self.refuseAppPasswords(request.token)
            let id = try request.require(.id)
            guard try await own(request).contains(where: { $0.id == id }) else { throw Problem.notFound }
            try await TokenRoutes(services: services, authenticator: authenticator).revoke(id)
            return Response(status: .noContent)
        }
    }

    /// Players keep theirs in the clear, and send it in addresses: who found one must not shut its owner out, nor stay.
    static func refuseAppPasswords(_ token: AccessToken?) throws(Problem) {
        guard token?.isAppPassword != true else {
            throw Problem(.forbidden, "an app password is for players, and looks after no others")
        }
    }
}
