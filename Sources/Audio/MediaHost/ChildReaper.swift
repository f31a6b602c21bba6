import CMediaHost
import Foundation
import Synchronization

/// Collects children that were killed but would not go at once (a disk does not answer), so that none stays a zombie.
///
/// One thread for all of them, and only while there are some.
final class ChildReaper: Sendable {
    static let shared = ChildReaper()

    private struct State {
        var pids: [pid_t] = []
        var isRunning = false
    }

    private let state = Mutex(State())

    /// The pause between two rounds, in microseconds.
    private static let roundUs: UInt32 = 100_000
    private static let stackBytes = 128 << 10

    /// From now on nobody else waits for this child of ours.
    func adopt(_ pid: pid_t) {
        let isFirst = state.withLock { state in
            state.pids.append(pid)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { return }
        let thread = Thread { self.run() }
        thread.name = "media-host-reaper"
        thread.stackSize = Self.stackBytes
        thread.start()
    }

    private func run() {
        while !reap() { usleep(Self.roundUs) }
    }

    /// True when no child is left.
    private func reap() -> Bool {
        state.withLock { state in
            state.pids.removeAll { pid in
                var code: Int32 = 0
                var peak: Int64 = 0
                return sillon_host_reap(pid, &code, &peak) != Int32(SILLON_END_RUNNING)
            }
            if state.pids.isEmpty { state.isRunning = false }
            return state.pids.isEmpty
        }
    }
}
