import ArgumentParser
import Contracts
import Domain
import Persistence
import UseCases

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Make, list, change and remove accounts.",
        discussion: """
            Plays, stars, ratings and connected services are an account's own. These work on
            the database in the data folder, so that they also help who forgot a password.
            Passwords come from a file or standard input, never from an argument.

            Examples:
              sillon account add ada --password-file -
              sillon account list
              sillon account disable ada
              sillon account app-passwords add ada --name phone
            """,
        subcommands: [
            AccountAdd.self, AccountList.self, AccountPassword.self, AccountDisable.self, AccountEnable.self,
            AccountRemove.self, AppPasswordsCommand.self,
        ])
}

extension Account.Role: ExpressibleByArgument {}

struct AccountAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an account. The first of all is an administrator's.",
        discussion: """
            Examples:
              sillon account add ada --password-file -
              sillon account add kitchen
              sillon account add grace --role admin --password-file /run/secrets/grace
            """)

    @Argument(help: "Its name; case does not count.")
    var name: String

    @Option(help: "What it may do: user (listen, scan) or admin.")
    var role = Account.Role.user

    @OptionGroup var password: PasswordSource
    @OptionGroup var options: StoreOptions

    func run() async throws {
        let new = NewAccount(name: name, role: role, password: try password.read())
        let account = try await options.with { try await $0.accounts.addAccount(new) }
        if options.json { return try Console.line(ContractJSON.encode(AccountList.row(account))) }
        try Console.line("Account \(account.id), \"\(TextTable.safe(account.name))\", \(account.role.rawValue).")
    }
}

struct AccountList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the accounts.",
        discussion: """
            Examples:
              sillon account list
              sillon account list --json
            """)

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let accounts = try await options.with { try await $0.accounts.accounts() }
        try options.list(accounts, Self.columns, Self.cells, json: Self.row)
    }

    private static let columns: [TextTable.Column] = [
        .init("ID", .right), .init("NAME", canShrink: true), .init("ROLE"), .init("PASSWORD"), .init("CREATED"),
        .init("DISABLED"),
    ]

    private static func cells(_ account: Account) -> [String?] {
        [
            "\(account.id)", account.name, account.role.rawValue, account.hasPassword ? "yes" : "no",
            Readable.time(account.createdAt), account.disabledAt.map(Readable.time),
        ]
    }

    /// As the API answers it.
    static func row(_ account: Account) -> JSONValue {
        [
            "id": .integer(account.id), "name": .string(account.name), "role": .string(account.role.rawValue),
            "has_password": .bool(account.hasPassword),
            "created_at": .time(account.createdAt), "disabled_at": .time(account.disabledAt),
        ]
    }
}

struct AccountPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Give an account a password, in the place of the one it has.",
        discussion: """
            Examples:
              sillon account password ada
              sillon account password ada --password-file /run/secrets/ada
            """)

    @Argument(help: "The account's name.")
    var name: String

    @OptionGroup var password: PasswordSource
    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        let new = try password.read() ?? PasswordSource.ask()
        try await AccountEdit.apply(AccountChange(password: new), to: name, databaseOptions)
        try Console.line("\"\(TextTable.safe(name))\" has a new password.")
    }
}

struct AccountDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Let neither an account's password nor its tokens open anything. Nothing of it is lost.",
        discussion: """
            A server that runs may take its tokens for five seconds more.

            Examples:
              sillon account disable ada
            """)

    @Argument(help: "The account's name.")
    var name: String

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        try await AccountEdit.apply(AccountChange(isDisabled: true), to: name, databaseOptions)
        try Console.line("\"\(TextTable.safe(name))\" is disabled.")
    }
}

struct AccountEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a disabled account be used again.",
        discussion: """
            Examples:
              sillon account enable ada
            """)

    @Argument(help: "The account's name.")
    var name: String

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        try await AccountEdit.apply(AccountChange(isDisabled: false), to: name, databaseOptions)
        try Console.line("\"\(TextTable.safe(name))\" may be used.")
    }
}

struct AccountRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove an account with its tokens, plays, stars, ratings and connected services.",
        discussion: """
            The last administrator cannot be removed. disable loses nothing.

            Examples:
              sillon account remove ada
            """)

    @Argument(help: "The account's name.")
    var name: String

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        try await StoreAccess.with(databaseOptions) { stores in
            try await stores.accounts.removeAccount(id: stores.accounts.account(named: name).id)
        }
        try Console.line("\"\(TextTable.safe(name))\" is removed.")
    }
}

private enum AccountEdit {
    static func apply(_ change: AccountChange, to name: String, _ options: DatabaseOptions) async throws {
        try await StoreAccess.with(options) { stores in
            _ = try await stores.accounts.changeAccount(id: stores.accounts.account(named: name).id, change)
        }
    }
}
