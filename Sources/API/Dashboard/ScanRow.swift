import Domain
import UseCases

/// A scan with its progress, for people.
struct ScanRow: Sendable {
    let scan: Scan
    /// Microseconds since the epoch.
    let now: Int64

    /// Scans that are looked through for open ones.
    static let maxRecent = 50

    func html(_ request: APIRequest) -> HTML {
        HTML(.article, .named("scan")) {
            HTML(.div, .named("heading")) {
                HTML(.strong, .named("path")) { scan.path.display }
                HTML.state(
                    scan.state.rawValue, isGood: scan.state == .finished || scan.state == .running,
                    isBad: scan.state == .failed)
                HTML(.span, .named("hint")) {
                    times
                    if let cause = scan.cause.words { ", \(cause)" }
                }
            }
            if !scan.state.isFinal { bar }
            HTML(.p) {
                counts
                " "
                HTML.link("Tasks", TaskSelection(TaskFilter(scanID: scan.id)).path)
            }
            if let notice = scan.notice { HTML(.p, .named("notice")) { notice } }
            if !scan.state.isFinal { cancelForm(request) }
        }
    }

    /// Since it began, which is all that a page knows that remembers nothing.
    private var estimate: ScanEstimate {
        var estimate = ScanEstimate(until: scan.until)
        estimate.add(ScanProgress(), at: Double(scan.createdAt) / 1e6)
        estimate.add(scan.progress, at: Double(max(now, scan.createdAt)) / 1e6)
        return estimate
    }

    private var bar: HTML {
        let label = HTML.Attribute(.ariaLabel, "Progress of the scan of \(scan.path.display)")
        // Before the walk has ended nobody knows how much there is.
        guard scan.walkedAt != nil, let share = estimate.doneShare else {
            return HTML(.progress, label)
        }
        let percent = Int((share * 100).rounded(.down))
        return HTML(.progress, label, .init(.max, "100"), .init(.value, "\(percent)")) { "\(percent) %" }
    }

    private var times: HTML {
        if let end = scan.finishedAt { return HTML(text: "ended ") + HTML.time(end) }
        if scan.walkedAt == nil { return HTML(text: "the folder is being read") }
        guard let left = estimate.secondsLeft else { return HTML(text: "time left is not known yet") }
        return HTML(text: "about \(Amount.duration(seconds: left)) left")
    }

    private var counts: String {
        let progress = scan.progress
        let parts: [(Int, String)] = [
            (progress.found, "found"), (progress.unchanged, "unchanged"), (progress.indexed, "indexed"),
            (progress.analyzed, "analysed"), (progress.vectorized, "with a vector"), (progress.moved, "moved"),
            (progress.missing, "missing"), (progress.failed, "failed"), (progress.tasksLeft, "tasks left"),
        ]
        let shown = parts.filter { $0.0 > 0 }.map { "\(Amount.count($0.0)) \($0.1)" }
        return shown.isEmpty ? "nothing found yet" : shown.joined(separator: ", ") + "."
    }

    private func cancelForm(_ request: APIRequest) -> HTML {
        request.form("/scans/cancel") {
            HTML.hidden("scan", scan.id)
            HTML.submit("Cancel", label: "Cancel the scan of \(scan.path.display)")
        }
    }
}
