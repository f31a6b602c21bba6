import Synchronization

/// The loops that a process lives by, and the moment by which each has to have come round again.
///
/// Whoever watches the process from outside is told that all is well as long as none is overdue. A loop that waits for
/// something that may stay away for ever (a server that is switched off) promises nothing meanwhile.
package final class LoopWatch: Sendable {
    package typealias Clock = @Sendable () -> SuspendingClock.Instant

    /// What a loop may be late by: a small device that swaps is slow, not stuck.
    private let slack: Duration
    private let clock: Clock
    private let promises = Mutex(Promises())

    /// What one question to a database may take, in units of the slack. Statements have limits of their own; beyond this
    /// leases have been lost for long, and to start again is the better way.
    private static let slacksPerQuestion = 10

    /// - Parameter clock: stands still while the device sleeps, as the watchdog of systemd does.
    package init(slack: Duration, clock: @escaping Clock = { .now }) {
        self.slack = slack
        self.clock = clock
    }

    package func begin(_ name: String) -> Loop {
        Loop(id: promises.withLock { $0.add(name) }, watch: self)
    }

    /// The names of the loops that are late, none twice.
    package var overdue: [String] {
        let now = clock()
        return promises.withLock { $0.overdue(now) }
    }

    /// One loop; it promises anew with each step.
    package struct Loop: Sendable {
        fileprivate let id: Int
        fileprivate let watch: LoopWatch

        /// Comes back after this time.
        package func sleeps(_ duration: Duration) { watch.promise(id, duration + watch.slack) }

        /// Asks a database something, which itself may wait this long before it answers.
        package func asks(waiting duration: Duration = .zero) {
            watch.promise(id, duration + watch.slack * LoopWatch.slacksPerQuestion)
        }

        /// Waits for somebody else, who may stay away.
        package func isAway() { watch.promise(id, nil) }

        /// There is nothing more to come.
        package func ends() { watch.promises.withLock { $0.remove(id) } }
    }

    private func promise(_ id: Int, _ duration: Duration?) {
        let due = duration.map { clock() + $0 }
        promises.withLock { $0.loops[id]?.due = due }
    }
}

private struct Promises {
    struct Entry {
        let name: String
        var due: SuspendingClock.Instant?
    }

    var loops: [Int: Entry] = [:]
    private var nextID = 0

    mutating func add(_ name: String) -> Int {
        nextID += 1
        loops[nextID] = Entry(name: name)
        return nextID
    }

    mutating func remove(_ id: Int) { loops[id] = nil }

    func overdue(_ now: SuspendingClock.Instant) -> [String] {
        Set(loops.values.filter { $0.due.map { $0 < now } ?? false }.map(\.name)).sorted()
    }
}
