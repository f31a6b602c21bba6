import Foundation

/// The two best tempi of a piece, in beats per minute.
struct TempoEstimate: Equatable {
    /// 40…240.
    let bpm: Double
    /// The best that is more than a tenth of an octave away.
    let alternativeBpm: Double
    /// 1 − score of the second / score of the first, 0…1.
    let confidence: Double
}

/// Tempo from onset strength: the generalised autocorrelation (Tolonen and Karjalainen 2000; magnitude instead of
/// power) of 12 s windows, summed over multiples of the beat's lag, times a wide log-normal prior round 120 BPM.
struct TempoEstimator {
    private static let rate = OnsetFlux.framesPerSecond
    private static let bandWeights = [13.0 / 40, 14.0 / 40, 13.0 / 40]
    /// Frames of one second, odd.
    static let detrendWidth = 87
    private static let window = Int(12 * rate)
    private static let hop = Int(3 * rate)
    private static let multiples: [(factor: Double, weight: Double)] = [
        (1, 1), (2, 0.7), (3, 0.5), (4, 0.5), (6, 0.3), (8, 0.3),
    ]
    private static let candidates = (0..<600).map { 40 * pow(6, Double($0) / 599) }
    /// Centre in BPM, width in octaves.
    private static let prior = (centre: 120.0, width: 1.1)
    private static let transformSize = 4096
    /// Mean onset strength below which nothing begins: a steady full-scale tone stays under it, music at ordinary levels
    /// has ten times as much and more.
    private static let leastOnset: Float = 2e-3

    /// Nil when there is no pulse.
    static func estimate(_ series: [[Float]]) -> TempoEstimate? {
        let mixed = mixed(series)
        guard mixed.reduce(0, +) > leastOnset * Float(mixed.count) else { return nil }
        let correlation = meanCorrelation(Statistics.detrended(mixed, width: detrendWidth).map { max(0, $0) })
        let scores = candidates.map { bpm -> Double in
            let lag = 60 / bpm * rate
            let sum = multiples.reduce(0.0) { $0 + $1.weight * value(of: correlation, at: lag * $1.factor) }
            let octaves = log2(bpm / prior.centre) / prior.width
            return max(0, sum) * exp(-0.5 * octaves * octaves)
        }
        guard let best = firstMaximum(scores, where: { _ in true }), scores[best] > 0 else { return nil }
        let other = firstMaximum(scores) { abs(log2(candidates[$0] / candidates[best])) > 0.1 } ?? best
        return TempoEstimate(
            bpm: candidates[best], alternativeBpm: candidates[other],
            confidence: min(1, max(0, 1 - scores[other] / scores[best])))
    }

    private static func mixed(_ series: [[Float]]) -> [Float] {
        let frames = series.map(\.count).min() ?? 0
        return (0..<frames).map { frame in
            var sum = 0.0
            for (band, weight) in zip(series, bandWeights) { sum += Double(band[frame]) * weight }
            return Float(sum)
        }
    }

    private static func meanCorrelation(_ onsets: [Float]) -> [Double] {
        let maxLag = min(Int(60.0 / 40 * rate * 8) + 2, window - 1)
        let fft = RealFFT(count: transformSize)
        let input = FloatBuffer(transformSize)
        let (re, im) = (FloatBuffer(fft.bins), FloatBuffer(fft.bins))
        var sum = [Double](repeating: 0, count: maxLag + 1)
        var windows = 0.0
        var start = 0
        repeat {
            let part = onsets[start..<min(start + window, onsets.count)]
            fill(input, with: part)
            fft.transform(input.base, re: re.base, im: im.base)
            // The inverse transform of a real, even spectrum is its forward transform.
            for k in 0..<fft.bins {
                let magnitude = (re.base[k] * re.base[k] + im.base[k] * im.base[k]).squareRoot()
                input.base[k] = magnitude
                if k > 0 { input.base[transformSize - k] = magnitude }
            }
            fft.transform(input.base, re: re.base, im: im.base)
            let zero = Double(re.base[0])
            if zero > 0 {
                windows += 1
                for lag in 0...maxLag {
                    let unbiased = Double(window) / Double(window - lag)
                    sum[lag] += Double(re.base[lag]) / zero * unbiased
                }
            }
            start += hop
        } while start + window <= onsets.count
        return sum.map { $0 / max(1, windows) }
    }

    /// The part without its mean (over the whole window, zeros behind it included), zeros behind.
    private static func fill(_ input: FloatBuffer, with part: ArraySlice<Float>) {
        let mean = part.reduce(0.0) { $0 + Double($1) } / Double(window)
        input.base.update(repeating: 0, count: transformSize)
        for index in 0..<window {
            let value = index < part.count ? Double(part[part.startIndex + index]) : 0
            input.base[index] = Float(value - mean)
        }
    }

    /// Linear interpolation; 0 beyond the longest lag.
    private static func value(of correlation: [Double], at lag: Double) -> Double {
        guard lag < Double(correlation.count - 1) else { return 0 }
        let index = Int(lag)
        return correlation[index] + (correlation[index + 1] - correlation[index]) * (lag - Double(index))
    }

    private static func firstMaximum(_ scores: [Double], where allowed: (Int) -> Bool) -> Int? {
        var best: Int?
        for index in scores.indices where allowed(index) && scores[index] > scores[best ?? index] || best == nil {
            if allowed(index) { best = index }
        }
        return best
    }
}
