import Foundation
import Testing

@testable import Audio

/// Against the same gates and percentiles over a list of all windows.
@Suite struct LoudnessDistributionTests {
    /// Loud and soft passages that wander, in LUFS.
    private static func energies(_ count: Int, seed: UInt64, spread: Double) -> [Double] {
        let noise = Signal.noise(seconds: 1, rate: count, amplitude: 1, seed: seed).channels[0]
        return noise.enumerated().map { index, value in
            let lufs = -23 + spread * sin(Double(index) / 700) + 4 * Double(value)
            return pow(10, (lufs + 0.691) / 10)
        }
    }

    private static func mean(_ energies: [Double]) -> Double { energies.reduce(0, +) / Double(energies.count) }

    private static func lufs(_ energy: Double) -> Double { -0.691 + 10 * log10(energy) }

    private static func distribution(_ energies: [Double]) -> LoudnessDistribution {
        var distribution = LoudnessDistribution()
        for energy in energies { distribution.add(energy) }
        return distribution
    }

    @Test("A gated mean is that of the list within 0.002 LU", arguments: [1.0, 6, 12, 20, 30])
    func gatedMean(spread: Double) throws {
        let energies = Self.energies(12_000, seed: UInt64(spread), spread: spread)
        let audible = energies.filter { Self.lufs($0) > -70 }
        let exact = Self.mean(audible.filter { $0 > 0.1 * Self.mean(audible) })
        let ours = try #require(Self.distribution(energies).gatedMean(-10))
        #expect(abs(Self.lufs(ours) - Self.lufs(exact)) < 0.002)
    }

    @Test("A range is that of the list within 0.02 LU", arguments: [1.0, 6, 12, 20, 30])
    func range(spread: Double) throws {
        let energies = Self.energies(3600, seed: UInt64(spread), spread: spread)
        let audible = energies.filter { Self.lufs($0) > -70 }
        let gated = audible.filter { $0 >= 0.01 * Self.mean(audible) }.sorted()
        let rank = { (share: Double) in gated[Int(Double(gated.count - 1) * share + 0.5)] }
        let exact = Self.lufs(rank(0.95)) - Self.lufs(rank(0.1))
        let ours = try #require(Self.distribution(energies).range(from: 0.1, to: 0.95, gate: -20))
        #expect(abs(ours - exact) < 0.02)
    }

    @Test("What no scale holds counts in the last bin, silence and no number nowhere")
    func extremes() throws {
        var distribution = Self.distribution([0, 1e-12, .nan, -1])
        #expect(distribution.gatedMean(-10) == nil && distribution.range(from: 0.1, to: 0.95, gate: -20) == nil)
        distribution.add(1e30)
        #expect(try #require(distribution.gatedMean(-10)) == 1e30)
        #expect(distribution.range(from: 0.1, to: 0.95, gate: -20) == 0)
    }
}
