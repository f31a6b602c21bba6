import Domain
import Foundation
import TestSupport
import Testing

@Suite struct LoudnessHistogramTests {
    /// What the standard says, block by block; with the relative gate that came out of it.
    private static func exact(_ blocks: [Double]) -> (lufs: Double, gate: Double)? {
        let energies = blocks.filter { $0 > -70 }.map { pow(10, $0 / 10) }
        guard !energies.isEmpty else { return nil }
        let threshold = energies.reduce(0, +) / Double(energies.count) / 10
        let loud = energies.filter { $0 > threshold }
        return (10 * log10(loud.reduce(0, +) / Double(loud.count)), 10 * log10(threshold))
    }

    private static func histogram(_ blocks: some Sequence<Double>) -> LoudnessHistogram {
        var histogram = LoudnessHistogram()
        for block in blocks { histogram.add(block) }
        return histogram
    }

    /// A piece whose loudness wanders, with quiet passages.
    private static func piece(_ generator: inout SplitMix64) -> [Double] {
        var level = Double.random(in: -45 ... -8, using: &generator)
        return (0..<Int.random(in: 1...2000, using: &generator)).map { _ in
            level = min(0, max(-80, level + Double.random(in: -2...2, using: &generator)))
            return level
        }
    }

    @Test("Away from the gate, binning moves the result by 0.05 LU at most", arguments: 0..<200)
    func bound(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        var blocks = Self.piece(&generator)
        guard let gate = Self.exact(blocks)?.gate else { return #expect(Self.histogram(blocks).integratedLufs == nil) }
        // Taking blocks out moves the gate; where it comes to rest, none is near it.
        var last = gate
        for _ in 0..<20 {
            blocks.removeAll { abs($0 - last) < 0.1 }
            guard let next = Self.exact(blocks)?.gate, next != last else { break }
            last = next
        }
        guard let exact = Self.exact(blocks), !blocks.contains(where: { abs($0 - exact.gate) < 0.1 }) else { return }
        #expect(abs((Self.histogram(blocks).integratedLufs ?? .nan) - exact.lufs) <= 0.05)
    }

    @Test(
        "Whatever lies near the gate, it is the exact gating of blocks that moved by 0.05 LU at most", arguments: 0..<50
    )
    func moved(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        let blocks = Self.piece(&generator).filter { $0 > -70 }
        guard !blocks.isEmpty else { return }
        let middles = blocks.map { floor(($0 + 70) * 10) / 10 - 69.95 }
        #expect(zip(blocks, middles).allSatisfy { abs($0 - $1) <= 0.0501 })
        let binned = Self.histogram(blocks).integratedLufs ?? .nan
        #expect(abs(binned - (Self.exact(middles)?.lufs ?? .infinity)) < 1e-9)
    }

    @Test("A piece of one loudness is that loud", arguments: [-69.99, -23, -18.05, 0, 35])
    func constant(level: Double) {
        let loudness = Self.histogram(repeatElement(level, count: 100)).integratedLufs
        #expect(abs((loudness ?? .nan) - level) <= 0.0501)
    }

    @Test("Silence, and what is no number, is in no bin")
    func nothing() {
        #expect(Self.histogram([-70, -90, -.infinity, .nan]).integratedLufs == nil)
        #expect(Self.histogram([]).counts.isEmpty)
    }

    @Test("What is louder than any bin is in the last one")
    func clamped() {
        let histogram = Self.histogram([200, .infinity])
        #expect(histogram.counts.count == 1200)
        #expect(histogram.counts.last == 2)
    }

    @Test("Two pieces together are as loud as all their blocks, not as their mean")
    func together() throws {
        let (loud, quiet) = (Array(repeating: -10.0, count: 100), Array(repeating: -35.0, count: 300))
        var both = Self.histogram(loud)
        both.add(Self.histogram(quiet))
        #expect(both == Self.histogram(loud + quiet))
        // The quiet one lies below the gate of the whole.
        #expect(abs(try #require(both.integratedLufs) + 10) <= 0.05)
        #expect(abs(try #require(Self.exact(loud + quiet)?.lufs) + 10) <= 1e-9)
    }

    @Test("Counts from elsewhere are taken as they are, up to the last bin, and never overflow")
    func counts() {
        let counts = [0, 3, 0, 7, 0, 0] as [UInt32]
        #expect(LoudnessHistogram(counts: counts).counts == [0, 3, 0, 7])
        #expect(LoudnessHistogram(counts: Array(repeating: 1, count: 5000)).counts.count == 1200)
        var full = LoudnessHistogram(counts: [.max])
        full.add(full)
        #expect(full.counts == [.max])
        #expect(LoudnessHistogram(counts: [0, 0]).integratedLufs == nil)
    }
}

@Suite struct MeasuredGainTests {
    private static func analysis(_ lufs: Double?, truePeakDb: Double?, samplePeakDb: Double?) -> AudioAnalysis {
        var analysis = AudioAnalysis(
            contentKey: "a", version: "v", status: .complete, durationMs: 1, sampleRate: 1, channels: 1)
        (analysis.loudnessLufs, analysis.truePeakDb, analysis.samplePeakDb) = (lufs, truePeakDb, samplePeakDb)
        return analysis
    }

    @Test("The gain leads to −18 LUFS, the peak is the true one")
    func track() {
        let gain = ReplayGain(measuredIn: Self.analysis(-8, truePeakDb: 0, samplePeakDb: -1))
        #expect(gain.trackGainDb == -10)
        #expect(gain.trackPeak == 1)
        #expect(gain.albumGainDb == nil)
    }

    @Test("A true peak below the largest sample gives way, silence has no gain")
    func edges() {
        #expect(ReplayGain(measuredIn: Self.analysis(-8, truePeakDb: -1, samplePeakDb: 0)).trackPeak == 1)
        let silence = ReplayGain(measuredIn: Self.analysis(nil, truePeakDb: nil, samplePeakDb: nil))
        #expect(silence.trackGainDb == nil)
        #expect(silence.trackPeak == 0)
        #expect(
            ReplayGain(measuredIn: Self.analysis(-.infinity, truePeakDb: .infinity, samplePeakDb: nil)).trackGainDb
                == nil)
    }

    @Test("An album has a gain when all its tracks were heard")
    func album() {
        var bins = [UInt32](repeating: 0, count: 600)
        bins[499] = 10  // −20.05 LUFS
        var album = AlbumLoudness()
        #expect(album.peak == nil)
        album.add((bins, 0.5))
        album.add(([], 0.25))
        var gain = ReplayGain()
        gain.take(album)
        #expect(abs((gain.albumGainDb ?? 0) - 2.05) < 1e-9)
        #expect(gain.albumPeak == 0.5)
        album.add(nil)
        gain.take(album)
        #expect(gain == ReplayGain())
    }
}
