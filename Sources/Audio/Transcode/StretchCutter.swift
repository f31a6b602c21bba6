import Domain

/// Which samples of the blocks that come lie in a stretch, to the sample.
struct StretchCutter {
    private let fromUs: Int64
    private let upToUs: Int64?
    /// Where the next block begins if it does not say.
    private var nextUs: Int64 = 0
    /// Samples since the stretch began; from there on they are counted, since times are rounded.
    private var taken: Int64?

    init(_ stretch: Stretch) {
        fromUs = stretch.beginUs
        upToUs = stretch.endUs
    }

    /// - Parameter timeUs: Of the block's first sample; nil: right behind the block before.
    mutating func take(frames: Int, rate: Int, atUs timeUs: Int64?) -> (range: Range<Int>, isLast: Bool) {
        let startUs = timeUs ?? nextUs
        nextUs = startUs + Int64(frames) * 1_000_000 / Int64(rate)
        var first = 0
        if taken == nil {
            let missing = Self.samples(fromUs, rate) - Self.samples(startUs, rate)
            guard missing < frames else { return (0..<0, false) }
            first = Int(max(0, missing))
            taken = 0
        }
        guard let upToUs, let before = taken else { return (first..<frames, false) }
        // Each bound is a sample of its own, so that stretches that meet neither share one nor leave one out.
        let room = Self.samples(upToUs, rate) - Self.samples(fromUs, rate) - before
        let last = Int(min(Int64(frames), Int64(first) + max(0, room)))
        taken = before + Int64(last - first)
        return (first..<last, Int64(last - first) >= room)
    }

    /// Of a stretch in a file that is so long; nil when that is not known.
    static func samples(in stretch: Stretch, of durationUs: Int64?, _ rate: Int) -> Int64? {
        let ends = [stretch.endUs, durationUs].compactMap(\.self)
        return ends.min().map { max(0, samples($0, rate) - samples(stretch.beginUs, rate)) }
    }

    /// To the nearest.
    private static func samples(_ us: Int64, _ rate: Int) -> Int64 {
        (us * Int64(rate) + (us < 0 ? -500_000 : 500_000)) / 1_000_000
    }
}
