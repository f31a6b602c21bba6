import Synchronization
import UseCases

/// Leases that wait now, by their token: one that is asked for again ends the wait of the one before, whose answer
/// nobody would hear.
final class OpenLeases: Sendable {
    private let waiting = Mutex<[Int64: StopSignal]>([:])

    /// Raised when the same lease is asked for again.
    func enter(_ token: Int64) -> StopSignal {
        let superseded = StopSignal()
        let before = waiting.withLock { waiting in
            defer { waiting[token] = superseded }
            return waiting[token]
        }
        before?.raise()
        return superseded
    }

    func leave(_ token: Int64, _ superseded: StopSignal) {
        waiting.withLock { waiting in
            if waiting[token] === superseded { waiting[token] = nil }
        }
    }
}
