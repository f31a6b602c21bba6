import Synchronization

/// Raises the signal when any process commits, by one cheap look at a time for all waiting leases together.
/// While nobody waits, nothing runs.
final class CommitWatch: Sendable {
    private struct State {
        var waiters = 0
        var looking: Task<Void, Never>?
    }

    private let database: any Database
    private let signal: QueueSignal
    private let interval: Duration
    private let state = Mutex(State())

    init(database: any Database, signal: QueueSignal, interval: Duration) {
        self.database = database
        self.signal = signal
        self.interval = interval
    }

    /// Keeps watch while `body` runs.
    func during<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        enter()
        defer { leave() }
        return try await body()
    }

    private func enter() {
        state.withLock { state in
            state.waiters += 1
            guard state.waiters == 1 else { return }
            // Cancelled by the last waiter; nobody needs its end.
            state.looking = Task { await look() }
        }
    }

    private func leave() {
        state.withLock { state in
            state.waiters -= 1
            guard state.waiters == 0 else { return }
            state.looking?.cancel()
            state.looking = nil
        }
    }

    private func look() async {
        database.onWork { [signal] in signal.raise() }
        var last: Int64?
        while !Task.isCancelled {
            do {
                let current = try await database.changeCounter()
                if current != last { signal.raise() }
                last = current
            } catch {
                signal.raise()  // the waiters look for themselves, and meet the error where it can be reported
            }
            try? await Task.sleep(for: interval)  // only cancellation throws, and it ends the loop
        }
    }
}
