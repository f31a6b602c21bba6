import Foundation

/// Lines on their way to a descriptor, written by a thread of their own: a reader that stops reading stops that thread
/// and nothing else. What does not fit is dropped, and how much that was is told when it goes on.
package final class LineQueue: @unchecked Sendable {
    private struct State {
        var lines: [String] = []
        var bytes = 0
        var dropped = 0
        var isWriting = false
        var hasThread = false
    }

    /// Guards `state`, and tells of each change of it.
    private let condition = NSCondition()
    private var state = State()
    private let bytesMax: Int
    private let write: @Sendable (String) -> Void
    private let tellDropped: @Sendable (_ count: Int) -> String

    /// A minute of a very talkative server.
    package static let usualBytes = 4 << 20

    /// - Parameters:
    ///   - write: may take as long as it likes.
    ///   - tellDropped: the line that says so.
    package init(
        bytesMax: Int = LineQueue.usualBytes, write: @escaping @Sendable (String) -> Void,
        tellDropped: @escaping @Sendable (_ count: Int) -> String
    ) {
        self.bytesMax = bytesMax
        self.write = write
        self.tellDropped = tellDropped
    }

    /// Returns at once.
    package func add(_ line: String) {
        condition.lock()
        defer { condition.unlock() }
        let size = line.utf8.count
        // Once something was dropped, everything is until there is room again: no line comes out of its turn.
        guard state.dropped == 0, state.bytes + size <= bytesMax || state.bytes == 0 else {
            state.dropped += 1
            return
        }
        state.lines.append(line)
        state.bytes += size
        if !state.hasThread {
            state.hasThread = true
            Thread.detachNewThread { [self] in run() }
        }
        condition.broadcast()
    }

    /// Waits until everything is written, for so long at most.
    package func flush(within limit: Duration) {
        let end = Date(timeIntervalSinceNow: limit / .seconds(1))
        condition.lock()
        defer { condition.unlock() }
        while state.isWriting || !state.lines.isEmpty || state.dropped > 0 {
            guard state.hasThread, condition.wait(until: end) else { return }
        }
    }

    /// For the life of the process.
    private func run() {
        while true {
            let (lines, dropped) = next()
            for line in lines { write(line) }
            if dropped > 0 { write(tellDropped(dropped)) }
        }
    }

    /// Those that wait, and how many were dropped behind them.
    private func next() -> (lines: [String], dropped: Int) {
        condition.lock()
        defer { condition.unlock() }
        state.isWriting = false
        condition.broadcast()
        while state.lines.isEmpty, state.dropped == 0 { condition.wait() }
        let taken = (state.lines, state.dropped)
        state.lines = []
        state.bytes = 0
        state.dropped = 0
        state.isWriting = true
        return taken
    }
}
