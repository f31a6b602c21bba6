import ArgumentParser
import Foundation
import Persistence
import UseCases

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of the database. Stop all servers and workers first.",
        discussion: """
            An SQLite database that was there is kept beside the new one. Tasks that were running when the backup was
            made are ready again.

            Examples:
              sillon restore /mnt/backup/sillon-2026-01-31.backup
              SILLON_DATABASE_URL=postgres://… sillon restore --force sillon.dump
            """)

    @Argument(help: "The file that sillon backup wrote.")
    var file: String

    @Flag(help: "Also when the database has something in it.")
    var force = false

    @OptionGroup var databaseOptions: DatabaseOptions

    static let unverified =
        "not compared row by row: this user may not create databases on the server (ALTER ROLE … CREATEDB allows it)"

    static func sum(_ digests: [TableDigest]) -> String {
        "\(digests.reduce(0) { $0 + $1.rows }) rows in \(digests.count { $0.rows > 0 }) tables"
    }

    func run() async throws {
        let settings = try databaseOptions.settings()
        let path = Environment.ofProcess().absolute(file)
        let format = try BackupFormat(of: path)
        let lock = try MaintenanceAccess.lock(settings)
        switch (settings.database, format) {
        case (.file(let target), .sqlite): try await restore(path, into: target)
        case (.server(let url), .postgres): try await restore(path, into: url)
        case (.file, .postgres), (.server, .sqlite):
            throw CommandError.usage(
                "\(path) is a backup of the other engine: restore it there, then use sillon copy --to")
        }
        withExtendedLifetime(lock) {}
    }

    private func restore(_ path: String, into target: String) async throws {
        guard path != target else { throw CommandError.usage("the backup is the database itself") }
        if access(target, F_OK) == 0 { try await release(target) }
        let time = SystemClock.microseconds() / 1_000_000
        let (digests, kept) = try SQLiteBackup(path: path).restore(
            to: target, keepingOldAs: "\(target).before-restore-\(time)")
        try Console.line("Restored \(Self.sum(digests)) into \(target); all checksums agree.")
        if let kept { try Console.line("What was there before: \(kept)") }
    }

    /// Leaves all of a database that nobody uses in its one file. A damaged one is what backups are for.
    private func release(_ target: String) async throws {
        do {
            let old = try SQLiteDatabase(path: target)
            try await checkFree(old)
            try await old.emptyLog()
            try old.close()
        } catch let error as StoreError where force {
            Console.note("the database that is there cannot be used (\(error)); it is kept as it is")
        }
    }

    private func restore(_ path: String, into url: PostgresURL) async throws {
        let database = try await MaintenanceAccess.server(url)
        defer { database.close() }
        try await checkFree(database)
        let report = try await PostgresBackup(path: path).restore(into: database)
        if !report.isVerified { Console.note(Self.unverified) }
        try Console.line(
            "Restored \(Self.sum(report.digests)) into \(url)" + (report.isVerified ? "; all checksums agree." : "."))
    }

    private func checkFree(_ database: any Database) async throws {
        try await DatabaseUse.check(database)
        if !force, try await DatabaseUse.holdsRows(database) {
            throw CommandError.failed("the database is not empty; --force puts the backup in its place")
        }
    }
}

/// By the first bytes of the file.
private enum BackupFormat {
    case sqlite, postgres

    init(of path: String) throws {
        let file: FileHandle
        do {
            file = try FileHandle(forReadingFrom: URL(filePath: path))
        } catch {
            throw CommandError.failed("cannot read \(path): \(SystemMessage.last)")
        }
        let start = String(decoding: try file.read(upToCount: 16) ?? Data(), as: UTF8.self)
        if start.hasPrefix("SQLite format 3") {
            self = .sqlite
        } else if start.hasPrefix("PGDMP") {
            self = .postgres
        } else {
            throw CommandError.failed("\(path) is no backup of Sillon")
        }
    }
}
