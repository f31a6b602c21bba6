/// How fast a scan goes and when it will be done, from the progress seen over the last half minute.
package struct ScanEstimate: Sendable {
    private struct Sample {
        let seconds: Double
        let progress: ScanProgress
    }

    private let until: Scan.Stage
    private var samples: [Sample] = []

    /// Seconds that the rate looks back: long enough to be calm, short enough to follow a change.
    package static let windowSeconds: Double = 30
    /// Below this much time a rate says nothing.
    private static let minSpanSeconds: Double = 1

    package init(until: Scan.Stage) {
        self.until = until
    }

    /// - Parameter seconds: on a clock that does not jump.
    package mutating func add(_ progress: ScanProgress, at seconds: Double) {
        samples.append(Sample(seconds: seconds, progress: progress))
        while samples.count > 2, samples[1].seconds < seconds - Self.windowSeconds { samples.removeFirst() }
    }

    /// Files that passed the stage that moves most slowly, a second.
    package var filesPerSecond: Double? {
        slowest.map(\.rate)
    }

    package var secondsLeft: Double? {
        guard let last = samples.last?.progress, last.tasksLeft > 0, let slowest, slowest.rate > 0 else { return nil }
        return Double(slowest.left) / slowest.rate
    }

    /// 0 to 1, every stage of every file counting the same; nil before the walk has met a file that needs something.
    package var doneShare: Double? {
        guard let last = samples.last?.progress, Self.work(last) > 0 else { return nil }
        let stages = Scan.Stage.allCases.filter { $0 <= until }
        let left = stages.reduce(0) { $0 + Self.left($1, last) }
        return 1 - min(1, Double(left) / Double(stages.count * Self.work(last)))
    }

    /// The stages run side by side, so the one with most time left decides.
    private var slowest: (rate: Double, left: Int)? {
        guard let first = samples.first, let last = samples.last else { return nil }
        let span = last.seconds - first.seconds
        guard span >= Self.minSpanSeconds else { return nil }
        let stages = Scan.Stage.allCases.filter { $0 <= until }.map { stage in
            let done = Self.passed(stage, last.progress) - Self.passed(stage, first.progress)
            return (rate: Double(max(0, done)) / span, left: Self.left(stage, last.progress))
        }
        let open = stages.filter { $0.left > 0 }
        return (open.isEmpty ? stages : open).min { time($0) > time($1) }
    }

    private func time(_ stage: (rate: Double, left: Int)) -> Double {
        stage.rate > 0 ? Double(stage.left) / stage.rate : (stage.left > 0 ? .infinity : 0)
    }

    /// Files that still have to pass a stage. A file has one task at a time.
    private static func left(_ stage: Scan.Stage, _ progress: ScanProgress) -> Int {
        min(progress.tasksLeft, max(0, work(progress) - passed(stage, progress)))
    }

    /// Files that this scan has to do something for. A file that was moved needs nothing, unless its content had to
    /// tell which one it is.
    private static func work(_ progress: ScanProgress) -> Int {
        let moved = max(0, progress.moved - progress.cached)
        return max(0, progress.found - progress.unchanged - progress.refused - moved - progress.failed)
    }

    private static func passed(_ stage: Scan.Stage, _ progress: ScanProgress) -> Int {
        switch stage {
        case .index: progress.indexed
        case .analysis: progress.analyzed
        case .vector: progress.vectorized
        }
    }
}
