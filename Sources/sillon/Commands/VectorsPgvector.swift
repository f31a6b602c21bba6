import ArgumentParser
import Foundation
import Persistence

struct VectorsPgvector: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pgvector",
        abstract: "Show, or drop, the tables in which a PostgreSQL database searches vectors.",
        discussion: """
            SILLON_VECTOR_SEARCH=pgvector makes them and keeps them in step. All that is in
            them follows from the library: after --drop a server with that setting makes
            them anew, and one without has no use for them.

            Examples:
              SILLON_DATABASE_URL=postgres://… sillon vectors pgvector
              SILLON_DATABASE_URL=postgres://… sillon vectors pgvector --drop
            """)

    @Flag(help: "Drop the tables. The extension stays.")
    var drop = false

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        let settings = try databaseOptions.settings()
        guard case .server = settings.database else {
            throw CommandError.misconfigured("\(settings.database) is no PostgreSQL database")
        }
        let database = try await settings.database.openExisting(settings)
        if drop {
            let count = try await PgvectorReport.drop(from: database)
            try Console.line(count == 1 ? "1 table dropped" : "\(count) tables dropped")
        } else {
            for line in try await PgvectorReport.read(database).lines { try Console.line(line) }
        }
        try database.close()
    }
}

extension PgvectorReport {
    /// For people; one line for the extension, one for each table.
    var lines: [String] {
        let version = installed.map { "pgvector \($0)" + (isUsable ? "" : ", which is too old") }
        let extensionLine =
            version ?? available.map { "not installed in this database; the server has pgvector \($0)" }
            ?? "the server has no pgvector"
        return [extensionLine]
            + tables.map { table in
                let missing = table.behind == 0 ? "" : ", \(Readable.count(table.behind)) changes to come"
                return "\(table.model): \(Readable.count(table.vectors)) vectors as \(table.column), index "
                    + "\(table.index)\(missing)"
            }
    }
}
