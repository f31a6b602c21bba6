import Domain
import Foundation
import Testing

@testable import Audio

@Suite("Beats, their grid and metre")
struct BeatTests {
    private static func report(_ signal: Signal) -> (MusicReport, AudioAnalysis) {
        let (mono, tones) = (MonoStream(), ToneMeters())
        signal.forEachBlock { mono.add($0, tones.add) }
        mono.finish(tones.add)
        let report = MusicReport(tones, isWhole: true)
        var analysis = AudioAnalysis(
            contentKey: "", version: "", status: .complete, durationMs: 0, sampleRate: signal.rate, channels: 1)
        analysis.details = AudioDetails()
        report.describe(&analysis)
        return (report, analysis)
    }

    /// Decaying tones at these moments: seconds, Hz, amplitude.
    private static func strokes(_ strokes: [(at: Double, hertz: Double, amplitude: Double)], seconds: Double) -> Signal
    {
        let rate = 44_100
        var samples = [Float](repeating: 0, count: Int(seconds * Double(rate)))
        for stroke in strokes {
            let start = Int(stroke.at * Double(rate))
            for index in 0..<min(rate / 5, samples.count - start) {
                let t = Double(index) / Double(rate)
                samples[start + index] += Float(stroke.amplitude * exp(-t * 30) * sin(2 * .pi * stroke.hertz * t))
            }
        }
        return Signal(rate: rate, channels: [samples])
    }

    @Test("Beats lie on the clicks", arguments: [72.0, 100, 120, 127.3, 140])
    func clicks(bpm: Double) throws {
        let grid = try #require(Self.report(Signal.clicks(bpm: bpm, seconds: 30)).0.beats)
        let truth = stride(from: 0, to: 29.8, by: 60 / bpm)
        let errors = grid.seconds.map { beat in truth.map { beat - $0 }.min { abs($0) < abs($1) } ?? 1 }
        #expect(errors.allSatisfy { abs($0) < 0.02 }, "\(errors)")
        #expect(grid.frames.count >= Array(truth).count - 2)
        #expect(abs(grid.interval - 60 / bpm) < 0.001)
        #expect(grid.deviation < 0.01)
        #expect(grid.strength > 5)
    }

    @Test("A tempo that wanders is followed, and its grid is less steady")
    func wandering() throws {
        var (moments, time): ([Double], Double) = ([], 0.3)
        while time < 40 {
            moments.append(time)
            time += 0.5 * (1 + 0.06 * sin(time / 3))
        }
        let signal = Self.strokes(moments.map { (at: $0, hertz: 900, amplitude: 0.8) }, seconds: 41)
        let grid = try #require(Self.report(signal).0.beats)
        let found = moments.filter { moment in grid.seconds.contains { abs($0 - moment) < 0.03 } }
        #expect(Double(found.count) > 0.9 * Double(moments.count))
        #expect((0.02...0.08).contains(grid.deviation))
    }

    @Test("Accents and chords tell a bar of three from one of four", arguments: [3, 4])
    func metre(beats: Int) throws {
        let period = 0.5
        let strokes = (0..<96).flatMap { beat -> [(at: Double, hertz: Double, amplitude: Double)] in
            let chord = [220.0, 293.66, 246.94][beat / beats % 3]
            let isFirst = beat.isMultiple(of: beats)
            return [
                (Double(beat) * period, 900, 0.2), (Double(beat) * period, chord, 0.2),
                (Double(beat) * period, 70, isFirst ? 0.6 : 0.05),
            ]
        }
        let (report, analysis) = Self.report(Self.strokes(strokes, seconds: 49))
        #expect(abs(try #require(report.beats).interval - period) < 0.01)
        #expect(analysis.details?.rhythm?.metre == beats)
    }

    @Test("Equal clicks have no metre, a steady tone no beats")
    func nothing() {
        #expect(Self.report(Signal.clicks(bpm: 120, seconds: 40)).1.details?.rhythm?.metre == nil)
        let (report, analysis) = Self.report(Signal.sine(440, seconds: 12, rate: 44_100))
        #expect(report.beats == nil)
        #expect(analysis.details?.rhythm?.beats == nil)
        #expect(analysis.details?.mood?.danceable == 0)
    }

    @Test("Onsets are counted", arguments: [1.0, 2, 4, 8])
    func density(perSecond: Double) throws {
        let clicks = Signal.clicks(bpm: 60 * perSecond, seconds: 30)
        let found = try #require(Self.report(clicks).1.details?.rhythm?.onsetsPerSecond)
        #expect(abs(found - perSecond) < 0.05 * perSecond + 0.05)
    }
}
