import Synchronization

/// An amount that many share: who asks first is served first, so that a large request is not passed over for ever.
final class FairLimit: Sendable {
    private struct Waiter {
        let id: Int
        let amount: Int64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int64
        var nextID = 0
        var waiting: [Waiter] = []
    }

    let total: Int64
    private let state: Mutex<State>

    init(_ total: Int64) {
        self.total = total
        state = Mutex(State(free: total))
    }

    /// Calls `body` while it holds `amount`, which is at most `total`. Throws `CancellationError` when the caller is
    /// cancelled while it waits.
    func hold<Result>(_ amount: Int64, _ body: () async throws -> Result) async throws -> Result {
        guard await take(min(amount, total)) else { throw CancellationError() }
        defer { give(min(amount, total)) }
        return try await body()
    }

    private func take(_ amount: Int64) async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.waiting.isEmpty, state.free >= amount {
                        state.free -= amount
                        return true
                    }
                    state.waiting.append(Waiter(id: id, amount: amount, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiting.remove(at: index)
            }
            waiter?.continuation.resume(returning: false)
            give(0)
        }
    }

    /// Whoever waits and can be served now, is.
    private func give(_ amount: Int64) {
        let served = state.withLock { state -> [Waiter] in
            state.free += amount
            var served: [Waiter] = []
            while let first = state.waiting.first, first.amount <= state.free {
                state.free -= first.amount
                served.append(state.waiting.removeFirst())
            }
            return served
        }
        for waiter in served { waiter.continuation.resume(returning: true) }
    }
}
