import HTTPTypes
import Synchronization
import UseCases

/// Counts open event streams, so that they cannot use up all connections, nor one client all of them.
final class StreamSlots: Sendable {
    private let limit: Int
    private let used = Mutex<[Int64: Int]>([:])

    init(limit: Int) {
        self.limit = limit
    }

    /// What is left to others when one owner has taken all that it may.
    private var reserve: Int { limit / 8 }

    /// Nil when all are taken, or all but a reserve by this owner. The slot is free again when the answer is released.
    /// - Parameter owner: of the token that it was asked with.
    func take(for owner: Int64 = 0) -> Slot? {
        let isFree = used.withLock { used in
            let mine = used[owner] ?? 0
            guard used.values.reduce(0, +) < limit, owner == 0 || mine < limit - reserve else { return false }
            used[owner] = mine + 1
            return true
        }
        return isFree ? Slot(owner: owner, slots: self) : nil
    }

    /// Throws a problem that tells to try later.
    func require(for token: AccessToken?) throws(Problem) -> Slot {
        guard let slot = take(for: token?.id ?? 0) else {
            throw Problem.tryLater(.serviceUnavailable, "too many event streams are open", seconds: 5)
        }
        return slot
    }

    fileprivate func release(_ owner: Int64) {
        used.withLock { used in
            let left = (used[owner] ?? 1) - 1
            used[owner] = left > 0 ? left : nil
        }
    }

    /// Lives as long as the answer that holds it.
    final class Slot: Sendable {
        private let owner: Int64
        private let slots: StreamSlots

        fileprivate init(owner: Int64, slots: StreamSlots) {
            self.owner = owner
            self.slots = slots
        }

        deinit { slots.release(owner) }
    }
}
