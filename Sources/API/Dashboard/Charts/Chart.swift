import Domain

/// Series of numbers over one row of periods. Drawn on the server: `ChartDrawing`.
struct Chart: Sendable {
    struct Series: Sendable {
        let name: String
        /// A class of the style sheet, which gives the colour.
        let look: String
        /// One a period; nil where there is none.
        let values: [Double?]
    }

    enum Style: Sendable {
        /// On top of each other.
        case columns
        case lines
    }

    enum Unit: Sendable {
        case count, seconds
    }

    /// Tells it from the others on its page.
    let id: String
    let title: String
    let unit: Unit
    let style: Style
    /// Starts of the periods, microseconds since the epoch.
    let starts: [Int64]
    let period: HistoryPeriod
    let series: [Series]

    /// More columns than pixels show nothing more.
    static let maxPoints = 400

    /// - Parameter starts: what is beyond `maxPoints` is left out, the oldest first.
    init(
        _ id: String, _ title: String, _ unit: Unit, _ style: Style, starts: [Int64], period: HistoryPeriod,
        series: [Series]
    ) {
        self.id = id
        self.title = title
        self.unit = unit
        self.style = style
        self.starts = Array(starts.suffix(Self.maxPoints))
        self.period = period
        self.series = series.map { one in
            // As many values as there are periods, and only such as can be drawn.
            let values = one.values.suffix(Self.maxPoints).map { $0.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }
            let missing = min(Self.maxPoints, starts.count) - values.count
            return Series(
                name: one.name, look: one.look,
                values: Array(values + Array(repeating: nil, count: max(0, missing))))
        }
    }

    /// The greatest value that has to fit.
    var greatest: Double {
        switch style {
        case .lines: series.flatMap(\.values).compactMap(\.self).max() ?? 0
        case .columns: starts.indices.map { place in series.reduce(0) { $0 + ($1.values[place] ?? 0) } }.max() ?? 0
        }
    }

    /// In words, for who does not see it.
    var summary: String {
        guard let first = starts.first, let last = starts.last else { return "There is nothing yet." }
        let span = "From \(TimeAxis.minute(first)) to \(TimeAxis.minute(last)), UTC."
        let lines = series.map { one in
            let values = one.values.compactMap(\.self)
            guard let most = values.max(), most > 0 else { return "\(one.name): none." }
            guard style == .columns else { return "\(one.name): \(ValueAxis.text(most, unit)) at most." }
            return "\(one.name): \(ValueAxis.text(values.reduce(0, +), unit)), at most \(ValueAxis.text(most, unit))."
        }
        return ([span] + lines).joined(separator: " ")
    }
}
