import Contracts
import Domain
import Foundation

/// Shows the progress of a scan as it comes in: two live lines on a terminal, plain lines or JSON lines in a pipe.
actor ScanDisplay {
    enum Style: Sendable {
        case live, plain, json
    }

    private let style: Style
    private var estimate: ScanEstimate
    private let start = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?
    private var liveLines = 0

    /// A terminal is redrawn at most so often, a pipe gets a line at most so often.
    private static let liveInterval = Duration.milliseconds(100)
    private static let plainInterval = Duration.seconds(5)

    init(style: Style, until: Scan.Stage) {
        self.style = style
        estimate = ScanEstimate(until: until)
    }

    var elapsedSeconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    func show(_ scan: ScanView) throws {
        estimate.add(scan.progress, at: elapsedSeconds)
        let interval = style == .live ? Self.liveInterval : Self.plainInterval
        if let lastShown, ContinuousClock.now - lastShown < interval, !scan.isEnded { return }
        lastShown = ContinuousClock.now
        switch style {
        case .live: try draw(ScanProgressText.live(scan, estimate: estimate, width: Console.width ?? 80))
        case .plain: if !scan.isEnded { try Console.line(ScanProgressText.plain(scan, estimate: estimate)) }
        case .json: try Console.line(json(scan))
        }
    }

    /// Goes up over the lines drawn last and writes the new ones over them.
    private func draw(_ lines: [String]) throws {
        var text = liveLines > 0 ? "\u{1B}[\(liveLines)A" : ""
        for line in lines { text += "\r\u{1B}[2K\(line)\n" }
        liveLines = lines.count
        try Console.write(text)
    }

    private func json(_ scan: ScanView) -> String {
        ContractJSON.encode(
            Line(
                scanID: scan.id, state: scan.state, progress: scan.progress, filesPerSecond: estimate.filesPerSecond,
                secondsLeft: estimate.secondsLeft, notice: scan.notice))
    }

    private struct Line: Encodable {
        let scanID: String
        let state: String
        let progress: ScanProgress
        let filesPerSecond: Double?
        let secondsLeft: Double?
        let notice: String?

        enum CodingKeys: String, CodingKey {
            case state, progress, notice
            case scanID = "scan_id"
            case filesPerSecond = "files_per_second"
            case secondsLeft = "seconds_left"
        }
    }
}
