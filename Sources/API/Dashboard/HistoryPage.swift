import Domain
import HTTPTypes
import UseCases

/// `/history`: what became of tasks in the last day, week, month or year.
struct HistoryPage: Sendable {
    let store: any HistoryStore
    let clock: MicrosecondClock

    private static let range = Parameter(
        "range", Scalar<HistoryPeriod>.choice, "How far back; day when absent.")
    private static let kind = Parameter("kind", Scalar<TaskKind>.choice, "Of these tasks alone; of all when absent.")

    var routes: [Route] {
        [
            .page(
                "/history", "historyPage", "Show what became of tasks, as charts", access: .user,
                parameters: [ParameterSpec(Self.range), ParameterSpec(Self.kind)], page)
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let period = try request.optional(Self.range) ?? .day
        let kind = try request.optional(Self.kind)
        let view = try await HistoryView(store, period, now: clock())
        return request.webPage("History", place: .history) {
            HTML(.main, .named("wide")) {
                HTML(.div, .named("heading")) {
                    HTML(.h1) { "History" }
                    ranges(period, kind)
                }
                if let kind {
                    HTML(.p) {
                        "Only "
                        HTML(.code) { kind.rawValue }
                        " · "
                        HTML.link("All tasks", Self.path(period, nil))
                    }
                }
                HTML(.div, .named("charts")) {
                    for chart in view.charts(of: kind) { ChartDrawing(chart).html }
                }
                HTML.box("By kind") { table(view, period) }
                HTML.hint("Times are in UTC. Percentiles are off by less than a fifth. What is kept goes back a year.")
            }
        }
    }

    private func ranges(_ shown: HistoryPeriod, _ kind: TaskKind?) -> HTML {
        HTML(.nav, .named("ranges"), .init(.ariaLabel, "How far back")) {
            for period in HistoryPeriod.allCases {
                period == shown
                    ? HTML(.a, .href(Self.path(period, kind)), .init(.ariaCurrent, "page")) { period.rawValue.titled }
                    : HTML(.a, .href(Self.path(period, kind))) { period.rawValue.titled }
            }
        }
    }

    static func path(_ period: HistoryPeriod, _ kind: TaskKind?) -> LocalPath {
        let path = ("/history" as LocalPath).with("range", period.rawValue)
        return kind.map { path.with("kind", $0.rawValue) } ?? path
    }

    private func table(_ view: HistoryView, _ period: HistoryPeriod) -> HTML {
        let totals = view.totals
        guard !totals.isEmpty else { return HTML(.p) { "Nothing happened." } }
        var columns: [PageTable.Column] = [.init("Kind")]
        for title in ["Done", "Tried again", "Died", "Median", "95 %", "99 %", "Median wait"] {
            columns.append(.init(title, isNumber: true))
        }
        var table = PageTable("By kind", columns)
        for (kind, tally) in totals {
            let times =
                [0.5, 0.95, 0.99].map { tally.run.histogram.seconds(atShare: $0) }
                + [tally.wait.histogram.seconds(atShare: 0.5)]
            table.add(
                [
                    HTML.link(kind.rawValue, Self.path(period, kind)), HTML(text: Amount.count(tally.succeeded)),
                    HTML(text: Amount.count(tally.retried + tally.lost)), HTML(text: Amount.count(tally.died)),
                ] + times.map { HTML(text: $0.map { ValueAxis.text($0, .seconds) } ?? "–") })
        }
        return table.html
    }
}
