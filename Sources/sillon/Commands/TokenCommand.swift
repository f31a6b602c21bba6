import API
import ArgumentParser
import Contracts
import Domain
import Foundation
import Persistence
import UseCases

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke access tokens.",
        discussion: """
            These work on the database in the data folder, so that they also help when no
            token is left. Roles: user (read the library, scan), worker (run tasks), admin.

            Examples:
              sillon token create --role user --name kitchen --days 365
              sillon token create --role worker --roles audio,vector --name pi4
              sillon token list
              sillon token revoke 3
            """,
        subcommands: [TokenCreate.self, TokenList.self, TokenRevoke.self])
}

extension AccessRole: ExpressibleByArgument {}

struct TokenCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token. Its secret is shown only now.",
        discussion: """
            Examples:
              sillon token create --role user --account ada --name kitchen --days 365
              sillon token create --role worker --roles audio,vector --name pi4
            """)

    @Option(help: "Whose it is: that account's plays and stars. The first administrator's when absent.")
    var account: String?

    @Option(help: "What it opens.")
    var role: AccessRole

    @Option(help: "Of a worker's token: what it may work on; everything when absent.")
    var roles: RoleList?

    @Option(help: "Who or what it is for.")
    var name = "made on the command line"

    @Option(help: ArgumentHelp("Days until it expires; never when absent.", valueName: "n"))
    var days: Int?

    @OptionGroup var options: StoreOptions

    func validate() throws {
        guard (1...36_500).contains(days ?? 1) else { throw ValidationError("--days is 1 to 36500") }
        guard roles == nil || role == .worker else { throw ValidationError("--roles belongs to --role worker") }
    }

    func run() async throws {
        let expiresAt = days.map { SystemClock.microseconds() + Int64($0) * 86_400_000_000 }
        let made = try await options.with { stores in
            var owner: Int64?
            if let account { owner = try await stores.accounts.account(named: account).id }
            return try await stores.tokens.createToken(
                account: owner, name: name, role: role, workRoles: roles?.roles, expiresAt: expiresAt)
        }
        try options.show(made)
    }
}

struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens; their secrets are not kept.",
        discussion: """
            Examples:
              sillon token list
              sillon token list --json
            """)

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let tokens = try await options.with { try await $0.tokens.tokens() }
        try options.list(tokens, Self.columns, Self.cells, json: Self.row)
    }

    private static let columns: [TextTable.Column] = [
        .init("ID", .right), .init("ACCOUNT", .right), .init("ROLE"), .init("WORKS ON"), .init("NAME"),
        .init("CREATED"), .init("EXPIRES"), .init("LAST USED"),
    ]

    private static func cells(_ token: AccessToken) -> [String?] {
        [
            "\(token.id)", "\(token.accountID)", token.role.rawValue, work(token),
            token.parentID.map { "\(token.name) (browser, by \(means($0)))" } ?? token.name,
            Readable.time(token.createdAt), token.expiresAt.map(Readable.time), token.lastUsedAt.map(Readable.time),
        ]
    }

    private static func means(_ parent: Int64) -> String {
        parent == AccessToken.byPassword ? "password" : "token \(parent)"
    }

    /// "" for a token that leases no tasks.
    private static func work(_ token: AccessToken) -> String {
        guard token.role == .worker else { return "" }
        return token.workRoles.map { RoleList(roles: $0).defaultValueDescription } ?? "everything"
    }

    /// As the API answers it: what there is none of is null.
    private static func row(_ token: AccessToken) -> JSONValue {
        [
            "id": .integer(token.id), "account_id": .integer(token.accountID), "role": .string(token.role.rawValue),
            "name": .string(token.name),
            "work_roles": token.workRoles.map { roles in
                .array(Role.allCases.filter(roles.contains).map { .string($0.rawValue) })
            } ?? .null,
            "session_of": token.parentID.map { .integer($0) } ?? .null, "created_at": .time(token.createdAt),
            "expires_at": .time(token.expiresAt), "last_used_at": .time(token.lastUsedAt),
        ]
    }
}

struct TokenRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a token. A server that runs forgets it within five seconds.",
        discussion: """
            Examples:
              sillon token revoke 3
            """)

    @Argument(help: "The token's id.")
    var id: Int64

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        try await StoreAccess.with(databaseOptions) { try await $0.tokens.revokeToken(id: id) }
        try Console.line(Self.confirmation(id))
    }

    static func confirmation(_ id: Int64) -> String {
        "Token \(id) is revoked. A server that runs may take it for \(APIOptions.revokedTokenSeconds) seconds more."
    }
}
