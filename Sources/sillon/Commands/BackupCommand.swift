import ArgumentParser
import Foundation
import Persistence

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write the whole database into one file, while the server runs, and check that file.",
        discussion: """
            SQLite: the file is a database itself. PostgreSQL: the file is a dump by pg_dump, which is restored into a
            database of its own and compared, where the user may create databases. Only you may read the file.

            Examples:
              sillon backup /mnt/backup/sillon-$(date +%F).backup
              SILLON_DATABASE_URL=postgres://… sillon backup sillon.dump
            """)

    @Argument(help: "The file to write.")
    var file: String

    @Flag(help: "Replace the file when it is there.")
    var force = false

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        let settings = try databaseOptions.settings()
        let path = Environment.ofProcess().absolute(file)
        guard force || access(path, F_OK) != 0 else {
            throw CommandError.failed("\(path) is there already; --force replaces it")
        }
        guard settings.database.exists else {
            throw CommandError.misconfigured("there is no database at \(settings.database)")
        }
        let digests: [TableDigest]
        switch settings.database {
        case .file(let source):
            guard source != path else { throw CommandError.usage("the backup would replace the database itself") }
            let database = try SQLiteDatabase(path: source)
            digests = try await database.backUp(to: path)
            try database.close()
        case .server(let url):
            let database = try await MaintenanceAccess.server(url)
            defer { database.close() }
            let report = try await PostgresBackup(path: path).make(from: database)
            if !report.isVerified { Console.note(RestoreCommand.unverified) }
            digests = report.digests
        }
        try Console.line("Backed up \(RestoreCommand.sum(digests)) to \(path).")
    }
}
