import Domain

/// The progress of a scan as text: two lines that are drawn again and again, one line for a pipe, a summary at the end.
enum ScanProgressText {
    /// For a terminal of `width` columns: a bar with its figures, then the counts. Neither line is longer.
    static func live(_ scan: ScanView, estimate: ScanEstimate, width: Int) -> [String] {
        let done = fraction(scan.progress, walked: scan.isWalked)
        var head = "\(percent(done))"
        if let rate = estimate.filesPerSecond { head += "  \(Readable.decimal(rate, rate < 10 ? 1 : 0)) files/s" }
        if let left = estimate.secondsLeft, scan.isWalked { head += "  \(Readable.duration(seconds: left)) left" }
        if !scan.isWalked { head += "  still looking" }
        let barWidth = min(maxBarWidth, width - DisplayWidth.of(head) - 3)
        let first = barWidth >= minBarWidth ? "[\(bar(done, barWidth))] \(head)" : head
        return [first, counts(scan.progress)].map { DisplayWidth.clipped($0, to: max(1, width - 1)) }
    }

    /// For a pipe.
    static func plain(_ scan: ScanView, estimate: ScanEstimate) -> String {
        var line = "\(scan.state): \(counts(scan.progress))"
        if let rate = estimate.filesPerSecond { line += ", \(Readable.decimal(rate, 1)) files/s" }
        if let left = estimate.secondsLeft, scan.isWalked { line += ", \(Readable.duration(seconds: left)) left" }
        return line
    }

    static func summary(_ scan: ScanView, seconds: Double?) -> [String] {
        var lines = ["The scan \(scan.verb)" + (seconds.map { " after \(Readable.duration(seconds: $0))." } ?? ".")]
        let progress = scan.progress
        let rows: [(String, Int)] = [
            ("found", progress.found), ("unchanged", progress.unchanged), ("refused", progress.refused),
            ("moved", progress.moved),
            ("missing", progress.missing), ("indexed", progress.indexed), ("analysed", progress.analyzed),
            ("vectorised", progress.vectorized), ("known by content", progress.cached), ("failed", progress.failed),
        ]
        let always: Set = ["found", "unchanged", "indexed", "failed"]
        for (name, number) in rows where number > 0 || always.contains(name) {
            lines.append("  \(name)" + String(repeating: " ", count: 18 - name.count) + Readable.count(number))
        }
        if progress.refused > 0 {
            lines.append(
                "\(progress.refused == 1 ? "1 file was" : "\(Readable.count(progress.refused)) files were") refused by "
                    + "an earlier scan and not tried again; why: sillon tasks list --state dead; again: --full")
        }
        if let notice = scan.notice { lines.append("Note: \(notice)") }
        return lines
    }

    private static let maxBarWidth = 40
    private static let minBarWidth = 10

    static func counts(_ progress: ScanProgress) -> String {
        var parts = [
            "found \(Readable.count(progress.found))", "unchanged \(Readable.count(progress.unchanged))",
            "indexed \(Readable.count(progress.indexed))", "analysed \(Readable.count(progress.analyzed))",
            "vectorised \(Readable.count(progress.vectorized))",
        ]
        if progress.refused > 0 { parts.append("refused \(Readable.count(progress.refused))") }
        if progress.moved > 0 { parts.append("moved \(Readable.count(progress.moved))") }
        parts.append("failed \(Readable.count(progress.failed))")
        return parts.joined(separator: ", ")
    }

    /// Of the tasks that are known so far; while the walk goes on it cannot reach the end.
    static func fraction(_ progress: ScanProgress, walked: Bool) -> Double {
        guard progress.tasksQueued > 0 else { return walked ? 1 : 0 }
        let fraction = Double(progress.tasksDone) / Double(progress.tasksQueued)
        return min(max(fraction, 0), walked ? 1 : 0.99)
    }

    private static func percent(_ fraction: Double) -> String {
        let text = "\(Int((fraction * 100).rounded(.down)))%"
        return String(repeating: " ", count: 4 - text.count) + text
    }

    private static func bar(_ fraction: Double, _ width: Int) -> String {
        let full = Int((Double(width) * fraction).rounded(.down))
        return String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
    }
}
