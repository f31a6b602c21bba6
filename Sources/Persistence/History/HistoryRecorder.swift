import Domain
import Synchronization
import UseCases

/// What became of the tasks that this process settled, and what it saw waiting; kept in memory, and written now and then.
///
/// Each process has rows of its own, by a number that it drew, and writes what they hold altogether: so to write twice is
/// to write once, several processes never add to one number, and one that dies loses what it had not written yet, a minute.
package final class HistoryRecorder: Sendable {
    struct Books: Sendable {
        var tasks: [TaskKind: TaskTally] = [:]
        var queues: [Role: DepthTally] = [:]
    }

    private struct State {
        /// By hour since the epoch.
        var books: [Int64: Books] = [:]
        /// Hours that hold more than was written.
        var changed: Set<Int64> = []
    }

    private let state = Mutex(State())

    init() {}

    /// - Parameter now: microseconds since the epoch.
    func note(at now: Int64, _ change: (inout Books) -> Void) {
        let hour = HistoryRange.hour(of: now)
        state.withLock { state in
            change(&state.books[hour, default: Books()])
            state.changed.insert(hour)
        }
    }

    /// What has to be written, the oldest first.
    func takeChanged() -> [(hour: Int64, books: Books)] {
        state.withLock { state in
            let changed = state.changed.sorted()
            state.changed = []
            return changed.compactMap { hour in state.books[hour].map { (hour, $0) } }
        }
    }

    /// It could not be written.
    func putBack(_ hours: [Int64]) {
        state.withLock { state in state.changed.formUnion(hours.filter { state.books[$0] != nil }) }
    }

    /// Nothing is added to hours that are over for long, and nothing of them is written any more.
    func forget(before hour: Int64) {
        state.withLock { state in
            state.books = state.books.filter { $0.key >= hour }
            state.changed = state.changed.filter { $0 >= hour }
        }
    }
}
