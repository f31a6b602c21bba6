import Contracts
import Domain
import Foundation
import FoundationXML
import Testing

@testable import sillon

@Suite("What a probe of audio prints and draws")
struct AudioProbeTests {
    /// Half a minute of a piece with everything measured, as long as curves get.
    static let sketch: AudioSketch = {
        var analysis = AudioAnalysis(
            contentKey: "c0ffee", version: "ear-3", status: .complete, durationMs: 30_000, sampleRate: 44_100,
            channels: 2)
        (analysis.loudnessLufs, analysis.tempoBpm, analysis.tempoConfidence) = (-9.84, 128, 0.9)
        (analysis.tempoAlternativeBpm, analysis.key) = (64, "A minor")
        var details = AudioDetails()
        details.rhythm = AudioDetails.Rhythm()
        details.rhythm?.beats = 64
        details.rhythm?.firstBeatMs = 210
        details.rhythm?.beatIntervalMs = 468.75
        details.rhythm?.beatDeviation = 0.0062
        details.signal = AudioDetails.Signal()
        details.signal?.bandwidthHz = 16_012
        details.signal?.suspicions = [.transcoded]
        details.edges = AudioDetails.Edges()
        details.edges?.silenceStartMs = 120
        details.edges?.silenceEndMs = 1830
        analysis.details = details
        var sketch = AudioSketch(analysis: analysis)
        sketch.beats = [0.2101, 0.67885]
        let wave = (0..<2048).map { Float(sin(Double($0) / 100)) }
        let curve = { (values: [Float]) in
            AudioSketch.Curve(columnSeconds: 30 / Double(values.count), values: values)
        }
        (sketch.lowest, sketch.highest) = (curve(wave.map { -abs($0) }), curve(wave.map(abs)))
        (sketch.onsets, sketch.momentary) = (curve(wave.map(abs)), curve(wave.map { -30 + 10 * $0 }))
        sketch.shortTerm = sketch.momentary
        sketch.chroma = curve((0..<100 * 12).map { Float($0 % 12) / 11 })
        sketch.chroma.columnSeconds = 0.3
        return sketch
    }()

    @Test("People get groups of lines with units and confidences, and no line for what was not measured")
    func report() {
        let lines = AudioReport(Self.sketch.analysis).lines
        #expect(lines.first == "complete, 0:30, 44,100 Hz, 2 channels, ear-3")
        #expect(lines.contains("  integrated          -9.8 LUFS"))
        #expect(lines.contains("  tempo               128.0 BPM, confidence 0.90 (else 64.0 BPM)"))
        #expect(lines.contains("  beats               64, the first at 0.21 s, every 468.8 ms ± 0.6 %"))
        #expect(lines.contains("  metre               not sure"))
        #expect(lines.contains("  bandwidth           16,012 Hz, looks transcoded"))
        #expect(lines.contains("  silence             120 ms at the start, 1,830 ms at the end"))
        #expect(!lines.contains { $0.contains("clipping") || $0 == "Mood" })
    }

    @Test("Scripts get the analysis with the moments of the beats")
    func json() throws {
        let json = try ContractJSON.decode(JSONValue.self, from: ContractJSON.encode(AudioProbe(Self.sketch)))
        #expect(json["beats_seconds"] == [0.21, 0.679])
        #expect(json["tempo_bpm"] == 128)
        #expect(json["details"]?["signal"]?["suspicions"] == ["transcoded"])
    }

    @Test("The picture is well-formed XML whatever the file is called, and of bounded size")
    func picture() throws {
        for name in ["song.flac", "<&\"'\u{0}\u{1B}]]>\n.mp3", String(repeating: "長", count: 300)] {
            let svg = AudioPlot(Self.sketch, name: name).svg
            #expect(svg.utf8.count < 200_000)
            #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(name)")
            #expect(svg.contains("128.0 BPM") && svg.contains("Loudness in LUFS"))
        }
    }

    @Test("A picture of nothing has its axes and says that there is nothing")
    func nothing() {
        let analysis = AudioAnalysis(
            contentKey: "", version: "ear-3", status: .tooShort, durationMs: 0, sampleRate: 8000, channels: 1)
        let svg = AudioPlot(AudioSketch(analysis: analysis), name: "a.wav").svg
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(svg.contains("too short") && svg.contains("no harmony was measured"))
    }

    @Test("Numbers that are none end up in the picture as numbers")
    func notNumbers() {
        #expect(SVGCanvas.number(.nan) == "0" && SVGCanvas.number(-.infinity) == "0")
        #expect(SVGCanvas.number(-0.25) == "-0.3" && SVGCanvas.number(12) == "12" && SVGCanvas.number(3.04) == "3")
        #expect(PlotPanel.times(upTo: 48 * 3600).count <= 13)
        #expect(PlotPanel.times(upTo: 240) == stride(from: 0, through: 240, by: 30).map { $0 })
    }
}
