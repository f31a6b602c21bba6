/// What became of the tasks of one kind within some time. Tallies of parts add up to that of the whole.
package struct TaskTally: Hashable, Sendable {
    package var enqueued = 0
    package var succeeded = 0
    /// Attempts that failed and were made again.
    package var retried = 0
    /// Dead letters.
    package var died = 0
    /// Attempts whose worker was lost.
    package var lost = 0
    package var cancelled = 0
    /// Attempts that were handed back, or whose service was away.
    package var released = 0
    /// From the claim to the end of each attempt.
    package var run = DurationTally()
    /// From when a task was ready to its first claim.
    package var wait = DurationTally()

    package init() {}

    package var failures: Int { retried + died + lost }

    package static func += (left: inout TaskTally, right: TaskTally) {
        for count in counts { left[keyPath: count] += right[keyPath: count] }
        left.run += right.run
        left.wait += right.wait
    }

    /// In the order of the columns that keep them.
    package static var counts: [WritableKeyPath<TaskTally, Int>] {
        [\.enqueued, \.succeeded, \.retried, \.died, \.lost, \.cancelled, \.released]
    }
}

/// How long some things took.
package struct DurationTally: Hashable, Sendable {
    package var milliseconds: Int64
    package var histogram: DurationHistogram

    /// One thing counts for no more than this, a year.
    private static let longestSeconds: Double = 366 * 86_400

    package init(milliseconds: Int64 = 0, histogram: DurationHistogram = DurationHistogram()) {
        self.milliseconds = milliseconds
        self.histogram = histogram
    }

    package mutating func add(seconds: Double) {
        histogram.add(seconds: seconds)
        let clamped = seconds > 0 ? min(seconds, Self.longestSeconds) : 0
        milliseconds &+= Int64(exactly: (clamped * 1000).rounded()) ?? 0
    }

    package static func += (left: inout DurationTally, right: DurationTally) {
        left.milliseconds &+= right.milliseconds
        left.histogram += right.histogram
    }

    /// Nil when there is none.
    package var meanSeconds: Double? {
        let total = histogram.total
        return total > 0 ? Double(milliseconds) / 1000 / Double(total) : nil
    }
}
