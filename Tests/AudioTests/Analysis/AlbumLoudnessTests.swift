import CEbur128
import Domain
import Foundation
import Testing

@testable import Audio

/// Against libebur128, the reference.
@Suite struct AlbumLoudnessTests {
    /// One state of libebur128, fed with a whole signal.
    private final class Oracle {
        private(set) var state: UnsafeMutablePointer<ebur128_state>?

        init(_ signal: Signal, histogram: Bool = false) throws {
            let mode = EBUR128_MODE_I.rawValue | (histogram ? EBUR128_MODE_HISTOGRAM.rawValue : 0)
            state = ebur128_init(UInt32(signal.channels.count), UInt(signal.rate), Int32(mode))
            let frames = signal.channels[0].count
            var interleaved: [Float] = []
            interleaved.reserveCapacity(frames * signal.channels.count)
            for frame in 0..<frames { for channel in signal.channels { interleaved.append(channel[frame]) } }
            try #require(ebur128_add_frames_float(state, interleaved, frames) == Int32(EBUR128_SUCCESS.rawValue))
        }

        deinit { ebur128_destroy(&state) }

        static func loudness(of oracles: [Oracle]) throws -> Double {
            var states = oracles.map(\.state)
            var loudness = 0.0
            let result = ebur128_loudness_global_multiple(&states, states.count, &loudness)
            try #require(result == Int32(EBUR128_SUCCESS.rawValue))
            return loudness
        }
    }

    private static func histogram(_ signal: Signal) -> LoudnessHistogram {
        var meter = LoudnessMeter()
        signal.forEachBlock { meter.add($0) }
        return meter.histogram
    }

    private static func together(_ signals: [Signal]) -> Double? {
        var sum = LoudnessHistogram()
        for signal in signals { sum.add(histogram(signal)) }
        return sum.integratedLufs
    }

    /// Music with loud and soft parts, in stereo.
    private static func music(_ gain: Float, seed: UInt64, rate: Int = 44_100) -> Signal {
        let chords = Signal.chords([[57, 60, 64], [65, 69, 72], [55, 59, 62]], rounds: 6, rate: rate)
        let noise = Signal.noise(seconds: 18, rate: rate, amplitude: 0.3, seed: seed).channels[0]
        let swell = noise.enumerated().map { $1 * Float(0.5 - 0.5 * cos(Double($0) / Double(rate) * 0.7)) }
        return Signal(
            rate: rate, channels: [zip(chords.channels[0], swell).map(+), zip(chords.channels[0], swell).map(-)]
        ).scaled(gain)
    }

    static let albums: [[Float]] = [[1, 1], [1, 0.1], [0.5, 0.02, 0.3], [0.9, 0.001]]

    @Test("An album is as loud as libebur128 finds over all its tracks", arguments: albums)
    func album(gains: [Float]) throws {
        let signals = gains.enumerated().map {
            Self.music($1, seed: UInt64($0 + 1), rate: [44_100, 48_000, 96_000][$0])
        }
        let exact = try Oracle.loudness(of: signals.map { try Oracle($0) })
        let binned = try Oracle.loudness(of: signals.map { try Oracle($0, histogram: true) })
        let ours = try #require(Self.together(signals))
        #expect(abs(ours - exact) < 0.05)
        #expect(abs(ours - binned) < 0.05)
    }

    @Test("A sine of 997 Hz at −20 dBFS in one channel is −23.01 LUFS and asks for 5.01 dB")
    func sine() throws {
        let tone = Signal.sine(997, seconds: 20, amplitude: pow(10, -20.0 / 20))
        let loudness = try #require(Self.together([tone]))
        #expect(abs(loudness + 23.01) < 0.06)
        #expect(abs(try Oracle.loudness(of: [Oracle(tone)]) - loudness) < 0.05)
        var album = AlbumLoudness()
        album.add((Self.histogram(tone).counts, 0.1))
        var gain = ReplayGain()
        gain.take(album)
        #expect(abs(try #require(gain.albumGainDb) - 5.01) < 0.06)
    }

    @Test("The album is not the mean of its tracks")
    func notTheMean() throws {
        let signals = [Self.music(1, seed: 1), Self.music(0.05, seed: 2)]
        let each = try signals.map { try #require(Self.together([$0])) }
        let mean = each.reduce(0, +) / 2
        #expect(abs(try #require(Self.together(signals)) - mean) > 3)
    }
}
