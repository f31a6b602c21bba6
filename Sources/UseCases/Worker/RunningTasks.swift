import Synchronization

/// What this worker holds: leased tasks until they are settled, and the attempts that run now. An attempt is a task of
/// its own, so that it can be cancelled alone; small files share one.
final class RunningTasks: Sendable {
    private let attempts = Mutex<[Int64: Task<Void, Never>]>([:])
    private let leased = Mutex<Set<Int64>>([])
    private let hadArrivals = Mutex(false)

    var held: [Int64] { leased.withLock { Array($0) } }
    var isEmpty: Bool { attempts.withLock { $0.isEmpty } }

    func hold(_ ids: [Int64]) {
        leased.withLock { $0.formUnion(ids) }
        hadArrivals.withLock { $0 = true }
    }

    /// True when tasks have come since the last call, also those that have ended already.
    func takeArrivals() -> Bool {
        hadArrivals.withLock { arrivals in
            defer { arrivals = false }
            return arrivals
        }
    }

    func letGo(_ ids: [Int64]) { leased.withLock { $0.subtract(ids) } }

    /// Starts an attempt, which calls `remove` for each id that is done. Its caller waits for the results, not for the
    /// task.
    func start(_ ids: [Int64], _ attempt: @escaping @Sendable () async -> Void) {
        // Within the lock, so that an attempt that ends at once is not removed before it is here.
        attempts.withLock { attempts in
            let task = Task(operation: attempt)
            for id in ids { attempts[id] = task }
        }
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
