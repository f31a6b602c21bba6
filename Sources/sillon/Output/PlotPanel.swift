import Domain

/// One of the pictures under each other: a frame with a title, time from left to right, and values from bottom to top.
struct PlotPanel {
    let title: String
    let left: Double
    let top: Double
    let width: Double
    let height: Double
    /// Seconds from the left to the right edge.
    let seconds: Double
    /// At the bottom and at the top.
    let range: ClosedRange<Double>

    static let ink = "#1f2933"
    static let faint = "#616e7c"
    private static let ground = "#f7f9fb"
    private static let grid = "#dde3e9"

    func x(_ time: Double) -> Double { left + width * min(1, max(0, time / seconds)) }

    func y(_ value: Double) -> Double {
        let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return top + height * (1 - min(1, max(0, share)))
    }

    /// Ground, title, grid and the names of the values; the names of the times only when `namesTimes`.
    func drawFrame(_ canvas: inout SVGCanvas, values: [(at: Double, name: String)], namesTimes: Bool) {
        canvas.rectangle(left, top, width, height, fill: Self.ground)
        canvas.text(title, left, top - 9, size: 13, colour: Self.ink, isBold: true)
        for value in values {
            canvas.stroke(line(x(0), y(value.at), x(seconds), y(value.at)), Self.grid, width: 1)
            canvas.text(value.name, left - 8, y(value.at) + 4, size: 11, colour: Self.faint, anchor: .end)
        }
        for time in Self.times(upTo: seconds) {
            canvas.stroke(line(x(time), top, x(time), top + height), Self.grid, width: 1)
            guard namesTimes else { continue }
            canvas.text(
                Readable.length(milliseconds: Int(time * 1000)), x(time), top + height + 17, size: 11,
                colour: Self.faint, anchor: .middle)
        }
    }

    /// Says why there is nothing to see.
    func drawNothing(_ canvas: inout SVGCanvas, _ text: String) {
        canvas.text(text, left + width / 2, top + height / 2 + 4, size: 12, colour: Self.faint, anchor: .middle)
    }

    typealias KeyEntry = (name: String, colour: String, dashes: String?)

    /// What the colours mean, right of the title.
    func drawKey(_ canvas: inout SVGCanvas, _ entries: [KeyEntry]) {
        var x = left + 150
        for entry in entries {
            canvas.stroke(line(x, top - 13, x + 24, top - 13), entry.colour, width: 2, dashes: entry.dashes)
            canvas.text(entry.name, x + 30, top - 9, size: 11, colour: Self.faint)
            x += 90
        }
    }

    func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "M\(SVGCanvas.point(x1, y1))L\(SVGCanvas.point(x2, y2))"
    }

    /// A line through the curve's values.
    func line(_ curve: AudioSketch.Curve) -> String {
        let points = points(curve)
        return points.isEmpty ? "" : "M" + points.joined(separator: "L")
    }

    /// The area between the curve and the bottom.
    func area(_ curve: AudioSketch.Curve) -> String {
        guard let last = curve.values.indices.last else { return "" }
        let (start, end) = (x(time(of: 0, curve)), x(time(of: last, curve)))
        let bottom = y(range.lowerBound)
        return "M\(SVGCanvas.point(start, bottom))L" + points(curve).joined(separator: "L")
            + "L\(SVGCanvas.point(end, bottom))Z"
    }

    /// The area between two curves of the same columns; at least a pixel high, so that silence is a line.
    func area(from low: AudioSketch.Curve, to high: AudioSketch.Curve) -> String {
        guard !low.values.isEmpty else { return "" }
        let above = high.values.indices.map { column in
            SVGCanvas.point(x(time(of: column, high)), y(Double(high.values[column])) - 0.5)
        }
        let below = low.values.indices.reversed().map { column in
            SVGCanvas.point(x(time(of: column, low)), y(Double(low.values[column])) + 0.5)
        }
        return "M" + (above + below).joined(separator: "L") + "Z"
    }

    private func points(_ curve: AudioSketch.Curve) -> [String] {
        curve.values.indices.map { SVGCanvas.point(x(time(of: $0, curve)), y(Double(curve.values[$0]))) }
    }

    private func time(of column: Int, _ curve: AudioSketch.Curve) -> Double {
        curve.startSeconds + Double(column) * curve.columnSeconds
    }

    /// Round times, at most a dozen.
    static func times(upTo seconds: Double) -> [Double] {
        let steps: [Double] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400]
        let step = steps.first { seconds / $0 <= 12 } ?? seconds / 12
        return Array(stride(from: 0, through: seconds, by: step))
    }
}
