import Domain
import Foundation
import GRDB
import GRDBSQLite
import Synchronization
import UseCases

/// SQLite behind `Database`: GRDB's pool gives one writer, several readers and WAL.
package final class SQLiteDatabase: Database {
    package let dialect = Dialect.sqlite
    private let pool: DatabasePool
    /// A connection of its own, since `data_version` tells what *other* connections committed.
    private let watcher: DatabaseQueue
    private let writerIsDurable = Mutex(false)

    package struct Options: Sendable {
        package var cacheKiB: Int
        package var readers: Int
        package var busyTimeoutSeconds: Double

        package init(cacheKiB: Int = 8192, readers: Int = 4, busyTimeoutSeconds: Double = 10) {
            self.cacheKiB = cacheKiB
            self.readers = readers
            self.busyTimeoutSeconds = busyTimeoutSeconds
        }
    }

    /// Opens or creates the file. Throws `StoreError` with one clear line when it is no database or is damaged.
    package init(path: String, options: Options = Options()) throws {
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(options))
            var watching = Configuration()
            watching.readonly = true
            watcher = try DatabaseQueue(path: path, configuration: watching)
        } catch {
            throw SQLiteFailure.storeError(error, doing: "open \(path)")
        }
    }

    package func read<Result: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncRead { access in
                continuation.resume(
                    with: Swift.Result {
                        try SQLiteFailure.translating { try body(SQLiteConnection(database: try access.get())) }
                    })
            }
        }
    }

    /// Not cancelled half-way: a settle that has begun ends, whatever becomes of the task that awaits it.
    package func write<Result: Sendable>(
        durable: Bool, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncWriteWithoutTransaction { [self] database in
                continuation.resume(
                    with: Swift.Result {
                        try SQLiteFailure.translating {
                            try setDurable(durable, on: database)
                            var result: Result?
                            try database.inTransaction(.immediate) {
                                result = try body(SQLiteConnection(database: database))
                                return .commit
                            }
                            return result!  // set by the body, or the line above has thrown
                        }
                    })
            }
        }
    }

    package func changeCounter() async throws -> Int64 {
        try await withCheckedThrowingContinuation { continuation in
            watcher.asyncRead { access in
                continuation.resume(
                    with: Swift.Result {
                        try SQLiteFailure.translating {
                            try Int64.fetchOne(access.get(), sql: "PRAGMA data_version") ?? 0
                        }
                    })
            }
        }
    }

    /// Gives back the space of the write-ahead log and of deleted rows. For quiet times.
    package func tidyUp() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            pool.asyncWriteWithoutTransaction { database in
                continuation.resume(
                    with: Swift.Result {
                        try SQLiteFailure.translating {
                            try database.execute(sql: "PRAGMA incremental_vacuum(1000)")
                            _ = try database.checkpoint(.passive)
                        }
                    })
            }
        }
    }

    /// Moves all that is committed into the database file itself, so that a copy of that file alone is whole. Closing
    /// does not: GRDB closes its readers last, and those may not write. Waits a second for other processes, then throws.
    package func emptyLog() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            pool.asyncWriteWithoutTransaction { database in
                continuation.resume(
                    with: Swift.Result {
                        try SQLiteFailure.translating {
                            try database.execute(sql: "PRAGMA busy_timeout = \(Self.logWaitMilliseconds)")
                            _ = try database.checkpoint(.truncate)
                        }
                    })
            }
        }
    }

    /// A worker beside a server that stops must not hold it up.
    private static let logWaitMilliseconds = 1000

    /// The log stays unless it was emptied before: see `emptyLog`.
    package func close() throws {
        try watcher.close()
        try pool.close()
    }

    /// Only the writer's serial queue calls this.
    private func setDurable(_ durable: Bool, on database: GRDB.Database) throws {
        guard writerIsDurable.withLock({ $0 }) != durable else { return }
        try database.execute(sql: durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
        writerIsDurable.withLock { $0 = durable }
    }

    /// The write-ahead log goes into the database at 16 MiB: pages that a scan changes again and again are copied once.
    private static let checkpointPages = 4096
    package static var checkpointMiB: Int { (checkpointPages * 4096) >> 20 }

    private static let incrementalVacuum = 2

    private static func configuration(_ options: Options) -> Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = options.readers
        configuration.busyMode = .timeout(options.busyTimeoutSeconds)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -\(options.cacheKiB)")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            if !database.configuration.readonly {
                // SQLite writes this setting anew whenever it is made, even where it holds already.
                if try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") != Self.incrementalVacuum {
                    try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
                }
                try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
            }
        }
        return configuration
    }
}
