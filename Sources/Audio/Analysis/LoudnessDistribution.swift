import Foundation

/// How loud the windows of a piece were, in bins of 0.01 LU with the energy of each: gates and percentiles without a list
/// that grows with the piece. 190 kB.
///
/// A gated mean is exact but for windows in the one bin that the gate cuts, which goes by its mean as a whole; a
/// percentile is the mean of the bin in which it lies, so off by less than 0.01 LU.
struct LoudnessDistribution {
    /// LUFS: quieter windows count nowhere (ITU-R BS.1770-4).
    static let absoluteGate = -70.0
    private static let binsPerLu = 100.0
    /// Up to +50 LUFS: eight channels of the largest samples that are let in reach no further.
    private static let maxBins = 12_000

    private var counts = [UInt32](repeating: 0, count: LoudnessDistribution.maxBins)
    /// Sum over the windows of each bin.
    private var energies = [Double](repeating: 0, count: LoudnessDistribution.maxBins)

    /// - Parameter energy: Channel-weighted mean square of a window.
    mutating func add(_ energy: Double) {
        let lufs = Self.lufs(energy)
        guard lufs > Self.absoluteGate else { return }
        let bin = Int(min((lufs - Self.absoluteGate) * Self.binsPerLu, Double(Self.maxBins - 1)))
        counts[bin] &+= 1
        energies[bin] += energy
    }

    /// Mean energy of the windows that lie above this many LU relative to the mean of all; nil when there are none.
    func gatedMean(_ gate: Double) -> Double? {
        firstBin(above: gate).flatMap { mean($0...) }
    }

    /// LU between two percentiles (0…1) of the windows above the gate; nil when there are none.
    func range(from low: Double, to high: Double, gate: Double) -> Double? {
        guard let first = firstBin(above: gate) else { return nil }
        let last = Double(counts[first...].reduce(0) { $0 + Int($1) } - 1)
        let ends = [low, high].map { Self.lufs(energy(ofRank: Int(last * $0 + 0.5), from: first)) }
        return ends[1] - ends[0]
    }

    private func firstBin(above gate: Double) -> Int? {
        guard let mean = mean(0...) else { return nil }
        let threshold = mean * pow(10, gate / 10)
        return counts.indices.first { counts[$0] > 0 && energies[$0] / Double(counts[$0]) >= threshold }
    }

    private func mean(_ bins: PartialRangeFrom<Int>) -> Double? {
        let windows = counts[bins].reduce(0) { $0 + Int($1) }
        return windows > 0 ? energies[bins].reduce(0, +) / Double(windows) : nil
    }

    private func energy(ofRank rank: Int, from first: Int) -> Double {
        var seen = 0
        for bin in first..<Self.maxBins where counts[bin] > 0 {
            seen += Int(counts[bin])
            if seen > rank { return energies[bin] / Double(counts[bin]) }
        }
        return 0
    }

    static func lufs(_ energy: Double) -> Double { -0.691 + 10 * log10(energy) }
}
