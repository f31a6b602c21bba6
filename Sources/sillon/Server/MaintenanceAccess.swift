import Foundation
import Persistence

/// How commands that move whole databases open them.
enum MaintenanceAccess {
    /// Hours: a whole table goes through one statement.
    private static let statementSeconds = 4 * 3600

    static func open(_ location: DatabaseLocation) async throws -> any Database {
        switch location {
        case .file(let path):
            // It may be made now, and is the owner's alone.
            umask(0o077)
            FolderOwner.makeDatabase(path)
            return try SQLiteDatabase(path: path)
        case .server(let url):
            return try await server(url)
        }
    }

    /// Under another name than servers and workers have, so that these can be told from it. Throws as `checkAnswer`.
    static func server(_ url: PostgresURL) async throws -> PostgresDatabase {
        var options = PostgresOptions()
        options.statementSeconds = statementSeconds
        options.idleInTransactionSeconds = statementSeconds
        let database = PostgresDatabase(url.named("sillon maintenance"), options: options)
        try await DatabaseLocation.server(url).checkAnswer(of: database)
        return database
    }

    /// Keeps servers off the data folder of a database in a file.
    static func lock(_ settings: Settings) throws -> FolderLock? {
        guard case .file = settings.database else { return nil }
        try DataFolder(path: settings.dataFolder).prepare()
        return try FolderLock(path: settings.lockPath, folder: settings.dataFolder)
    }
}
