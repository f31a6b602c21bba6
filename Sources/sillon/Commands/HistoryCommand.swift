import ArgumentParser
import Domain

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what became of tasks in the last day, week, month or year.",
        discussion: """
            A bar is an hour; of a month a day, of a year a week (in UTC). Percentiles are off by less
            than a fifth. What is kept goes back a year.

            Examples:
              sillon history
              sillon history month
              sillon history week --json
            """)

    @Argument(help: "How far back: day, week, month or year.")
    var period = HistoryPeriod.day

    @OptionGroup var options: ClientOptions

    /// Bars of one line at most.
    private static let maxBars = 60

    func run() async throws {
        let client = try options.client()
        guard let range = period.range(to: SystemClock.microseconds()) else {
            throw CommandError.failed("the clock of this machine is set to no time")
        }
        let answer = try await client.get(
            "/v1/history",
            [
                ("resolution", period.resolution.rawValue),
                ("from", Readable.timestamp(range.hours.lowerBound * HistoryRange.hourUs)),
                ("to", Readable.timestamp(range.hours.upperBound * HistoryRange.hourUs)),
            ])
        if options.json { return try answer.print() }
        let page = try answer.decode(HistoryPageView.self)
        guard !page.tasks.isEmpty else { return Console.note("nothing happened in this \(period.rawValue)") }
        try Console.table(Self.table(page, range))
    }

    static func table(_ page: HistoryPageView, _ range: HistoryRange) -> TextTable {
        var table = TextTable([
            .init("KIND"), .init("DONE", .right), .init("AGAIN", .right), .init("DIED", .right), .init("P50", .right),
            .init("P95", .right), .init("P99", .right), .init("DONE BY \(page.resolution.uppercased())"),
        ])
        let starts = range.starts.map { Readable.time($0 * HistoryRange.hourUs) }
        for kind in page.tasks {
            let done = Dictionary(kind.periods.map { ($0.minute, $0.succeeded) }) { first, _ in first }
            let bars = Sparkline.squeezed(starts.map { done[$0] ?? 0 }, to: maxBars)
            let times = kind.total.runSeconds
            table.add(
                [
                    kind.kind, "\(kind.total.succeeded)", "\(kind.total.retried + kind.total.lost)",
                    "\(kind.total.died)",
                ] + [times.p50, times.p95, times.p99].map { $0.map(seconds) } + [Sparkline.text(bars)])
        }
        return table
    }

    /// `5 ms`, `2.5 s`, `10.2 min`, `3.1 h`
    private static func seconds(_ value: Double) -> String {
        switch value {
        case ..<1: "\(Int((value * 1000).rounded())) ms"
        case ..<120: "\(tenths(value)) s"
        case ..<7200: "\(tenths(value / 60)) min"
        default: "\(tenths(value / 3600)) h"
        }
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int(exactly: (min(max(value, 0), 1e12) * 10).rounded()) ?? 0
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension HistoryPeriod: ExpressibleByArgument {}
