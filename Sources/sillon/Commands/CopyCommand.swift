import ArgumentParser
import Foundation
import Persistence

struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy everything into another, empty database: from SQLite to PostgreSQL, and back.",
        discussion: """
            Copies the library, the vectors, the queue with its history, and the tokens, in one transaction, and
            compares every table by its rows' checksum. The source stays as it is. Stop all servers and workers first.

            Examples:
              sillon copy --to postgres://sillon@db.local/sillon
              SILLON_DATABASE_URL=postgres://… sillon copy --to /srv/sillon/sillon.db
            """)

    @Option(
        help: ArgumentHelp(
            "The database to fill: a file, or postgres://user@host/name (password in ~/.pgpass or $SILLON_COPY_TO).",
            valueName: "url"))
    var to: String?

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        let environment = Environment.ofProcess()
        let settings = try databaseOptions.settings()
        guard let text = to ?? environment["SILLON_COPY_TO"] else {
            throw CommandError.usage("say where to copy to: --to URL, or SILLON_COPY_TO")
        }
        let target = try DatabaseLocation(text, source: "--to", environment)
        guard settings.database.exists else {
            throw CommandError.misconfigured("there is no database at \(settings.database)")
        }
        guard settings.database.description != target.description else {
            throw CommandError.usage("the source and the target are the same database")
        }
        let lock = try MaintenanceAccess.lock(settings)
        if case .file(let path) = target {
            try DataFolder(path: (path as NSString).deletingLastPathComponent).prepare()
        }
        let source = try await MaintenanceAccess.open(settings.database)
        let filled = try await MaintenanceAccess.open(target)
        try await DatabaseUse.check(source)
        try await DatabaseUse.check(filled)
        let digests = try await DatabaseCopy(from: source, to: filled) { digest in
            Console.note("\(digest.table): \(digest)")
        }.run(now: SystemClock.microseconds())
        try await filled.emptyLog()
        try filled.close()
        try Console.line(
            "Copied \(digests.reduce(0) { $0 + $1.rows }) rows in \(digests.count) tables to \(target); "
                + "all checksums agree.")
        withExtendedLifetime(lock) {}
    }
}
