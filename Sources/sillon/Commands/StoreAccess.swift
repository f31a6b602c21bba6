import ArgumentParser
import Contracts
import Domain
import Persistence
import UseCases

/// What commands need that work on the database itself.
enum StoreAccess {
    /// The stores of a database whose schema must be up to date.
    static func with<Result: Sendable>(
        _ options: DatabaseOptions, _ body: (Stores) async throws -> Result
    ) async throws -> Result {
        let settings = try options.settings()
        let database = try await settings.database.openExisting(settings)
        let stores = try Stores(
            database: database, lockFolder: nil, keyFile: settings.keyFile, clock: SystemClock.microseconds)
        let result = try await body(stores)
        try database.close()
        return result
    }
}

/// The options of commands that work on the database itself and answer people or scripts.
struct StoreOptions: ParsableArguments {
    @OptionGroup var databaseOptions: DatabaseOptions

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func with<Result: Sendable>(_ body: (Stores) async throws -> Result) async throws -> Result {
        try await StoreAccess.with(databaseOptions, body)
    }

    /// A table with a line for each, or what scripts get of each.
    func list<Item>(
        _ items: [Item], _ columns: [TextTable.Column], _ cells: (Item) -> [String?], json row: (Item) -> JSONValue
    ) throws {
        if json { return try Console.line(ContractJSON.encode(JSONValue.array(items.map(row)))) }
        var table = TextTable(columns)
        for item in items { table.add(cells(item)) }
        try Console.table(table)
    }

    /// A token that was made, an app password included: its secret is shown only now.
    func show(_ made: (token: AccessToken, secret: String)) throws {
        struct Made: Encodable {
            let id: Int64
            let secret: String
        }
        try Console.line(json ? ContractJSON.encode(Made(id: made.token.id, secret: made.secret)) : made.secret)
    }
}

extension JSONValue {
    /// Null where there is none.
    static func time(_ microseconds: Int64?) -> JSONValue {
        microseconds.map { .string(Readable.timestamp($0)) } ?? .null
    }
}
