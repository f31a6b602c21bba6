import Domain
import Testing

@testable import sillon

private func progress(
    found: Int = 0, unchanged: Int = 0, indexed: Int = 0, analyzed: Int = 0, vectorized: Int = 0, failed: Int = 0,
    queued: Int = 0, done: Int = 0
) -> ScanProgress {
    var progress = ScanProgress()
    (progress.found, progress.unchanged, progress.indexed) = (found, unchanged, indexed)
    (progress.analyzed, progress.vectorized, progress.failed) = (analyzed, vectorized, failed)
    (progress.tasksQueued, progress.tasksDone) = (queued, done)
    return progress
}

private func scan(_ progress: ScanProgress, state: String = "running", walked: Bool = true) -> ScanView {
    ScanView(
        id: "x", path: "/music", state: state, until: "vector", progress: progress, notice: nil, createdAt: nil,
        walkedAt: walked ? "2026-01-01T00:00:00Z" : nil, finishedAt: nil)
}

@Suite struct ScanEstimateTests {
    @Test("Half of the stages of all files is half of the scan; a scan that meets nothing has no share")
    func share() {
        var estimate = ScanEstimate(until: .vector)
        #expect(estimate.doneShare == nil)
        var counts = ScanProgress()
        counts.found = 20
        counts.unchanged = 10
        (counts.tasksQueued, counts.tasksDone) = (20, 10)
        counts.indexed = 10
        counts.analyzed = 5
        estimate.add(counts, at: 1)
        #expect(estimate.doneShare == 0.5)
        (counts.tasksQueued, counts.tasksDone) = (30, 30)
        estimate.add(counts, at: 2)
        #expect(estimate.doneShare == 1)
    }

    @Test("The stage with most time left decides rate and time")
    func slowestStage() {
        var estimate = ScanEstimate(until: .vector)
        estimate.add(progress(found: 100, queued: 300), at: 0)
        estimate.add(progress(found: 100, indexed: 80, analyzed: 10, vectorized: 10, queued: 300, done: 100), at: 10)
        #expect(estimate.filesPerSecond == 1)
        #expect(estimate.secondsLeft == 90)
    }

    @Test("Stages that were not asked for do not count")
    func indexOnly() {
        var estimate = ScanEstimate(until: .index)
        estimate.add(progress(found: 100, queued: 101), at: 0)
        estimate.add(progress(found: 100, indexed: 50, queued: 101, done: 51), at: 5)
        #expect(estimate.secondsLeft == 5)
    }

    @Test("There is no estimate from one sample, from no progress, or when nothing is left")
    func noEstimate() {
        var estimate = ScanEstimate(until: .vector)
        #expect(estimate.secondsLeft == nil)
        estimate.add(progress(found: 10, queued: 10), at: 0)
        #expect(estimate.filesPerSecond == nil)
        estimate.add(progress(found: 10, queued: 10), at: 20)
        #expect(estimate.secondsLeft == nil)
        estimate.add(progress(found: 10, indexed: 10, analyzed: 10, vectorized: 10, queued: 30, done: 30), at: 25)
        #expect(estimate.secondsLeft == nil)
    }

    @Test("Files whose content tells that they were moved had to be heard; those that were known at once had not")
    func moved() {
        var estimate = ScanEstimate(until: .analysis)
        var early = progress(found: 100, queued: 61)
        early.moved = 40
        estimate.add(early, at: 0)
        var late = progress(found: 100, indexed: 60, analyzed: 30, queued: 121, done: 91)
        (late.moved, late.cached) = (70, 30)
        estimate.add(late, at: 10)
        #expect(estimate.secondsLeft == 10)
    }

    @Test("Counters that go back, as after a walk that starts again, give no negative rate")
    func restartedWalk() throws {
        var estimate = ScanEstimate(until: .vector)
        estimate.add(progress(found: 100, indexed: 50, queued: 100, done: 50), at: 0)
        estimate.add(progress(found: 20, queued: 100, done: 50), at: 10)
        #expect(try #require(estimate.filesPerSecond) >= 0)
    }
}

@Suite struct ScanProgressTextTests {
    @Test("The two live lines fit any terminal", arguments: [20, 40, 80, 200])
    func fits(width: Int) {
        let counts = progress(found: 123_456, indexed: 100_000, analyzed: 90_000, queued: 300_000, done: 100_000)
        let lines = ScanProgressText.live(scan(counts), estimate: ScanEstimate(until: .vector), width: width)
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { DisplayWidth.of($0) < width })
    }

    @Test("The status shows every open scan and what became of the last one that ended")
    func status() {
        let states = ["running", "cancelled", "queued", "finished", "failed"]
        let shown = StatusCommand.ofInterest(states.map { scan(progress(), state: $0) })
        #expect(shown.map(\.state) == ["running", "queued", "cancelled"])
        #expect(shown.map(\.verb) == ["is running", "is queued", "was cancelled"])
    }

    @Test("The bar cannot be full while the walk goes on")
    func walking() {
        let counts = progress(found: 5, queued: 5, done: 5)
        #expect(ScanProgressText.fraction(counts, walked: false) < 1)
        #expect(ScanProgressText.fraction(counts, walked: true) == 1)
        #expect(ScanProgressText.fraction(progress(), walked: false) == 0)
        #expect(ScanProgressText.fraction(progress(queued: 1, done: 9), walked: true) == 1)
    }

    @Test(
        "Files that are known to be bad are counted, are no work that is left, and the summary says where they are listed"
    )
    func refused() {
        var counts = progress(found: 5, unchanged: 2, indexed: 1, analyzed: 1, vectorized: 1, queued: 4, done: 4)
        counts.refused = 2
        let summary = ScanProgressText.summary(scan(counts, state: "finished"), seconds: nil)
        #expect(summary.contains { $0.hasPrefix("  refused") && $0.hasSuffix(" 2") })
        #expect(summary.contains { $0.hasPrefix("2 files were refused") && $0.contains("tasks list --state dead") })
        #expect(ScanProgressText.counts(counts).contains("refused 2"))
        var estimate = ScanEstimate(until: .vector)
        estimate.add(progress(found: 5, unchanged: 2, queued: 4), at: 0)
        estimate.add(counts, at: 10)
        #expect(estimate.filesPerSecond == 0.1)
    }

    @Test("The summary tells the end and always the failures")
    func summary() {
        let finished = ScanProgressText.summary(scan(progress(found: 3, indexed: 3), state: "finished"), seconds: 2)
        #expect(finished.first == "The scan is finished after 2.0 s.")
        #expect(finished.contains { $0.contains("failed") && $0.hasSuffix(" 0") })
        #expect(!finished.contains { $0.contains("moved") || $0.contains("refused") })
    }
}
