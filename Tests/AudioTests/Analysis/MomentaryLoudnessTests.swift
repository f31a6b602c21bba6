import Foundation
import Testing

@testable import Audio

/// The signals of EBU Tech 3341 for momentary and short-term loudness, as far as a file has one answer to them.
@Suite struct MomentaryLoudnessTests {
    /// Stereo tones of 1 kHz, one after the other: level in dBFS and seconds; silence below −100.
    private static func maxima(_ parts: [(Double, Double)]) -> (momentary: Double?, shortTerm: Double?) {
        var meter = LoudnessMeter()
        for (level, seconds) in parts {
            let amplitude = level < -100 ? 0 : pow(10, level / 20)
            Signal.sine(1000, seconds: seconds, amplitude: amplitude, channels: 2).forEachBlock { meter.add($0) }
        }
        return meter.maxima()
    }

    @Test("Short-term loudness stays at −23 LUFS while levels change within its 3 s (case 9)")
    func shortTerm() throws {
        let parts = Array(repeating: [(-20.0, 1.34), (-30.0, 1.66)], count: 5).flatMap { $0 }
        #expect(abs(try #require(Self.maxima(parts).shortTerm) + 23) < 0.1)
    }

    @Test("A tone of 3 s has its short-term loudness wherever it begins (case 10)", arguments: 0..<20)
    func shortTermAnywhere(step: Int) throws {
        let silence = 0.15 * Double(step)
        let loudest = Self.maxima([(-120, silence), (-23, 3), (-120, 1)])
        #expect(abs(try #require(loudest.shortTerm) + 23) < 0.1)
    }

    @Test("Momentary loudness stays at −23 LUFS while levels change within its 400 ms (case 12)")
    func momentary() throws {
        let parts = Array(repeating: [(-20.0, 0.18), (-30.0, 0.22)], count: 25).flatMap { $0 }
        #expect(abs(try #require(Self.maxima(parts).momentary) + 23) < 0.1)
    }

    @Test(
        "A tone of 400 ms has its momentary loudness where it begins with a step of 100 ms (of case 13)",
        arguments: 0..<4)
    func momentaryOnTheGrid(step: Int) throws {
        let loudest = Self.maxima([(-120, 0.1 * Double(step)), (-23, 0.4), (-120, 1)])
        #expect(abs(try #require(loudest.momentary) + 23) < 0.1)
    }
}
