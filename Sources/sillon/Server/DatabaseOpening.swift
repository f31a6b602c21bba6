import Foundation
import Logging
import Persistence
import Telemetry
import UseCases

extension DatabaseLocation {
    /// Opens a file at once; a server is asked with the first statement.
    func open(_ settings: Settings, cacheKiB: Int? = nil, logger: Logger? = nil) throws -> any Database {
        switch self {
        case .file(let path):
            var options = SQLiteDatabase.Options()
            if let cacheKiB { options.cacheKiB = cacheKiB }
            FolderOwner.makeDatabase(path)
            return try SQLiteDatabase(path: path, options: options)
        case .server(let url):
            var options = settings.pool
            if let logger {
                options.onNotice = { logger.notice("The database server says", metadata: [LogKeys.error: "\($0)"]) }
            }
            return PostgresDatabase(url, options: options)
        }
    }

    /// As `open`, for commands that make nothing. Throws `misconfigured` when there is no such file or steps of its
    /// schema are missing, `SchemaError` when a newer build has changed it, and as `checkAnswer`.
    func openExisting(_ settings: Settings) async throws -> any Database {
        guard exists else {
            throw CommandError.misconfigured("there is no database at \(self); sillon up makes one")
        }
        let database = try open(settings)
        try await checkAnswer(of: database)
        guard try await Migrator(database: database).isCurrent() else {
            throw CommandError.misconfigured("\(self) has an older schema, or none: run sillon migrate up first")
        }
        return database
    }

    /// Throws `unreachable` when a server does not answer, `misconfigured` when it knows no such user or database.
    func checkAnswer(of database: any Database) async throws {
        guard case .server = self else { return }
        do {
            try await database.read { _ in }
        } catch StoreError.retryable(_, let why) {
            throw CommandError.unreachable("\(self): \(why)")
        } catch StoreError.fatal(let why) {
            throw CommandError.misconfigured("\(self): \(why)")
        }
    }
}

/// A server that is just being started, as after a power cut, is waited for.
enum DatabasePatience {
    private static let limit = Duration.seconds(60)
    private static let pause = Duration.seconds(2)

    /// Runs `body` until it works, for a minute. Throws `unreachable` after it, `misconfigured` for what time cannot cure.
    static func wait<Result: Sendable>(
        for location: DatabaseLocation, logger: Logger, _ body: () async throws -> Result
    ) async throws -> Result {
        let end = ContinuousClock.now + limit
        while true {
            do {
                return try await body()
            } catch StoreError.retryable(_, let why) {
                guard ContinuousClock.now < end else {
                    throw CommandError.unreachable("\(location): \(why)")
                }
                logger.warning("Waiting for the database", metadata: [LogKeys.error: "\(why)"])
            } catch StoreError.fatal(let why) {
                throw CommandError.misconfigured("\(location): \(why)")
            }
            try await Task.sleep(for: pause)
        }
    }
}
