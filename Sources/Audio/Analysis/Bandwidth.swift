import Domain
import Foundation

/// How far up a recording reaches, and what that says of its past.
///
/// The rules, both for suspicion only, never for proof:
/// - *transcoded*: a lossless codec at 40 kHz and more, whose spectrum ends between 15 and 20.7 kHz in a wall: over
///   900 Hz the level falls by 15 dB and more. MP3 and AAC encoders cut at 16 kHz (128 kbit/s), 19 and 20 kHz (192 to 320);
///   instruments and tape fade out instead, and converters filter above 20.7 kHz.
/// - *upsampled*: a rate of 88.2 kHz or more and nothing above 24 kHz, all that 48 kHz can hold.
struct Bandwidth {
    /// dBFS of a bin of 4096 samples, smoothed: the noise of 16 bits with dither lies at −127.
    private static let floorDb = -115.0
    /// Hz to each side that a level is the mean of.
    private static let smoothing = 100.0
    private static let wall = (low: 15_000.0, high: 20_700.0, fallDb: 15.0)
    /// Hz from the end of the spectrum: what is compared below and above it.
    private static let flank = (near: 200.0, far: 700.0)
    private static let leastRate = (transcoded: 40_000, upsampled: 88_200)
    /// What 48 kHz can hold, with the width of the smoothing.
    private static let upsampledBelow = 24_200.0
    private static let losslessCodecs: Set = [
        "flac", "alac", "ape", "wavpack", "tta", "tak", "shorten", "wmalossless", "mlp", "truehd",
    ]

    private let levels: [Double]
    private let binWidth: Double
    private let sampleRate: Int
    let hertz: Double

    /// - Parameter power: Of each bin from 0 to half the rate.
    init(power: [Double], sampleRate: Int) {
        binWidth = Double(sampleRate) / 2 / Double(max(1, power.count - 1))
        let levels = Self.smoothed(power, reach: Int((Self.smoothing / binWidth).rounded(.up)))
        (self.levels, self.sampleRate) = (levels, sampleRate)
        hertz = Double(levels.lastIndex { $0 > Self.floorDb } ?? 0) * binWidth
    }

    func suspicions(codec: String) -> [AudioDetails.Suspicion] {
        var found: [AudioDetails.Suspicion] = []
        let isLossless = Self.losslessCodecs.contains(codec) || codec.hasPrefix("pcm_")
        if isLossless, sampleRate >= Self.leastRate.transcoded, endsInWall { found.append(.transcoded) }
        if sampleRate >= Self.leastRate.upsampled, hertz < Self.upsampledBelow { found.append(.upsampled) }
        return found
    }

    private var endsInWall: Bool {
        guard (Self.wall.low...Self.wall.high).contains(hertz) else { return false }
        let below = level(from: hertz - Self.flank.far, to: hertz - Self.flank.near)
        let above = level(from: hertz + Self.flank.near, to: hertz + Self.flank.far)
        return below - above >= Self.wall.fallDb
    }

    private func level(from low: Double, to high: Double) -> Double {
        let first = min(levels.count - 1, max(0, Int(low / binWidth)))
        let last = min(levels.count - 1, max(first, Int(high / binWidth)))
        return Statistics.mean(levels[first...last])
    }

    /// Decibels of the mean power of `reach` bins to each side.
    private static func smoothed(_ power: [Double], reach: Int) -> [Double] {
        var sums = [0.0]
        for value in power { sums.append(sums[sums.count - 1] + value) }
        return power.indices.map { bin in
            let (first, end) = (max(0, bin - reach), min(power.count, bin + reach + 1))
            return 10 * log10(max(0, sums[end] - sums[first]) / Double(end - first) + 1e-20)
        }
    }
}
