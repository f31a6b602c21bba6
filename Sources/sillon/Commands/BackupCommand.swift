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
            With --keep the backup is named by its date, and the oldest ones go once it is complete.

            Examples:
              sillon backup /mnt/backup/sillon-$(date +%F).backup
              sillon backup --keep 14 /mnt/backup     a folder, made for timers
              SILLON_DATABASE_URL=postgres://… sillon backup sillon.dump
            """)

    @Argument(help: "The file to write; with --keep a folder, which is made when it is not there.")
    var file: String

    @Option(help: ArgumentHelp("Keep so many backups in the folder.", valueName: "n"))
    var keep: Int?

    @Flag(help: "Replace the file when it is there.")
    var force = false

    @OptionGroup var databaseOptions: DatabaseOptions

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep is a number from 1, not \(keep)") }
        if keep != nil, force { throw ValidationError("--keep replaces no file: --force has no meaning with it") }
    }

    func run() async throws {
        let settings = try databaseOptions.settings()
        let given = Environment.ofProcess().absolute(file)
        guard let keep else { return try await write(given, settings) }
        // Nothing is made for a database that is not there.
        guard settings.database.exists else {
            throw CommandError.misconfigured("there is no database at \(settings.database)")
        }
        let folder = BackupFolder(path: given)
        try folder.prepare()
        try await write(folder.file(at: Date()), settings)
        for path in try folder.removeAll(but: keep) { try Console.line("Removed \(path).") }
    }

    private func write(_ path: String, _ settings: Settings) async throws {
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
