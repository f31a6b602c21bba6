import Domain
import Foundation

/// The picture of one file: waveform, onsets with beats, chroma and loudness, one under the other over the same time.
struct AudioPlot {
    private let sketch: AudioSketch
    private let name: String

    private static let width = 1200.0
    private static let height = 930.0
    private static let left = 64.0
    private static let right = 24.0
    private static let pitches = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"]
    private static let green = "#1b5e47"
    private static let paleGreen = "#8fbf9f"
    private static let red = "#b23a48"
    /// What the waveform may reach at the edge of its panel; samples are at most 64.
    private static let fullScales = [0.1, 0.25, 0.5, 1, 2, 4, 16, 64]
    /// Columns of the chroma: two pixels each.
    private static let chromaColumns = 556

    /// - Parameter name: Of the file, for the title.
    init(_ sketch: AudioSketch, name: String) {
        (self.sketch, self.name) = (sketch, name)
    }

    /// An SVG document.
    var svg: String {
        var canvas = SVGCanvas(width: Self.width, height: Self.height)
        canvas.text(Self.shortened(name), Self.left, 34, size: 20, colour: PlotPanel.ink, isBold: true)
        canvas.text(summary, Self.left, 57, size: 13, colour: PlotPanel.faint)
        drawWaveform(&canvas)
        drawOnsets(&canvas)
        drawChroma(&canvas)
        drawLoudness(&canvas)
        return canvas.document
    }

    private var summary: String {
        let analysis = sketch.analysis
        return [
            Readable.length(milliseconds: analysis.durationMs),
            analysis.status == .complete ? nil : analysis.status.rawValue.replacing("_", with: " "),
            analysis.tempoBpm.map { Readable.decimal($0, 1) + " BPM" },
            analysis.details?.rhythm?.metre.map { "\($0) beats a bar" },
            analysis.key,
            analysis.loudnessLufs.map { Readable.decimal($0, 1) + " LUFS" },
            analysis.loudnessRangeLu.map { "range \(Readable.decimal($0, 1)) LU" },
            analysis.truePeakDb.map { "true peak \(Readable.decimal($0, 1)) dB" },
        ].compactMap { $0 }.joined(separator: "  ·  ")
    }

    private func panel(_ title: String, top: Double, height: Double, _ range: ClosedRange<Double>) -> PlotPanel {
        PlotPanel(
            title: title, left: Self.left, top: top, width: Self.width - Self.left - Self.right, height: height,
            seconds: max(0.1, Double(sketch.analysis.durationMs) / 1000), range: range)
    }

    private func drawWaveform(_ canvas: inout SVGCanvas) {
        let largest = (sketch.lowest.values + sketch.highest.values).reduce(0) { max($0, abs($1)) }
        let top = Self.fullScales.first { $0 >= Double(largest) } ?? Self.fullScales[Self.fullScales.count - 1]
        let panel = panel("Waveform", top: 98, height: 150, -top...top)
        let values = [-top, -top / 2, 0, top / 2, top]
        panel.drawFrame(&canvas, values: values.map { ($0, Self.plain($0)) }, namesTimes: false)
        canvas.area(panel.area(from: sketch.lowest, to: sketch.highest), fill: "#2f6f9f")
    }

    private func drawOnsets(_ canvas: inout SVGCanvas) {
        let panel = panel("Onset strength", top: 292, height: 130, 0...1)
        panel.drawFrame(&canvas, values: [0, 0.5, 1].map { ($0, Self.plain($0)) }, namesTimes: false)
        guard !sketch.onsets.values.isEmpty else {
            return panel.drawNothing(&canvas, "nothing begins here, or the piece is longer than 20 minutes")
        }
        // Lines through the whole panel only where they leave something to see between them.
        let spacing = panel.width / Double(max(1, sketch.beats.count))
        let bottom = panel.top + panel.height
        let beats = sketch.beats.map { beat in
            panel.line(panel.x(beat), spacing >= 8 ? panel.top : bottom, panel.x(beat), bottom + 14)
        }
        canvas.stroke(beats.joined(), Self.red, width: min(1.2, max(0.6, spacing / 4)))
        canvas.area(panel.area(sketch.onsets), fill: "#d98324")
        if !beats.isEmpty { panel.drawKey(&canvas, [("\(beats.count) beats", Self.red, nil)]) }
    }

    private func drawLoudness(_ canvas: inout SVGCanvas) {
        let lowest = (sketch.shortTerm.values + sketch.momentary.values).filter { $0 > -60 }.min() ?? -60
        let floor = max(-60, (Double(lowest) / 10).rounded(.down) * 10)
        let panel = panel("Loudness in LUFS", top: 736, height: 150, min(-20, floor)...0)
        let values = Array(stride(from: panel.range.lowerBound, through: 0, by: 10))
        panel.drawFrame(&canvas, values: values.map { ($0, Self.plain($0)) }, namesTimes: true)
        canvas.stroke(panel.line(sketch.momentary), Self.paleGreen, width: 1)
        canvas.stroke(panel.line(sketch.shortTerm), Self.green, width: 2)
        var key: [PlotPanel.KeyEntry] = [("400 ms", Self.paleGreen, nil), ("3 s", Self.green, nil)]
        if let whole = sketch.analysis.loudnessLufs {
            let y = panel.y(whole)
            canvas.stroke(panel.line(panel.left, y, panel.left + panel.width, y), Self.red, width: 1.2, dashes: "6 4")
            key.append(("whole file, \(Readable.decimal(whole, 1)) LUFS", Self.red, "6 4"))
        }
        if sketch.momentary.values.isEmpty { panel.drawNothing(&canvas, "too short for a loudness") }
        panel.drawKey(&canvas, key)
    }

    private func drawChroma(_ canvas: inout SVGCanvas) {
        let panel = panel("Chroma", top: 474, height: 216, 0...12)
        let names = Self.pitches.enumerated().map { (at: Double($0) + 0.5, name: $1) }
        panel.drawFrame(&canvas, values: names, namesTimes: false)
        let map = ChromaMap(sketch.chroma, columnsMax: Self.chromaColumns)
        guard map.columns > 0 else {
            return panel.drawNothing(&canvas, "no harmony was measured, or the piece is longer than 20 minutes")
        }
        for (level, colour) in ChromaMap.colours.enumerated() {
            canvas.area(map.cells(of: level, in: panel), fill: colour)
        }
    }

    /// `-0.5`, `10`
    private static func plain(_ value: Double) -> String {
        if value == value.rounded() { return "\(Int(value))" }
        return value * 10 == (value * 10).rounded() ? Readable.decimal(value, 1) : Readable.decimal(value, 3)
    }

    private static func shortened(_ name: String) -> String {
        name.count > 90 ? name.prefix(89) + "…" : name
    }
}
