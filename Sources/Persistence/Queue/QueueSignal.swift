import Synchronization

/// Tells waiting leases of this process that something may have become ready.
package final class QueueSignal: Sendable {
    private struct State {
        var generation: UInt64 = 0
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Grows with every `raise`.
    package var generation: UInt64 { state.withLock { $0.generation } }

    package func raise() {
        let waiters = state.withLock { state in
            state.generation += 1
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Returns when the generation is no longer `seen`, when `limit` has passed, or when the caller is cancelled.
    package func wait(while seen: UInt64, upTo limit: Duration) async {
        await withTaskGroup { group in
            group.addTask { await self.wait(while: seen) }
            group.addTask {
                try? await Task.sleep(for: limit)  // cancelled is as good as slept: both end the wait
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(while seen: UInt64) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.generation == seen, !Task.isCancelled else { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
