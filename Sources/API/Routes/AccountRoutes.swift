import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/accounts` and `/v1/me`
struct AccountRoutes: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    private static let nameScalar = Scalar<String>.text(1...Account.maxNameBytes)
    private static let passwordScalar = Scalar<String>.text(Account.minPasswordCharacters...Account.maxPasswordBytes)

    private static let name = BodyField("name", nameScalar, isRequired: true, "Unique; case does not count.")
    private static let role = BodyField("role", Scalar<Account.Role>.choice, "user when absent.")
    private static let password = BodyField("password", passwordScalar, "Only tokens open an account without one.")
    private static let newName = BodyField("name", nameScalar, "Unique; case does not count.")
    private static let newRole = BodyField("role", Scalar<Account.Role>.choice, "What it may do.")
    private static let newPassword = BodyField("password", passwordScalar, "In the place of the one it has.")
    private static let disabled = BodyField(
        "disabled", Scalar<Bool>.flag, "True: neither its password nor its tokens open anything.")
    private static let ownPassword = BodyField("password", passwordScalar, isRequired: true, "The new one.")
    private static let currentPassword = BodyField(
        "current_password", .text(0...Account.maxPasswordBytes), "Needed where there is one.")

    private static let problems: [HTTPResponse.Status] = [.conflict, .insufficientStorage]

    var routes: [Route] { [list, add, change, remove, me, setOwnPassword] }

    private var list: Route {
        .json(
            .get, "/v1/accounts", "listAccounts", "List accounts", access: .admin,
            answer: Shape<Account>.account.page("AccountPage"), "All accounts."
        ) { _ in .whole(try await services.accounts.accounts()) }
    }

    private var add: Route {
        .json(
            .post, "/v1/accounts", "addAccount", "Make an account", access: .admin,
            body: BodySpec("NewAccount", [.init(Self.name), .init(Self.role), .init(Self.password)]),
            status: .created, answer: .account, "The account.", problems: Self.problems
        ) { request in
            let account = NewAccount(
                name: try request.body.require(Self.name), role: try request.body.optional(Self.role) ?? .user,
                password: try request.body.optional(Self.password))
            try Self.check(name: account.name, password: account.password)
            return try await services.accounts.addAccount(account)
        }
    }

    private var change: Route {
        .json(
            .patch, "/v1/accounts/{id}", "changeAccount", "Change an account", access: .admin,
            parameters: [ParameterSpec(.id)],
            body: BodySpec(
                "AccountChange",
                [.init(Self.newName), .init(Self.newRole), .init(Self.newPassword), .init(Self.disabled)]),
            answer: .account, "The account as it is now.", problems: Self.problems
        ) { request in
            let change = AccountChange(
                name: try request.body.optional(Self.newName), role: try request.body.optional(Self.newRole),
                isDisabled: try request.body.optional(Self.disabled),
                password: try request.body.optional(Self.newPassword))
            try Self.check(name: change.name, password: change.password)
            let id = try request.require(.id)
            defer { authenticator.forget(accountID: id) }
            return try await services.accounts.changeAccount(id: id, change)
        }
    }

    private var remove: Route {
        Route(
            .delete, "/v1/accounts/{id}", "removeAccount", "Remove an account with all that is its own",
            access: .admin, parameters: [ParameterSpec(.id)],
            answers: [
                .init(
                    status: .noContent,
                    description: "It is gone, with its tokens, plays, stars, ratings and connected services.",
                    content: [:])
            ], problems: Self.problems
        ) { request in
            let id = try request.require(.id)
            defer { authenticator.forget(accountID: id) }
            try await services.accounts.removeAccount(id: id)
            return Response(status: .noContent)
        }
    }

    private var me: Route {
        .json(
            .get, "/v1/me", "me", "Show one's own account", access: .user, answer: .account,
            "The account that the token of this request belongs to.", problems: [.notFound]
        ) { try await services.accounts.account(id: $0.account()) }
    }

    private var setOwnPassword: Route {
        .json(
            .put, "/v1/me/password", "setOwnPassword", "Change one's own password", access: .user,
            body: BodySpec("OwnPassword", [.init(Self.ownPassword), .init(Self.currentPassword)]), answer: .account,
            "One's account. Its sessions in browsers have ended, but the one that asks.",
            problems: Self.problems + [.notFound]
        ) { request in
            let password = try request.body.require(Self.ownPassword)
            try Self.check(name: nil, password: password)
            let account = try await services.accounts.account(id: request.account())
            if account.hasPassword {
                // Who found a token lying about must not shut its owner out.
                let current = try request.body.optional(Self.currentPassword) ?? ""
                guard try await authenticator.knows(current, account, peer: request.peer) else {
                    throw Problem(.forbidden, "current_password is not the account's password")
                }
            }
            defer { authenticator.forget(accountID: account.id) }
            return try await services.accounts.changeAccount(
                id: account.id, AccountChange(password: password, keptSession: request.token?.id))
        }
    }

    private static func check(name: String?, password: String?) throws(Problem) {
        guard name.map(Account.isName) ?? true else {
            throw .invalid("name has no colon, no control characters and no blank at its ends")
        }
        guard password.map(Account.isPassword) ?? true else {
            throw .invalid("password has \(Account.minPasswordCharacters) characters or more")
        }
    }
}
