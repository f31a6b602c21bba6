import Domain

/// Chroma over time as cells of few colours, those of one colour and row that touch as one.
struct ChromaMap {
    /// From nothing to the strongest pitch class of its moment.
    static let colours = [
        "#fbfaff", "#ece8fa", "#dad2f3", "#c5b8ea", "#ae9bdf", "#957dd2", "#7c60c2", "#6445ae", "#4d2e95", "#371b77",
    ]
    private static let rows = 12

    let columns: Int
    private let columnSeconds: Double
    private let startSeconds: Double
    /// Index of the colour, `columns × 12`.
    private let levels: [Int]

    /// The mean of each few columns, so that there are no more than `columnsMax`.
    init(_ chroma: AudioSketch.Curve, columnsMax: Int) {
        let given = chroma.values.count / Self.rows
        let step = max(1, (given + columnsMax - 1) / columnsMax)
        columns = (given + step - 1) / step
        columnSeconds = chroma.columnSeconds * Double(step)
        startSeconds = chroma.startSeconds
        levels = stride(from: 0, to: given, by: step).flatMap { first -> [Int] in
            let last = min(given, first + step)
            return (0..<Self.rows).map { row in
                let sum = (first..<last).reduce(Float(0)) { $0 + chroma.values[$1 * Self.rows + row] }
                let share = min(1, max(0, sum / Float(last - first)))
                return Int((share * Float(Self.colours.count - 1)).rounded())
            }
        }
    }

    /// A path of all rectangles of one colour.
    func cells(of level: Int, in panel: PlotPanel) -> String {
        var path = ""
        for row in 0..<Self.rows {
            let (top, bottom) = (panel.y(Double(row + 1)), panel.y(Double(row)))
            var column = 0
            while column < columns {
                let first = column
                while column < columns, levels[column * Self.rows + row] == level { column += 1 }
                guard column > first else {
                    column += 1
                    continue
                }
                let (left, right) = (panel.x(time(first)), panel.x(time(column)))
                path += "M\(SVGCanvas.point(left, top))H\(SVGCanvas.number(right))"
                path += "V\(SVGCanvas.number(bottom))H\(SVGCanvas.number(left))Z"
            }
        }
        return path
    }

    private func time(_ column: Int) -> Double { startSeconds + Double(column) * columnSeconds }
}
