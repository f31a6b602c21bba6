import Synchronization
import UseCases

@testable import Persistence

/// A database whose user can die: from then on nothing more is written.
final class MortalDatabase: Database {
    private let base: any Database
    private let writesLeft = Mutex<Int?>(nil)

    init(_ base: any Database) {
        self.base = base
    }

    func die(afterWrites count: Int) { writesLeft.withLock { $0 = count } }
    func revive() { writesLeft.withLock { $0 = nil } }

    var dialect: Dialect { base.dialect }
    func changeCounter() async throws -> Int64 { try await base.changeCounter() }
    func close() throws { try base.close() }

    func read<Result: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await base.read(body)
    }

    func write<Result: Sendable>(
        durable: Bool, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        let isDead = writesLeft.withLock { left in
            guard let count = left else { return false }
            left = max(0, count - 1)
            return count == 0
        }
        if isDead { throw StoreError.retryable(afterSeconds: 0, "the process is dead") }
        return try await base.write(durable: durable, body)
    }
}
