import Foundation
import GRDB
import GRDBSQLite
import UseCases

extension SQLiteDatabase {
    /// Writes one snapshot into a new file at `path`, which needs no other file beside it, while others go on writing;
    /// reads it again and compares. Answers what it holds. The file is not there, or whole.
    package func backUp(to path: String) async throws -> [TableDigest] {
        let partial = path + ".partial"
        try PrivateFile.make(partial, inPlaceOf: path)
        do {
            let source = try await read { connection in
                guard let connection = connection as? SQLiteConnection else { throw TransferError.interrupted }
                try Migrator.refuseNewer(on: connection, named: "the database")
                try connection.database.backUp(toFile: partial)
                return try TableDigest.all(on: connection)
            }
            let written = try SQLiteBackup(path: partial).digests()
            try TableDigest.compare(source, written)
            try PrivateFile.publish(partial, as: path)
            return written
        } catch {
            unlink(partial)
            throw error
        }
    }
}

extension GRDB.Database {
    fileprivate func backUp(toFile path: String) throws {
        let copy = try DatabaseQueue(path: path)
        try copy.writeWithoutTransaction { target in
            try backup(to: target)
            // The copy says of itself that it has a write-ahead log; it is to be one file.
            try target.execute(sql: "PRAGMA journal_mode = DELETE")
        }
        try copy.close()
    }
}

/// A backup of a database in a file: a database itself.
package struct SQLiteBackup: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// Reads all of it. Throws when it is damaged, or not of this build's schema or an older one.
    package func digests() throws -> [TableDigest] {
        var configuration = Configuration()
        configuration.readonly = true
        return try reading {
            let file = try DatabaseQueue(path: path, configuration: configuration)
            return try file.read { database in
                let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check(10)")
                guard damage == ["ok"] else {
                    throw TransferError.file("\(path) is damaged: \(damage.joined(separator: "; "))")
                }
                guard try database.tableExists("schema_migration") else {
                    throw TransferError.file("\(path) is no Sillon database")
                }
                let connection = SQLiteConnection(database: database)
                try Migrator.refuseNewer(on: connection, named: path)
                return try TableDigest.all(on: connection)
            }
        }
    }

    /// Puts the backup in the place of the database at `target`, which nobody may use. What was there is kept beside it
    /// under another name, which is answered. Tasks that were running when the backup was made are ready again.
    package func restore(to target: String, keepingOldAs kept: String) throws -> (digests: [TableDigest], kept: String?)
    {
        let partial = target + ".partial"
        try PrivateFile.make(partial, inPlaceOf: target)
        do {
            let source = try digests()
            try PrivateFile.copy(path, to: partial)
            try settle(partial)
            let written = try SQLiteBackup(path: partial).digests()
            try TableDigest.compare(source, written)
            let old = try PrivateFile.setAside(target, as: kept)
            try PrivateFile.publish(partial, as: target)
            return (written, old)
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// No worker comes along with a backup.
    private func settle(_ file: String) throws {
        try reading {
            let copy = try DatabaseQueue(path: file)
            try copy.write { database in
                let connection = SQLiteConnection(database: database)
                for statement in LeftBehind.statements { try connection.execute(statement) }
            }
            try copy.close()
        }
    }

    private func reading<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw SQLiteFailure.storeError(error, doing: "read \(path)")
        }
    }
}

/// What a restored database says of workers that are long gone.
enum LeftBehind {
    static let statements: [Query] = [
        """
        UPDATE task SET state = 'ready', worker_id = NULL, lease = NULL, claimed_at = NULL, deadline_at = NULL
        WHERE state = 'running'
        """,
        "UPDATE worker SET ended_at = seen_at WHERE ended_at IS NULL",
    ]
}
