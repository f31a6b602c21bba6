import Synchronization

/// Counts open event streams, so that they cannot use up all connections.
final class StreamSlots: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Nil when all are taken. The slot is free again when the answer is released.
    func take() -> Slot? {
        let isFree = used.withLock { used in
            guard used < limit else { return false }
            used += 1
            return true
        }
        return isFree ? Slot(owner: self) : nil
    }

    fileprivate func release() {
        used.withLock { $0 -= 1 }
    }

    /// Lives as long as the answer that holds it.
    final class Slot: Sendable {
        private let owner: StreamSlots

        fileprivate init(owner: StreamSlots) {
            self.owner = owner
        }

        deinit { owner.release() }
    }
}
