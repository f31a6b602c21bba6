import Synchronization
import TestSupport
import UseCases

@testable import Persistence

/// A database whose user can die: from then on nothing more is written.
final class MortalDatabase: DatabaseWrapper {
    let wrapped: any Database
    private let writesLeft = Mutex<Int?>(nil)

    init(_ base: any Database) {
        wrapped = base
    }

    func die(afterWrites count: Int) { writesLeft.withLock { $0 = count } }
    func revive() { writesLeft.withLock { $0 = nil } }

    func write<Result: Sendable>(
        durable: Bool, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        let isDead = writesLeft.withLock { left in
            guard let count = left else { return false }
            left = max(0, count - 1)
            return count == 0
        }
        if isDead { throw StoreError.retryable(afterSeconds: 0, "the process is dead") }
        return try await wrapped.write(durable: durable, body)
    }
}
