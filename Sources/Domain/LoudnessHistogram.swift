import Foundation

/// How often 400 ms of a piece were how loud: enough to gate several pieces as one programme (ITU-R BS.1770-4).
///
/// Bins are 0.1 LU wide and stand for their middle, from −70 LUFS, the absolute gate, upward. So the integrated loudness
/// is exactly that of blocks of which none was moved by more than 0.05 LU: the result is off by 0.05 LU at most, unless
/// blocks lie within 0.1 LU of the relative gate, which may then fall on its other side.
package struct LoudnessHistogram: Hashable, Sendable {
    /// Blocks in each bin, the quietest first; ends with the loudest bin that has any.
    package private(set) var counts: [UInt32] = []

    /// LUFS. What is not above it belongs to no bin.
    static let absoluteGate = -70.0
    /// LU below the mean of what passes the absolute gate.
    static let relativeGate = -10.0
    static let binsPerLu = 10.0
    /// Up to +50 LUFS: eight channels of the largest samples that are let in reach no further.
    static let maxBins = 1200

    package init() {}

    /// Counts beyond the last bin are left out.
    package init(counts: [UInt32]) {
        let kept = counts.prefix(Self.maxBins)
        self.counts = Array(kept.prefix((kept.lastIndex { $0 > 0 } ?? -1) + 1))
    }

    /// Takes in a block of 400 ms; `lufs` that is no number counts as silence.
    package mutating func add(_ lufs: Double) {
        guard lufs > Self.absoluteGate else { return }
        let bin = min((lufs - Self.absoluteGate) * Self.binsPerLu, Double(Self.maxBins - 1))
        add(1, to: Int(bin))
    }

    /// Takes in the blocks of another piece.
    package mutating func add(_ other: LoudnessHistogram) {
        for (bin, count) in other.counts.enumerated() where count > 0 { add(count, to: bin) }
    }

    private mutating func add(_ count: UInt32, to bin: Int) {
        if bin >= counts.count { counts.append(contentsOf: repeatElement(0, count: bin + 1 - counts.count)) }
        let (sum, isTooLarge) = counts[bin].addingReportingOverflow(count)
        counts[bin] = isTooLarge ? .max : sum
    }

    /// LUFS; nil when no block passed the absolute gate.
    package var integratedLufs: Double? {
        guard let ungated = Self.mean(counts, from: 0) else { return nil }
        let threshold = Self.lufs(ungated) + Self.relativeGate
        let first = counts.indices.first { Self.middle(of: $0) > threshold } ?? counts.count
        return Self.mean(counts, from: first).map(Self.lufs)
    }

    /// Mean energy of the blocks in the bins from `first` on, relative to 0 LUFS.
    private static func mean(_ counts: [UInt32], from first: Int) -> Double? {
        var (sum, blocks) = (0.0, 0.0)
        for bin in first..<max(first, counts.count) where counts[bin] > 0 {
            sum += Double(counts[bin]) * pow(10, middle(of: bin) / 10)
            blocks += Double(counts[bin])
        }
        return blocks > 0 ? sum / blocks : nil
    }

    private static func middle(of bin: Int) -> Double { absoluteGate + (Double(bin) + 0.5) / binsPerLu }
    private static func lufs(_ energy: Double) -> Double { 10 * log10(energy) }
}
