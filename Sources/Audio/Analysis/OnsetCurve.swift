/// Onset strength over time as one curve, 86.13 values a second: the three bands' mean, less its moving mean of a second,
/// without what is negative.
struct OnsetCurve {
    private static let bandWeights = [13.0 / 40, 14.0 / 40, 13.0 / 40]
    /// Mean onset strength below which nothing begins: a steady full-scale tone stays under it, music at ordinary levels
    /// has ten times as much and more.
    private static let leastOnset: Float = 2e-3
    /// A peak counts from this part of the 95th percentile.
    private static let leastPeak = 0.3
    /// Frames between two peaks that count, 70 ms.
    private static let leastDistance = 6
    /// The moment that a value stands for, in frames: it compares the frame two on with its own, and a window of four
    /// hops hears an attack before its middle.
    private static let delay = 3.5

    let values: [Float]
    /// Frames that follow each other.
    let ranges: [Range<Int>]

    /// Nil when nothing begins anywhere.
    init?(_ series: [[Float]], ranges: [Range<Int>]? = nil) {
        let frames = series.map(\.count).min() ?? 0
        let mixed = (0..<frames).map { frame in
            var sum = 0.0
            for (band, weight) in zip(series, Self.bandWeights) { sum += Double(band[frame]) * weight }
            return Float(sum)
        }
        guard mixed.reduce(0, +) > Self.leastOnset * Float(mixed.count) else { return nil }
        self.ranges = ranges ?? [0..<mixed.count]
        values = Statistics.detrended(mixed, width: TempoEstimator.detrendWidth).map { max(0, $0) }
    }

    /// Seconds from the start of the stream.
    static func seconds(frame: Double) -> Double { max(0, (frame + delay) / OnsetFlux.framesPerSecond) }

    /// Local maxima that stand out, at least 70 ms apart.
    var onsetsPerSecond: Double {
        guard values.count > 2 else { return 0 }
        let threshold = Float(Self.leastPeak * Statistics.percentile(values, 95))
        var (peaks, last) = (0, -Self.leastDistance)
        for index in 1..<values.count - 1 where values[index] > threshold && index - last >= Self.leastDistance {
            guard values[index] > values[index - 1], values[index] >= values[index + 1] else { continue }
            peaks += 1
            last = index
        }
        return Double(peaks) / Double(values.count) * OnsetFlux.framesPerSecond
    }
}
