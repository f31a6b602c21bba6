import HTTPTypes
import Synchronization
import UseCases

/// Counts open streams, so that they cannot use up all connections, nor one client all of them.
final class StreamSlots: Sendable {
    private let limit: Int
    private let used = Mutex<[Int64: Int]>([:])

    init(limit: Int) {
        self.limit = limit
    }

    /// What is left to others when one owner has taken all that it may.
    private var reserve: Int { limit / 8 }

    /// An owner that may take all there are.
    static let nobody: Int64 = 0

    enum Place: Sendable {
        case free(Slot)
        /// This owner has all but the reserve.
        case noShareLeft
        case allTaken
    }

    /// The slot is free again when the answer that holds it is released.
    /// - Parameter owner: The token that it was asked with, or its account: the same kind for all who ask these slots.
    func ask(for owner: Int64) -> Place {
        used.withLock { used in
            let mine = used[owner] ?? 0
            guard used.values.reduce(0, +) < limit else { return .allTaken }
            guard owner == Self.nobody || mine < limit - reserve else { return .noShareLeft }
            used[owner] = mine + 1
            return .free(Slot(owner: owner, slots: self))
        }
    }

    /// Nil when all are taken, or all but a reserve by this owner.
    func take(for owner: Int64 = nobody) -> Slot? {
        guard case .free(let slot) = ask(for: owner) else { return nil }
        return slot
    }

    /// Throws a problem that tells to try later.
    func require(for token: AccessToken?) throws(Problem) -> Slot {
        guard let slot = take(for: token?.id ?? Self.nobody) else {
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
