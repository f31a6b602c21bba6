import Domain
import Testing

@testable import API

@Suite struct ChartTests {
    /// 2026-01-01T00:00:00Z
    private static let start: Int64 = 1_767_225_600_000_000

    private static func chart(
        _ values: [[Double?]], _ style: Chart.Style = .columns, _ unit: Chart.Unit = .count, count: Int = 24,
        period: HistoryPeriod = .day
    ) -> Chart {
        Chart(
            "c", "Tasks", unit, style,
            starts: (0..<count).map { start + Int64($0) * period.resolution.hours * HistoryRange.hourUs },
            period: period,
            series: values.enumerated().map { .init(name: "S\($0.offset)", look: "good", values: $0.element) })
    }

    @Test(
        "Ticks stand at round numbers, from 0 to one that nothing exceeds",
        arguments: [0, 1, 3, 7, 12, 99, 100, 101, 4321, 1e6, 7.3e9, 1e15])
    func counts(greatest: Double) {
        let axis = ValueAxis(upTo: greatest, .count)
        #expect(axis.ticks.first == 0 && axis.top >= greatest && axis.top > 0)
        #expect((2...9).contains(axis.ticks.count))
        #expect(axis.ticks.allSatisfy { $0 == $0.rounded() })
        let step = axis.ticks[1]
        #expect(axis.top - step < max(greatest, 1))
    }

    @Test(
        "Seconds have the ticks of clocks",
        arguments: [
            (0.004, "4 ms"), (0.9, "1 s"), (3.0, "3 s"), (100.0, "2 min"), (3000.0, "60 min"), (9000.0, "3 h"),
        ])
    func seconds(greatest: Double, top: String) {
        let axis = ValueAxis(upTo: greatest, .seconds)
        #expect(axis.top >= greatest)
        #expect(ValueAxis.text(axis.top, .seconds) == top)
    }

    @Test("What is no number is not drawn, and nothing at all is an empty chart")
    func strange() {
        for values in [[], [.nan, .infinity, -3, nil], [1e300]] as [[Double?]] {
            for style in [Chart.Style.columns, .lines] {
                let html = ChartDrawing(Self.chart([values], style)).html.markup
                #expect(!html.contains("nan") && !html.contains("inf") && html.contains("</svg>"))
            }
        }
        #expect(Self.chart([], count: 0).summary == "There is nothing yet.")
        #expect(ChartDrawing(Self.chart([[]], count: 0)).html.markup.contains("</svg>"))
    }

    @Test("Columns stand on top of each other, inside the picture")
    func columns() throws {
        let html = ChartDrawing(Self.chart([[2, 0, nil, 4], [2, 3]])).html.markup
        // 4 is the greatest sum: the second series begins where the first one ends.
        #expect(html.contains("V77h") && html.contains("V8h"))
        #expect(html.contains("<title id=\"c-title\">Tasks</title>"))
        #expect(html.contains("S0: 6, at most 4. S1: 5, at most 3."))
    }

    @Test("A line breaks where there is no value")
    func lines() {
        let html = ChartDrawing(Self.chart([[1, 2, nil, 3]], .lines)).html.markup
        let path = html.split(separator: "\"").first { $0.hasPrefix("M") && $0.contains("L") }
        #expect(path?.count { $0 == "M" } == 2 && path?.count { $0 == "L" } == 1)
    }

    @Test("The oldest of too many points are left out, and the markup stays small")
    func limit() {
        let chart = Self.chart([Array(repeating: 1, count: 5000)], .columns, .count, count: 5000)
        #expect(chart.starts.count == Chart.maxPoints && chart.starts.last == Self.start + 4999 * HistoryRange.hourUs)
        #expect(ChartDrawing(chart).html.markup.utf8.count < 20_000)
    }

    @Test(
        "Times have few ticks, at sane places",
        arguments: [
            (HistoryPeriod.day, 24, ["00:00", "06:00", "12:00", "18:00"]),
            (.week, 168, ["1 Jan", "3 Jan", "5 Jan", "7 Jan"]),
            (.month, 30, ["1 Jan", "8 Jan", "15 Jan", "22 Jan", "29 Jan"]),
            (.year, 52, ["Feb", "Apr", "Jun", "Aug", "Oct", "Dec"]),
        ])
    func times(period: HistoryPeriod, count: Int, texts: [String]) {
        let starts = (0..<count).map { Self.start + Int64($0) * period.resolution.hours * HistoryRange.hourUs }
        let axis = TimeAxis(starts, period)
        #expect(axis.ticks.map(\.text) == texts)
        #expect(axis.ticks.count <= 6 && TimeAxis([], period).ticks.isEmpty)
    }

    @Test("Names of series are shown as text")
    func hostile() {
        var chart = Self.chart([[1], [2]])
        chart = Chart(
            "c", "<b>\"", .count, .columns, starts: chart.starts, period: .day,
            series: chart.series.map { .init(name: "<script>", look: $0.look, values: $0.values) })
        let html = ChartDrawing(chart).html.markup
        #expect(!html.contains("<script>") && !html.contains("<b>"))
    }
}
