import Domain
import Synchronization

/// How far this process has claimed in each lane. Rows that were claimed leave dead entries at the front of the index,
/// and while somebody holds an old snapshot nothing can sweep them away; a claim begins behind them.
///
/// What came in behind the mark (a task that was put back, a commit that took longer than later ones) is found when
/// the lane runs dry, or by the look from the front that is made every second.
final class ClaimMarks: Sendable {
    struct Lane: Hashable {
        let kind: String
        let lane: Int
    }

    private struct State {
        var reached: [Lane: Int64] = [:]
        /// Microseconds of the lease clock.
        var lookedFromFront: Int64?
    }

    private static let frontEveryUs: Int64 = 1_000_000
    private let state = Mutex(State())

    /// Where to begin at `now`, in microseconds of the lease clock; nothing means at the front.
    func start(at now: Int64) -> [Lane: Int64] {
        state.withLock { state in
            if let last = state.lookedFromFront, now - last < Self.frontEveryUs { return state.reached }
            state = State(reached: [:], lookedFromFront: now)
            return [:]
        }
    }

    /// After a claim; one that found less than it asked for begins at the front the next time.
    func claimed(_ rows: [TaskRow], isDry: Bool) {
        state.withLock { state in
            if isDry {
                state.reached = [:]
                return
            }
            for row in rows {
                let lane = Lane(kind: row.kindName, lane: row.lane)
                state.reached[lane] = max(state.reached[lane] ?? 0, row.id)
            }
        }
    }
}
