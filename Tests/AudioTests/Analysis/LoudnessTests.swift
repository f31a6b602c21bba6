import Domain
import Foundation
import Testing

@testable import Audio

@Suite struct LoudnessTests {
    private static func meter(_ signal: Signal, loudness: [Float]? = nil) -> LoudnessMeter {
        var meter = LoudnessMeter()
        signal.forEachBlock(loudness: loudness) { meter.add($0) }
        return meter
    }

    /// A stereo sine of 1 kHz in both channels, whose peak level in dBFS is its loudness in LUFS.
    private static func tone(_ level: Double, _ seconds: Double, rate: Int = 48_000) -> Signal {
        Signal.sine(1000, seconds: seconds, rate: rate, amplitude: pow(10, level / 20), channels: 2)
    }

    @Test(
        "A tone is as loud as EBU Tech 3341 says",
        arguments: [
            (-23.0, 48_000), (-33.0, 48_000), (-23.0, 44_100), (-23.0, 96_000), (-20.0, 192_000), (-23.0, 32_000),
        ])
    func tone(level: Double, rate: Int) throws {
        let loudness = try #require(Self.meter(Self.tone(level, 20, rate: rate)).integrated())
        #expect(abs(loudness - level) < 0.1)
    }

    @Test(
        "Quiet passages are gated (Tech 3341, cases 3 to 5)",
        arguments: [
            [(-36.0, 10.0), (-23, 60), (-36, 10)],
            [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)],
            [(-26, 20), (-20, 20.1), (-26, 20)],
        ])
    func gating(parts: [(Double, Double)]) throws {
        let signal = parts.dropFirst().reduce(Self.tone(parts[0].0, parts[0].1)) { $0 + Self.tone($1.0, $1.1) }
        let loudness = try #require(Self.meter(signal).integrated())
        #expect(abs(loudness + 23) < 0.1)
    }

    @Test("Surround channels count 1.41, LFE not at all (Tech 3341, case 6)")
    func surround() throws {
        let gains = [-28.0, -28, -24, -90, -30, -30].map { Float(pow(10, $0 / 20)) }
        let tone = Signal.sine(1000, seconds: 20, amplitude: 1).channels[0]
        var signal = Signal(rate: 48_000, channels: gains.map { gain in tone.map { $0 * gain } })
        let weights: [Float] = [1, 1, 1, 0, 1.41, 1.41]
        #expect(abs(try #require(Self.meter(signal, loudness: weights).integrated()) + 23) < 0.1)
        signal.channels[3] = tone
        #expect(abs(try #require(Self.meter(signal, loudness: weights).integrated()) + 23) < 0.1)
    }

    static let ranges: [(levels: [Double], expected: Double)] = [
        ([-20, -30], 10), ([-20, -15], 5), ([-40, -20], 20), ([-50, -35, -20, -35, -50], 15),
    ]

    @Test("Loudness range is as EBU Tech 3342 says", arguments: ranges)
    func range(levels: [Double], expected: Double) throws {
        let signal = levels.dropFirst().reduce(Self.tone(levels[0], 20)) { $0 + Self.tone($1, 20) }
        #expect(abs(try #require(Self.meter(signal).range()) - expected) < 1)
    }

    @Test("Silence and less than 400 ms have no loudness")
    func nothing() {
        #expect(Self.meter(Self.tone(-23, 0.3)).integrated() == nil)
        #expect(Self.meter(Self.tone(-80, 20)).integrated() == nil)
        #expect(Self.meter(Self.tone(-80, 20)).range() == nil)
        #expect(LoudnessMeter().integrated() == nil)
    }

    @Test("The size of blocks does not matter", arguments: [1, 63, 4096, 100_000])
    func blockSize(size: Int) throws {
        let signal = Signal.noise(seconds: 5)
        var meter = LoudnessMeter()
        signal.forEachBlock(of: size) { meter.add($0) }
        let (a, b) = try (#require(meter.integrated()), #require(Self.meter(signal).integrated()))
        #expect(abs(a - b) < 1e-9)
    }

    @Test("Music is as loud as ffmpeg's ebur128 finds", arguments: [44_100, 48_000, 96_000])
    func oracle(rate: Int) throws {
        let workshop = try AudioWorkshop()
        var signal = Signal.chords([[60, 64, 67], [65, 69, 72], [67, 71, 74]], rounds: 5, rate: rate)
        let clicks = Signal.clicks(bpm: 96, seconds: 15, rate: rate).channels[0]
        let noise = Signal.noise(seconds: 15, rate: rate, amplitude: 0.02).channels[0]
        signal.channels = [
            zip(signal.channels[0], clicks).map { $0 + 0.7 * $1 }, zip(signal.channels[0], noise).map { 0.5 * $0 + $1 },
        ]
        let path = try workshop.write(signal.wav, "a.wav")
        let report = try workshop.ffmpeg(["-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"])
        let summary = try #require(report.range(of: "Summary:").map { report[$0.upperBound...] })
        let number = { (label: String) -> Double? in
            guard let found = summary.range(of: label) else { return nil }
            return summary[found.upperBound...].split(separator: " ").first.flatMap { Double($0) }
        }
        let analysis = try workshop.analyze(path)
        // The oracle prints one decimal.
        #expect(abs(try #require(analysis.loudnessLufs) - #require(number("I:"))) < 0.1 + 0.05)
        #expect(abs(try #require(analysis.loudnessRangeLu) - #require(number("LRA:"))) < 1)
        #expect(abs(try #require(analysis.truePeakDb) - #require(number("Peak:"))) < 0.4)
    }
}
