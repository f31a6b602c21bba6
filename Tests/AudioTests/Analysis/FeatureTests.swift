import Domain
import Foundation
import Testing

@testable import Audio

@Suite struct FeatureTests {
    @Test(
        "Resampling keeps a tone's level and place, and lets nothing through above the band",
        arguments: [8000, 16_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000, 384_000, 44_101, 12_345])
    func resampling(rate: Int) throws {
        let tone = Self.resampled(Signal.sine(1000, seconds: 1, rate: rate))
        #expect(abs(tone.count - 22_050) < 40)
        // In the middle the output is the tone itself: no delay, no change of level.
        for index in 5000..<15_000 {
            let expected = 0.5 * sin(2 * .pi * 1000 * Double(index) / 22_050)
            guard abs(Double(tone[index]) - expected) < 2e-3 else {
                Issue.record("sample \(index) is \(tone[index]), not \(expected)")
                return
            }
        }
        guard rate >= 44_100 else { return }
        let above = Self.resampled(Signal.sine(14_000, seconds: 1, rate: rate))
        #expect(above[5000..<15_000].allSatisfy { abs($0) < 1e-3 })
    }

    private static func resampled(_ signal: Signal) -> [Float] {
        let stream = MonoStream()
        var output: [Float] = []
        let collect = { (samples: UnsafePointer<Float>, count: Int) in
            output.append(contentsOf: UnsafeBufferPointer(start: samples, count: count))
        }
        signal.forEachBlock(of: 1000) { stream.add($0, collect) }
        stream.finish(collect)
        return output
    }

    @Test("Each mel filter sums to 1 and answers a flat spectrum with it", arguments: [1024, 2048])
    func mel(size: Int) {
        let bank = MelBank(fftSize: size)
        let flat = FloatBuffer(Array(repeating: 1, count: size / 2 + 1))
        let output = FloatBuffer(MelBank.bands)
        bank.apply(flat.base, into: output.base)
        #expect((0..<MelBank.bands).allSatisfy { abs(output.base[$0] - 1) < 1e-5 })
    }

    @Test("Contrast is the log ratio of the loudest and the quietest fifth, also of equal and of hostile orders")
    func contrast() {
        let contrast = SpectralContrast(fftSize: 2048)
        let output = FloatBuffer(SpectralContrast.bands)
        let edges = [0.0, 200, 400, 800, 1600, 3200, 8000].map { Int(($0 / (22_050.0 / 2048)).rounded(.up)) }
        let orders: [(Int) -> Float] = [
            { _ in 0.25 }, { _ in 0 }, { Float($0) }, { Float(2000 - $0) }, { Float($0 % 2) },
            { Float(($0 &* 7919) % 1025) / 1025 },
        ]
        for order in orders {
            let spectrum = FloatBuffer((0..<1025).map(order))
            contrast.apply(spectrum.base, into: output.base)
            for band in 0..<6 {
                let sorted = (edges[band]..<edges[band + 1]).map { Double(spectrum.base[$0]) }.sorted()
                let part = max(1, sorted.count / 5)
                let (low, high) = (Statistics.mean(sorted.prefix(part)), Statistics.mean(sorted.suffix(part)))
                #expect(abs(Double(output.base[band]) - (log(high + 1e-6) - log(low + 1e-6))) < 1e-4)
            }
        }
    }

    @Test("A peak keeps its pitch to a tenth of a cent and its weight to a thousandth")
    func packedPeaks() {
        for (pitch, magnitude) in [(-34.5, 1e-5), (0, 0.5), (26.2, 1), (0.01, 3), (-63.9, 60)] {
            let peak = SpectralPeaks.Peak(pitch: pitch, magnitude: magnitude)
            #expect(abs(peak.pitch - pitch) < 0.0011)
            #expect(abs(peak.magnitude / magnitude - 1) < 0.001)
        }
        #expect(SpectralPeaks.Peak(pitch: .nan, magnitude: 0).pitch.isFinite)
    }

    @Test("Statistics agree with their definitions")
    func statistics() {
        #expect(Statistics.percentile([4, 1, 3, 2] as [Float], 50) == 2.5)
        #expect(Statistics.percentile([5] as [Float], 95) == 5)
        #expect(Statistics.percentile([] as [Float], 95) == 0)
        #expect(Statistics.deviation([1, 3]) == 1)
        #expect(Statistics.mean([Double]()) == 0)
        var moments = RunningMoments(2)
        for row in [[1.0, 5], [3, 5], [5, 5]] { moments.add(row) }
        #expect(moments.means == [3, 5])
        #expect(abs(moments.deviations[0] - (8.0 / 3).squareRoot()) < 1e-12 && moments.deviations[1] == 0)
        #expect(Statistics.detrended([3, 3, 3, 3, 3], width: 3) == [1, 0, 0, 0, 1])
    }

    @Test("Brighter sound has a higher second coefficient's weight, steadier sound less movement")
    func meaning() throws {
        let workshop = try AudioWorkshop()
        let dark = Signal.chords([[48, 52, 55]], rounds: 6)
        let bright = Signal.noise(seconds: 6, amplitude: 0.3)
        let pulsed = Signal.clicks(bpm: 120, seconds: 6)
        let analyses = try [dark, bright, pulsed].enumerated().map { index, signal in
            try #require(workshop.analyze(workshop.write(signal.wav, "\(index).wav")).features)
        }
        // MFCC 1 falls with brightness; flatness rises with noise; onset strength of clicks exceeds that of noise.
        let flatness = 20 + 20 + 13 + 6 + 6
        let onsetSpread = 20 + 20 + 13 + 3
        #expect(analyses[0][1] > analyses[1][1])
        #expect(analyses[1][flatness] > analyses[0][flatness])
        #expect(analyses[2][onsetSpread] > analyses[1][onsetSpread])
        #expect(analyses.allSatisfy { $0.count == FeatureBlock.totalDimensions })
    }
}
