import Testing

@testable import Audio

/// The decision against its reference in numpy (Benchmarks/ear/tempo.py), on made-up series.
@Suite struct TempoDecisionTests {
    /// Pulses on the beat, the low band's on every other beat, weaker ones between, and a little noise.
    private static func onsets(beat: Int, frames: Int = 2400) -> [[Float]] {
        (0..<OnsetFlux.bands).map { band in
            (0..<frames).map { frame in
                let pulse = frame % (band == 0 ? beat : 2 * beat) == 0 ? 1 : frame % (beat / 2) == 0 ? 0.6 : 0
                return Float(pulse + 0.05 * Double((frame * 7919 + band * 104_729) % 1000) / 1000)
            }
        }
    }

    /// Major chords that move on by fourths.
    private static func chroma(beat: Int, beatsPerChord: Int, frames: Int = 2400) -> Chroma {
        let count = frames * OnsetFlux.hop / SpectralPeaks.hop
        return Chroma(
            values: (0..<count).flatMap { frame -> [Float] in
                let onsetFrame = frame * SpectralPeaks.hop / OnsetFlux.hop
                let root = onsetFrame / (beat * beatsPerChord) % 4 * 5 % 12
                return (0..<12).map { [0, 4, 7].contains(($0 - root + 12) % 12) ? 1 : 0.1 }
            })
    }

    struct Case: Sendable {
        let beat: Int
        let beatsPerChord: Int
        let bpm: Double
        let alternative: Double
        let confidence: Double
    }

    private static let cases = [
        Case(beat: 30, beatsPerChord: 4, bpm: 172.1920, alternative: 114.9838, confidence: 0.7048),
        Case(beat: 30, beatsPerChord: 8, bpm: 172.1920, alternative: 86.0252, confidence: 0.1283),
        Case(beat: 46, beatsPerChord: 4, bpm: 112.2649, alternative: 224.7147, confidence: 0.8218),
        Case(beat: 46, beatsPerChord: 2, bpm: 224.7147, alternative: 112.2649, confidence: 0.1877),
        Case(beat: 62, beatsPerChord: 4, bpm: 83.2407, alternative: 166.6184, confidence: 0.0496),
        Case(beat: 62, beatsPerChord: 2, bpm: 166.6184, alternative: 83.2407, confidence: 0.8222),
        Case(beat: 24, beatsPerChord: 4, bpm: 215.4985, alternative: 107.6606, confidence: 0.3274),
        Case(beat: 24, beatsPerChord: 8, bpm: 107.6606, alternative: 143.4725, confidence: 0.7454),
    ]

    @Test("Tempo, alternative and confidence are those of the reference", arguments: cases)
    func reference(expected: Case) throws {
        let tempo = try #require(
            TempoEstimator.estimate(
                Self.onsets(beat: expected.beat),
                chroma: Self.chroma(beat: expected.beat, beatsPerChord: expected.beatsPerChord)))
        #expect(abs(tempo.bpm - expected.bpm) < 0.001)
        #expect(abs(tempo.alternativeBpm - expected.alternative) < 0.001)
        #expect(abs(tempo.confidence - expected.confidence) < 0.002)
    }

    @Test("The same rhythm is twice as fast under chords that are half as long")
    func harmonyDecides() throws {
        let tempi = try [2, 4].map { beats in
            try #require(
                TempoEstimator.estimate(
                    Self.onsets(beat: 62), chroma: Self.chroma(beat: 62, beatsPerChord: beats)))
        }
        #expect(abs(tempi[0].bpm / tempi[1].bpm - 2) < 0.02)
    }

    @Test("Harmony that never changes, and no harmony at all, leave the decision to the rhythm")
    func steadyHarmony() throws {
        let still = Chroma(values: (0..<150).flatMap { _ in (0..<12).map { $0 % 4 == 0 ? 1 : 0.1 } })
        let onsets = Self.onsets(beat: 46)
        let without = try #require(TempoEstimator.estimate(onsets, chroma: Chroma(values: [])))
        let with = try #require(TempoEstimator.estimate(onsets, chroma: still))
        #expect(without.bpm == with.bpm)
        #expect(abs(without.bpm - 112.3) < 1)
    }
}
