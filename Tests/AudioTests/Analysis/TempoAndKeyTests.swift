import Domain
import Foundation
import Testing

@testable import Audio

@Suite struct TempoAndKeyTests {
    private static func measure(_ signal: Signal) -> ToneMeters {
        let (stream, tones) = (MonoStream(), ToneMeters())
        signal.forEachBlock { stream.add($0, tones.add) }
        stream.finish(tones.add)
        return tones
    }

    private static func tempo(of tones: ToneMeters) -> TempoEstimate? {
        TempoEstimator.estimate(tones.flux.series, chroma: Chroma(tones.peaks))
    }

    private static func key(of tones: ToneMeters) -> KeyEstimate? {
        KeyEstimate(chroma: Chroma(tones.peaks).mean, bass: Chroma.bass(tones.peaks).mean)
    }

    @Test("A click track has its tempo", arguments: [70.0, 84, 97.5, 110, 120, 128, 140, 153, 166])
    func clicks(bpm: Double) throws {
        let tempo = try #require(
            Self.tempo(of: Self.measure(Signal.clicks(bpm: bpm, seconds: 20))))
        // A bare pulse does not say whether it is the beat, its half or its double; the octave is the prior's choice.
        let octave = (log2(tempo.bpm / bpm)).rounded()
        #expect(abs(octave) <= 1)
        #expect(abs(tempo.bpm / (bpm * exp2(octave)) - 1) < 0.01)
        #expect((0...1).contains(tempo.confidence))
        if (90...150).contains(bpm) { #expect(octave == 0) }
    }

    @Test("A steady tone has no tempo")
    func steadyTone() {
        let tones = Self.measure(Signal.sine(440, seconds: 12, rate: 44_100))
        #expect(Self.tempo(of: tones) == nil)
    }

    @Test("Quiet music has the tempo that it has when loud")
    func quietTempo() throws {
        let clicks = Signal.clicks(bpm: 120, seconds: 12)
        let quiet = try #require(Self.tempo(of: Self.measure(clicks.scaled(0.01))))
        #expect(abs(quiet.bpm - 120) < 1)
    }

    @Test("Silence has no tempo and no key")
    func silence() {
        let tones = Self.measure(Signal(rate: 44_100, channels: [[Float](repeating: 0, count: 441_000)]))
        #expect(Self.tempo(of: tones) == nil)
        #expect(Self.key(of: tones) == nil)
        #expect(tones.peaks.tuning == 0)
    }

    /// Tonic, subdominant, dominant, tonic; in minor with the leading note.
    private static func cadence(_ tonic: Int, minor: Bool) -> [[Int]] {
        let third = minor ? 3 : 4
        let (i, iv, v) = ([0, third, 7], [5, 5 + third, 12], [7, 11, 14])
        return [i, iv, v, i].map { chord in chord.map { 60 + tonic + $0 } }
    }

    private static let names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]

    @Test("A cadence has its key, whatever the tuning", arguments: 0..<12, [false, true])
    func cadences(tonic: Int, minor: Bool) throws {
        let cents = Double(tonic * 7 % 12) * 8 - 44
        let tones = Self.measure(Signal.chords(Self.cadence(tonic, minor: minor), rounds: 2, cents: cents))
        let key = try #require(Self.key(of: tones))
        #expect(key.name == "\(Self.names[tonic]) \(minor ? "minor" : "major")")
        #expect(abs(100 * tones.peaks.tuning - cents) < 4)
        #expect((0...1).contains(key.confidence))
    }

    @Test("Gain changes neither tempo nor key, and features hardly")
    func gain() throws {
        let workshop = try AudioWorkshop()
        var music = Signal.chords(Self.cadence(2, minor: false), rounds: 2)
        let clicks = Signal.clicks(bpm: 112, seconds: 8).channels[0]
        music.channels[0] = zip(music.channels[0], clicks).map { $0 + $1 }
        let loud = try workshop.analyze(workshop.write(music.wav, "loud.wav"))
        let quiet = try workshop.analyze(workshop.write(music.scaled(0.5).wav, "quiet.wav"))
        #expect(loud.tempoBpm == quiet.tempoBpm)
        #expect(loud.key == quiet.key)
        #expect(abs(try #require(loud.loudnessLufs) - #require(quiet.loudnessLufs) - 6.02) < 0.05)
        let (a, b) = try (#require(loud.features), #require(quiet.features))
        // Timbre and dynamics are relative to the piece's own level.
        for index in 0..<53 { #expect(abs(a[index] - b[index]) < 0.02) }
    }
}
