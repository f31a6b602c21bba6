import ArgumentParser
import Contracts
import Domain
import Persistence
import UseCases

struct AppPasswordsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app-passwords",
        abstract: "List, make and revoke the passwords of an account's music players.",
        discussion: """
            Players of the Subsonic protocol sign in with one: docs/subsonic.md. Each can be
            revoked alone. They lie in the database sealed with the key in the data folder.

            Examples:
              sillon account app-passwords add ada --name phone
              sillon account app-passwords list ada
              sillon account app-passwords revoke 7
            """,
        subcommands: [AppPasswordsList.self, AppPasswordsAdd.self, AppPasswordsRevoke.self])
}

struct AppPasswordsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the app passwords of an account, without the passwords.",
        discussion: """
            Examples:
              sillon account app-passwords list ada
              sillon account app-passwords list ada --json
            """)

    @Argument(help: "The account's name.")
    var account: String

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let tokens = try await options.with { stores in
            let owner = try await stores.accounts.account(named: account).id
            return try await stores.tokens.tokens().filter { $0.accountID == owner && $0.isAppPassword }
        }
        guard options.json || !tokens.isEmpty else { return Console.note("\"\(account)\" has no app passwords") }
        try options.list(tokens, Self.columns, Self.cells, json: Self.row)
    }

    private static let columns: [TextTable.Column] = [
        .init("ID", .right), .init("NAME", canShrink: true), .init("ROLE"), .init("CREATED"), .init("LAST USED"),
    ]

    private static func cells(_ token: AccessToken) -> [String?] {
        [
            "\(token.id)", token.name, token.role.rawValue, Readable.time(token.createdAt),
            token.lastUsedAt.map(Readable.time),
        ]
    }

    private static func row(_ token: AccessToken) -> JSONValue {
        [
            "id": .integer(token.id), "name": .string(token.name), "role": .string(token.role.rawValue),
            "created_at": .time(token.createdAt), "last_used_at": .time(token.lastUsedAt),
        ]
    }
}

struct AppPasswordsAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an app password. It is shown only now.",
        discussion: """
            Examples:
              sillon account app-passwords add ada --name phone
              sillon account app-passwords add grace --name desk --role admin --json
            """)

    @Argument(help: "The account's name.")
    var account: String

    @Option(help: "For people: the player that it is for.")
    var name = "made on the command line"

    @Option(help: "What it may do: user, or admin where the account may.")
    var role = Account.Role.user

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let made = try await options.with { stores in
            let store = try AppPasswordStores.require(stores)
            return try await store.createAppPassword(
                account: stores.accounts.account(named: account).id, name: name, role: role.access)
        }
        try options.show(made)
    }
}

struct AppPasswordsRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke an app password. A server that runs forgets it within five seconds.",
        discussion: """
            Examples:
              sillon account app-passwords revoke 7
            """)

    @Argument(help: "Its id: sillon account app-passwords list ada")
    var id: Int64

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        try await StoreAccess.with(databaseOptions) { stores in
            // Other tokens are revoked by a command of their own, so that a wrong number shuts nobody out.
            guard try await stores.tokens.tokens().contains(where: { $0.id == id && $0.isAppPassword }) else {
                throw StoreError.notFound("there is no app password \(id)")
            }
            try await stores.tokens.revokeToken(id: id)
        }
        try Console.line(TokenRevoke.confirmation(id))
    }
}

private enum AppPasswordStores {
    static func require(_ stores: Stores) throws -> DatabaseAppPasswords {
        guard let store = stores.appPasswords else {
            throw CommandError.failed("there is no key file that app passwords could be sealed with")
        }
        return store
    }
}
