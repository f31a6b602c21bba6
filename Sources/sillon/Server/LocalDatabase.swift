import Foundation
import Persistence

/// The database of the data folder, for commands that work on it without a server.
enum LocalDatabase {
    /// Throws `misconfigured` when there is none.
    static func open(_ settings: Settings) throws -> SQLiteDatabase {
        guard access(settings.databasePath, F_OK) == 0 else {
            throw CommandError.misconfigured(
                "there is no database in \(settings.dataFolder); sillon up makes one, --data DIR names another folder")
        }
        return try SQLiteDatabase(path: settings.databasePath)
    }
}
