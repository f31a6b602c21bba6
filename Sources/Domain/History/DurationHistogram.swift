import Foundation

/// How long things took, in few numbers that can be added up: four bins an octave, from a millisecond to four hours.
///
/// A percentile read from it is off by less than a fifth: that is the width of a bin.
package struct DurationHistogram: Hashable, Sendable {
    /// By bin; the bins behind the last are empty.
    package private(set) var counts: [UInt32] = []

    /// The last one holds all that is longer.
    package static let bins = 96
    private static let firstSeconds = 0.001
    private static let binsPerOctave = 4.0

    package init() {}

    /// - Parameter counts: as another histogram had them; those beyond the last bin are left out.
    package init(counts: [UInt32]) {
        self.counts = Array(counts.prefix(Self.bins))
    }

    package var total: Int { counts.reduce(0) { $0 + Int($1) } }

    package mutating func add(seconds: Double) {
        let bin = Self.bin(of: seconds)
        while counts.count <= bin { counts.append(0) }
        counts[bin] = Self.sum(counts[bin], 1)
    }

    package static func += (left: inout DurationHistogram, right: DurationHistogram) {
        while left.counts.count < right.counts.count { left.counts.append(0) }
        for (bin, count) in right.counts.enumerated() { left.counts[bin] = sum(left.counts[bin], count) }
    }

    /// A year of work does not get there; if it did, the count would stand still and not trap.
    private static func sum(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let (sum, isTooLarge) = left.addingReportingOverflow(right)
        return isTooLarge ? .max : sum
    }

    private static func bin(of seconds: Double) -> Int {
        guard seconds > firstSeconds else { return 0 }
        let place = (log2(seconds / firstSeconds) * binsPerOctave).rounded(.up)
        return Int(exactly: min(place, Double(bins - 1))) ?? bins - 1
    }

    /// The upper end of a bin, in seconds.
    private static func end(of bin: Int) -> Double { firstSeconds * exp2(Double(bin) / binsPerOctave) }

    /// Below how many seconds this share of them lies; nil when there is none.
    /// - Parameter share: 0.5 for the median.
    package func seconds(atShare share: Double) -> Double? {
        let total = total
        guard total > 0 else { return nil }
        let rank = min(max(share, 0), 1) * Double(total)
        var below = 0.0
        for (bin, count) in counts.enumerated() where count > 0 {
            if below + Double(count) >= rank {
                let start = bin == 0 ? 0 : Self.end(of: bin - 1)
                return start + (Self.end(of: bin) - start) * max(0, rank - below) / Double(count)
            }
            below += Double(count)
        }
        return Self.end(of: counts.count - 1)
    }
}
