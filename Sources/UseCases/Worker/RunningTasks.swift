import Synchronization

/// The attempts that this worker runs now. Each is a task of its own, so that it can be cancelled alone.
final class RunningTasks: Sendable {
    private let attempts = Mutex<[Int64: Task<Void, Never>]>([:])

    var ids: [Int64] { attempts.withLock { Array($0.keys) } }
    var isEmpty: Bool { attempts.withLock { $0.isEmpty } }

    /// Starts an attempt, which calls `remove` when it ends. Its caller waits for the result, not for the task.
    func start(_ id: Int64, _ attempt: @escaping @Sendable () async -> Void) {
        // Within the lock, so that an attempt that ends at once is not removed before it is here.
        attempts.withLock { $0[id] = Task(operation: attempt) }
    }

    func remove(_ id: Int64) {
        attempts.withLock { _ = $0.removeValue(forKey: id) }
    }

    func cancel(_ id: Int64) {
        attempts.withLock { $0[id] }?.cancel()
    }

    func cancelAll() {
        for attempt in attempts.withLock({ Array($0.values) }) { attempt.cancel() }
    }
}
