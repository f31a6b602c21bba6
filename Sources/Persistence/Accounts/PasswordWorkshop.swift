import Foundation
import Synchronization
import UseCases

/// Where passwords are hashed: on threads of its own, few at once, since each takes 32 MiB and a core for a moment.
final class PasswordWorkshop: Sendable {
    static let maxAtOnce = 2
    /// Beyond those that wait already, a sign-in is refused for the moment.
    static let maxWaiting = 16

    private let queue: OperationQueue
    private let present = Mutex(0)

    init() {
        queue = OperationQueue()
        queue.name = "sillon.passwords"
        queue.maxConcurrentOperationCount = Self.maxAtOnce
    }

    /// Those that are being hashed and those that wait.
    var count: Int { present.withLock { $0 } }

    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try enter()
        defer { present.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result { try work() }) }
        }
    }

    private func enter() throws {
        try present.withLock { present in
            guard present < Self.maxAtOnce + Self.maxWaiting else {
                throw StoreError.retryable(afterSeconds: 2, "too many passwords are being verified at once")
            }
            present += 1
        }
    }
}
