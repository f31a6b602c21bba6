import Contracts
import Domain
import Synchronization

/// Where the attempts of one batch leave what they came to, until the batch is settled.
///
/// A plain box, not a task group: each result of a group wakes its owner, and a wake-up costs more than a small task.
final class ResultBox: Sendable {
    struct Haul: Sendable {
        var settlements: [Settlement]
        /// Nothing more will come.
        var isLast: Bool
    }

    private struct State {
        var settlements: [Settlement] = []
        var coverBytes = 0
        var missing: Int
        var isTimeUp = false
        var waiter: CheckedContinuation<Void, Never>?

        var isDue: Bool { missing == 0 || isTimeUp || coverBytes >= coverBytesMax }
    }

    /// Results that hold more than this are settled at once.
    private static let coverBytesMax = 8 << 20

    private let state: Mutex<State>

    init(expecting count: Int) {
        state = Mutex(State(missing: count))
    }

    func put(_ settlement: Settlement) {
        let waiter = state.withLock { state in
            state.settlements.append(settlement)
            state.coverBytes += settlement.coverBytes
            state.missing -= 1
            return state.isDue ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// What came since the last time. Waits for the end of the batch, but no longer than `limit`. One caller at a time.
    func take(within limit: Duration) async -> Haul {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await Task.sleep(for: limit)  // cancelled when there is nothing left to wait for
                self.endWait()
            }
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    if !state.isDue { state.waiter = continuation }
                    return state.isDue
                }
                if isDue { continuation.resume() }
            }
            group.cancelAll()
        }
        return state.withLock { state in
            defer {
                state.settlements = []
                state.coverBytes = 0
                state.isTimeUp = false
            }
            return Haul(settlements: state.settlements, isLast: state.missing == 0)
        }
    }

    private func endWait() {
        let waiter = state.withLock { state in
            state.isTimeUp = true
            return state.waiter.take()
        }
        waiter?.resume()
    }
}

extension Settlement {
    fileprivate var coverBytes: Int {
        switch result {
        case .completed(.indexComplete(let outcome)): outcome.cover?.data.count ?? 0
        case .completed(.artworkFound(let outcome)): outcome.cover.data.count
        default: 0
        }
    }
}
