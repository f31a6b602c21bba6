import Foundation

/// Energy of left − right relative to left + right, over all that has two channels.
struct StereoWidth {
    /// dB: less than this between the channels is no stereo but rounding and dither.
    private static let monoDb = -50.0
    private static let floorDb = -120.0

    private var sums = (mid: 0.0, side: 0.0)

    mutating func add(_ block: AudioBlock) {
        guard block.channelCount == 2 else { return }
        let energies = VectorMath.midSideEnergies(block.plane(0), block.plane(1), block.frameCount)
        sums.mid += Double(energies.mid)
        sums.side += Double(energies.side)
    }

    /// dB from −120, +120 at most; nil without two channels that sound.
    var sideDb: Double? {
        guard sums.mid + sums.side > 0 else { return nil }
        let ratio = sums.side / max(sums.mid, .leastNormalMagnitude)
        return min(-Self.floorDb, max(Self.floorDb, 10 * log10(max(ratio, .leastNormalMagnitude))))
    }

    var isMono: Bool? { sideDb.map { $0 < Self.monoDb } }
}
