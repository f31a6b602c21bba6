import CAudio
import Domain
import Foundation
import Testing

@testable import Audio

@Suite("What is measured at the native rate")
struct LevelMeterTests {
    private static func meters(_ signal: Signal, block: Int = 1152) -> LevelMeters {
        var meters = LevelMeters()
        signal.forEachBlock(of: block) { meters.add($0) }
        return meters
    }

    @Test("The loudest 400 ms and 3 s are those of a burst (Tech 3341, cases 9 to 14)")
    func maxima() throws {
        let quiet = Signal.sine(1000, seconds: 5, amplitude: 0.001, channels: 2)
        let burst = Signal.sine(1000, seconds: 0.5, amplitude: pow(10, -23.0 / 20), channels: 2)
        let loudness = Self.meters(quiet + burst + quiet).loudnessDetails
        #expect(abs(try #require(loudness.maxMomentaryLufs) + 23) < 0.1)
        #expect(abs(try #require(loudness.maxShortTermLufs) + 23 - 10 * log10(0.5 / 3)) < 0.1)
        #expect(Self.meters(Signal.sine(1000, seconds: 5, amplitude: 1e-5)).loudnessDetails.maxMomentaryLufs == nil)
    }

    @Test("Silence at both ends is found to the millisecond", arguments: [1, 63, 1152, 100_000])
    func edges(block: Int) {
        let rate = 48_000
        var samples = [Float](repeating: 0, count: rate)
        samples[rate / 4] = 0.5
        samples[rate / 2] = -0.002
        // Below −60 dBFS, so silence.
        samples[rate / 8] = 0.0009
        samples[rate - 10] = -0.0009
        let silent = [Float](repeating: 0, count: rate)
        let edges = Self.meters(Signal(rate: rate, channels: [silent, samples]), block: block).edges(trimming: nil)
        #expect(edges.silenceStartMs == 250)
        #expect(edges.silenceEndMs == 500)
        #expect(edges.encoderDelaySamples == nil)
        let nothing = Self.meters(Signal(rate: rate, channels: [silent]), block: block).edges(trimming: nil)
        #expect(nothing.silenceStartMs == nil && nothing.silenceEndMs == nil)
    }

    @Test("Runs of three equal samples at full scale are clipping, wherever blocks end", arguments: [1, 2, 64, 1152])
    func clipping(block: Int) {
        var samples = [Float](repeating: 0.1, count: 3000)
        for index in 62..<67 { samples[index] = 1 }  // One run across a window's end.
        for index in 200..<202 { samples[index] = -1 }  // Too short.
        for index in 300..<303 { samples[index] = -1 }
        for index in 400..<406 { samples[index] = index < 403 ? 1 : -1 }  // Two.
        for index in 500..<510 { samples[index] = 0.98 }  // Not full scale.
        for index in 600..<610 { samples[index] = index.isMultiple(of: 2) ? 1 : 0.995 }  // Not equal.
        let other = [Float](repeating: 0, count: 3000)
        let signal = Self.meters(Signal(rate: 44_100, channels: [samples, other]), block: block).signal(codec: "flac")
        #expect(signal.clippedRuns == 4)
    }

    @Test("A block without samples ends no run")
    func emptyBlock() {
        var clipping = Clipping()
        var raw = sillon_block()
        (raw.channels, raw.sample_rate) = (1, 48_000)
        let sample = UnsafeMutablePointer<Float>.allocate(capacity: 1)
        defer { sample.deallocate() }
        sample.initialize(to: 1)
        withUnsafeMutableBytes(of: &raw.planes) {
            $0.assumingMemoryBound(to: UnsafePointer<Float>?.self)[0] = UnsafePointer(sample)
        }
        for _ in 0..<3 {
            for frames in [1, 0] as [Int32] {
                raw.frames = frames
                clipping.add(AudioBlock(raw))
            }
        }
        #expect(clipping.runs == 1)
    }

    @Test("Logarithms of small and large numbers are those of the C library")
    func logarithms() {
        let values = (-30...30).map { Float(pow(10, Double($0))) }
        var logs = [Float](repeating: 0, count: values.count)
        sillon_log(values, values.count, 1, 0, &logs)
        for (value, found) in zip(values, logs) { #expect(abs(found - log(value)) < 1e-4, "\(value)") }
    }

    @Test("An overdriven sine clips twice a period, and one of full scale does not")
    func overdriven() {
        let sine = Signal.sine(100, seconds: 1, amplitude: 1)
        #expect(Self.meters(sine.scaled(0.999)).signal(codec: "flac").clippedRuns == 0)
        let clipped = Signal(rate: 48_000, channels: [sine.scaled(1.5).channels[0].map { max(-1, min(1, $0)) }])
        #expect(Self.meters(clipped).signal(codec: "flac").clippedRuns == 200)
    }

    @Test("Two channels that are the same, or differ by dither, are mono; others are not")
    func mono() throws {
        let tone = Signal.sine(440, seconds: 2).channels[0]
        let noise = Signal.noise(seconds: 2, rate: 48_000, amplitude: 1).channels[0]
        let signal = { (other: [Float]) in
            Self.meters(Signal(rate: 48_000, channels: [tone, other])).signal(codec: "flac")
        }
        #expect(signal(tone).isMonoAsStereo == true && signal(tone).sideDb == -120)
        #expect(signal(zip(tone, noise).map { $0 + $1 / 32_768 }).isMonoAsStereo == true)
        let wide = signal(zip(tone, noise).map { $0 + 0.1 * $1 })
        #expect(wide.isMonoAsStereo == false)
        // The noise of 0.1 has a mean square of 0.01 / 3; half of it is the side, twice the tone's root the middle.
        let expected = 10 * log10(0.01 / 3 / (4 * 0.125 + 0.01 / 3))
        #expect(abs(try #require(wide.sideDb) - expected) < 0.1)
        #expect(abs(try #require(signal(tone.map { -$0 }).sideDb) - 120) < 1e-9)
        #expect(Self.meters(Signal.sine(440, seconds: 2)).signal(codec: "flac").sideDb == nil)
    }
}
