import Domain
import Foundation
import Testing

@testable import Audio

@Suite("Curves for a picture")
struct SketchTests {
    @Test("A waveform keeps its extremes and its length, however long it is", arguments: [1.0, 20, 300])
    func waveform(seconds: Double) throws {
        var samples = [Float](repeating: 0.1, count: Int(seconds * 8000))
        (samples[samples.count / 2], samples[samples.count / 4]) = (1, -0.75)
        var waveform = Waveform()
        Signal(rate: 8000, channels: [samples, samples.map { -$0 / 4 }]).forEachBlock { waveform.add($0) }
        let (lowest, highest) = waveform.curves
        #expect(highest.values.count <= AudioSketch.Curve.columnsMax)
        #expect(highest.values.max() == 1 && lowest.values.min() == -0.75)
        let peak = try #require(highest.values.firstIndex(of: 1))
        #expect(abs((Double(peak) + 0.5) * highest.columnSeconds - seconds / 2) <= highest.columnSeconds)
        #expect(abs(Double(highest.values.count) * highest.columnSeconds - seconds) <= highest.columnSeconds)
    }

    @Test("A sketch holds the analysis, the beats and curves of bounded length over the same time")
    func sketch() throws {
        let workshop = try AudioWorkshop()
        let path = try workshop.write(Signal.clicks(bpm: 120, seconds: 40).wav, "a.wav")
        let sketch = try workshop.sketch(path)
        #expect(try sketch.analysis == workshop.analyze(path))
        #expect(sketch.beats.count == sketch.analysis.details?.rhythm?.beats)
        #expect(sketch.beats == sketch.beats.sorted())
        #expect(sketch.onsets.values.max() == 1)
        #expect(sketch.shortTerm.values.count == 371 && sketch.momentary.values.count == 397)
        for (curve, width) in [
            (sketch.lowest, 1), (sketch.highest, 1), (sketch.onsets, 1), (sketch.momentary, 1), (sketch.shortTerm, 1),
            (sketch.chroma, 12),
        ] {
            let columns = curve.values.count / width
            #expect(columns > 100 && columns <= AudioSketch.Curve.columnsMax)
            let end = curve.startSeconds + Double(columns) * curve.columnSeconds
            #expect(abs(end - 40) < 0.5)
        }
    }
}
