import Foundation
import Testing

@testable import Audio

@Suite struct PeakTests {
    private static func peaks(
        _ signal: Signal, _ oversampling: PeakMeter.Oversampling = .needed, blocks: Int = 1152
    ) -> PeakMeter {
        var meter = PeakMeter(oversampling)
        signal.forEachBlock(of: blocks) { meter.add($0) }
        return meter
    }

    @Test(
        "A sine of a quarter of the rate peaks between its samples (Tech 3341, cases 15 to 19)",
        arguments: [
            (4.0, 0.0, -6.0), (4, 45, -6), (6, 60, -6), (8, 67.5, -6), (4, 45, 3),
        ])
    func betweenSamples(divisor: Double, degrees: Double, level: Double) throws {
        let amplitude = pow(10, level / 20)
        // Faded in and out: a sudden start is itself a peak.
        let tone = Signal.sine(48_000 / divisor, seconds: 2, amplitude: amplitude, phase: degrees * .pi / 180).faded
        let peak = try #require(Self.peaks(tone).trueDecibels)
        #expect(peak > level - 0.4 && peak < level + 0.2)
    }

    @Test("Skipping what cannot raise the maximum changes nothing", arguments: 1...12)
    func skipping(seed: Int) {
        let noise = Signal.noise(seconds: 0.7, amplitude: Float(seed) / 12, seed: UInt64(seed))
        let swelling = Signal(
            rate: 44_100,
            channels: [
                noise.channels[0].enumerated().map { $1 * Float($0 % 9000) / 9000 }, noise.channels[0].reversed(),
            ])
        let music = Signal.chords([[60, 64, 67, 71]], rounds: 1).scaled(Float(seed))
        for (signal, blocks) in [(noise, 1152), (swelling, 77), (music, 5), (noise, 1), (swelling, 4096)] {
            let exact = Self.peaks(signal, .all, blocks: blocks).trueMagnitude
            #expect(Self.peaks(signal, blocks: blocks).trueMagnitude == exact)
            #expect(exact > 0)
        }
    }

    @Test("Four-fold oversampling equals the filter written out")
    func equalsDefinition() {
        let signal = Signal.noise(seconds: 0.02, seed: 3)
        let table: [Double] = [
            0.001708984375, -0.0291748046875, -0.0189208984375, -0.00830078125, 0.010986328125, 0.029296875,
            0.0330810546875, 0.014892578125, -0.0196533203125, -0.0517578125, -0.058227539062, -0.0266113281250,
            0.033203125, 0.0891113281250, 0.1015625, 0.047607421875, -0.0594482421875, -0.16650390625, -0.2003173828125,
            -0.102294921875, 0.1373291015625, 0.465087890625, 0.77978515625, 0.97216796875, 0.97216796875,
            0.77978515625,
            0.465087890625, 0.1373291015625, -0.102294921875, -0.2003173828125, -0.16650390625, -0.0594482421875,
            0.047607421875, 0.1015625, 0.089111328125, 0.033203125, -0.0266113281250, -0.058227539062, -0.0517578125,
            -0.0196533203125, 0.014892578125, 0.0330810546875, 0.029296875, 0.010986328125, -0.00830078125,
            -0.0189208984375, -0.0291748046875, 0.001708984375,
        ]
        let x = signal.channels[0].map(Double.init)
        var largest = x.map(abs).max() ?? 0
        for n in x.indices {
            for phase in 0..<4 {
                let y = (0..<12).reduce(0.0) { $0 + (n >= $1 ? table[4 * $1 + phase] * x[n - $1] : 0) }
                largest = max(largest, abs(y))
            }
        }
        #expect(abs(Double(Self.peaks(signal, .all).trueMagnitude) - largest) < 1e-5)
    }

    @Test("The sample peak is found wherever it lies")
    func samplePeak() throws {
        for place in [0, 1, 7, 8, 100, 1151, 1152, 2999] {
            var signal = Signal.noise(seconds: 3000.0 / 44_100, amplitude: 0.1)
            signal.channels[0][place] = -0.75
            #expect(Self.peaks(signal).sampleMagnitude == 0.75)
        }
        #expect(PeakMeter().sampleDecibels == nil && PeakMeter().trueDecibels == nil)
    }
}
