/// A chart as SVG: series in, markup out. Colours are classes of the style sheet, so that it is right in light and dark.
struct ChartDrawing {
    let chart: Chart
    private let values: ValueAxis
    private let times: TimeAxis

    // Units of the picture: about pixels on a telephone.
    private static let (width, height) = (400.0, 170.0)
    private static let (left, right, top, bottom) = (46.0, 392.0, 8.0, 146.0)

    init(_ chart: Chart) {
        self.chart = chart
        values = ValueAxis(upTo: chart.greatest, chart.unit)
        times = TimeAxis(chart.starts, chart.period)
    }

    var html: HTML {
        HTML(.figure, .named("chart")) {
            HTML(.figcaption) {
                HTML(.strong) { chart.title }
                legend
            }
            HTML(
                .svg, .init(.viewBox, "0 0 \(Self.text(Self.width)) \(Self.text(Self.height))"), .init(.role, "img"),
                .init(.ariaLabelledBy, "\(chart.id)-title"), .init(.ariaDescribedBy, "\(chart.id)-desc")
            ) {
                HTML(.title, .id("\(chart.id)-title")) { chart.title }
                HTML(.desc, .id("\(chart.id)-desc")) { chart.summary }
                grid
                for series in drawn { series }
            }
        }
    }

    private var legend: HTML {
        guard chart.series.count > 1 else { return HTML() }
        return chart.series.reduce(HTML()) { html, series in
            html
                + HTML(.span, .named("key")) {
                    HTML(.span, .named("swatch \(series.look)"), .init(.ariaHidden, "true"))
                    series.name
                }
        }
    }

    // MARK: Axes

    private var grid: HTML {
        let lines = values.ticks.map { value in
            HTML(
                .path, .named("grid"),
                .init(.d, "M\(Self.text(Self.left)) \(Self.text(y(value)))H\(Self.text(Self.right))"))
                + label(ValueAxis.text(value, chart.unit), x: Self.left - 5, y: y(value) + 4, anchor: "end")
        }
        let marks = times.ticks.map { tick in
            let x = self.x(tick.place)
            // A label at the edge stays inside.
            let anchor = x < Self.left + 16 ? "start" : x > Self.right - 16 ? "end" : "middle"
            return HTML(.path, .named("grid"), .init(.d, "M\(Self.text(x)) \(Self.text(Self.bottom))v4"))
                + label(tick.text, x: x, y: Self.bottom + 17, anchor: anchor)
        }
        return (lines + marks).reduce(HTML(), +)
    }

    private func label(_ text: String, x: Double, y: Double, anchor: String) -> HTML {
        HTML(.text, .init(.x, Self.text(x)), .init(.y, Self.text(y)), .init(.textAnchor, anchor)) { text }
    }

    // MARK: Series

    private var drawn: [HTML] {
        switch chart.style {
        case .columns: columns
        case .lines: chart.series.map(line)
        }
    }

    /// One path a series, whatever the number of columns.
    private var columns: [HTML] {
        var floors = Array(repeating: 0.0, count: chart.starts.count)
        return chart.series.map { series in
            var path = ""
            for (place, value) in series.values.enumerated() {
                guard let value, value > 0 else { continue }
                let (low, high) = (y(floors[place]), y(floors[place] + value))
                path += "M\(Self.text(columnStart(place))) \(Self.text(low))V\(Self.text(high))"
                path += "h\(Self.text(columnWidth))V\(Self.text(low))z"
                floors[place] += value
            }
            return HTML(.path, .named("column \(series.look)"), .init(.d, path))
        }
    }

    /// It breaks where there is no value; a value alone is a dot.
    private func line(_ series: Chart.Series) -> HTML {
        var path = ""
        var isDrawing = false
        for (place, value) in series.values.enumerated() {
            guard let value else {
                isDrawing = false
                continue
            }
            path += "\(isDrawing ? "L" : "M")\(Self.text(x(place))) \(Self.text(y(value)))"
            // One without neighbours is a dash.
            if !isDrawing { path += "m-2 0h2" }
            if !isDrawing, place + 1 == series.values.count || series.values[place + 1] == nil { path += "h2" }
            isDrawing = true
        }
        return HTML(.path, .named("line \(series.look)"), .init(.d, path))
    }

    // MARK: Places

    private var stepWidth: Double { (Self.right - Self.left) / Double(max(1, chart.starts.count)) }
    private var columnWidth: Double { stepWidth * 0.8 }
    private func columnStart(_ place: Int) -> Double { Self.left + (Double(place) + 0.1) * stepWidth }

    /// The middle of a period.
    private func x(_ place: Int) -> Double { Self.left + (Double(place) + 0.5) * stepWidth }

    private func y(_ value: Double) -> Double {
        Self.bottom - (Self.bottom - Self.top) * min(1, max(0, value / values.top))
    }

    /// To a hundredth.
    private static func text(_ number: Double) -> String {
        let hundredths = Int(exactly: (number * 100).rounded()) ?? 0
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole)." + (rest < 10 ? "0" : "") + "\(rest)"
    }
}
