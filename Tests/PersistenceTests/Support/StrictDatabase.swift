import TestSupport

@testable import Persistence

/// Runs every transaction once: a deadlock is an error here, not a reason to try again.
final class StrictDatabase: DatabaseWrapper {
    let wrapped: any Database
    private let pool: PostgresPool

    init(_ base: DisposableDatabase) {
        wrapped = base
        pool = PostgresPool(base.base.url, PostgresOptions())
    }

    func close() throws { pool.close() }

    func write<Result: Sendable>(
        durable: Bool, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await pool.withSession { try $0.transaction(.write(durable: durable), body) }
    }
}
