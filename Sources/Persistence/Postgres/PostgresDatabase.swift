import Foundation
import Synchronization
import UseCases

/// PostgreSQL behind `Database`: a pool of sessions, each with a thread of its own for the calls that block.
package final class PostgresDatabase: Database {
    package let dialect = Dialect.postgres
    package let url: PostgresURL
    private let pool: PostgresPool
    let options: PostgresOptions
    private let listener = Mutex<PostgresListener?>(nil)

    /// The same transaction is run again at most so often when others were in the way.
    private static let maxTries = 10
    /// Milliseconds; doubled with each try.
    private static let firstPause = 5.0
    private static let longestPause = 500.0
    private static let counterLimit = Duration.seconds(2)

    /// Does not connect yet.
    package init(_ url: PostgresURL, options: PostgresOptions = PostgresOptions()) {
        self.url = url
        self.options = options
        pool = PostgresPool(url, options)
    }

    // The pool ends with its last user.
    deinit { endListener() }

    package func read<Result: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await persistently { [pool] in
            try await pool.withSession { try $0.transaction(.snapshot, body) }
        }
    }

    package func write<Result: Sendable>(
        durable: Bool, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await persistently { [pool] in
            try await pool.withSession { try $0.transaction(.write(durable: durable), body) }
        }
    }

    /// Changes when any transaction that wrote has ended, in any database of the server.
    package func changeCounter() async throws -> Int64 {
        do {
            return try await pool.withSession(waitingUpTo: Self.counterLimit) { session in
                let query: Query = "SELECT hashtextextended(CAST(pg_current_snapshot() AS text), 0)"
                return try PostgresConnection(session: session).first(query) { $0.int(0) ?? 0 } ?? 0
            }
        } catch let error as PostgresError {
            throw PostgresFailure.storeError(error)
        }
    }

    package func onWork(_ wake: @Sendable @escaping () -> Void) {
        listener.withLock { listener in
            guard listener == nil else { return }
            listener = PostgresListener(url, wake)
        }
    }

    /// "15.18".
    package func serverVersion() async throws -> String {
        do {
            let version = try await pool.withSession { try $0.serverVersion() }
            return "\(version / 10_000).\(version % 10_000)"
        } catch let error as PostgresError {
            throw PostgresFailure.storeError(error)
        }
    }

    /// Waits some seconds for what still runs; a hung server holds up nobody for longer.
    package func close() {
        endListener()
        pool.close()
    }

    private func endListener() {
        listener.withLock { listener in
            listener?.close()
            listener = nil
        }
    }

    /// Runs a transaction again when the cause of its failure passes by itself. A deadlock's victim, say, has changed
    /// nothing; a commit without an answer may have, so its error is the caller's.
    private func persistently<Result: Sendable>(
        _ transaction: @Sendable () async throws -> Result
    ) async throws -> Result {
        var pause = Self.firstPause
        for attempt in 1... {
            do {
                return try await transaction()
            } catch let error as PostgresError {
                guard attempt < Self.maxTries, let cure = PostgresFailure.cure(for: error),
                    cure != .reconnect || attempt < Self.maxReconnects
                else { throw PostgresFailure.storeError(error) }
                if cure == .prepareAgain { try await forgetStatements() }
            }
            try? await Task.sleep(for: .milliseconds(pause * Double.random(in: 0.5...1)))  // a settle goes on
            pause = min(pause * 2, Self.longestPause)
        }
        preconditionFailure("the loop above has no end but its exits")
    }

    private static let maxReconnects = 3

    private func forgetStatements() async throws {
        // A session that cannot forget is found lost at its next use.
        _ = try? await pool.withSession { try $0.forgetStatements() }  // said above
    }
}
