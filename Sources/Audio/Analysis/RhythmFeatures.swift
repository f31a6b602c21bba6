import Foundation

/// How onsets are spread and how they repeat, in three bands.
struct RhythmFeatures {
    private static let intervals = 12
    private static let coefficients = 8
    /// Seconds.
    private static let range = (shortest: 0.1, longest: 4.0)

    /// Mean of each band's flux, then its deviation relative to the mean.
    let onset: [Double]
    /// For each band: the largest autocorrelation in each of twelve intervals of lag (0.1…4 s, logarithmic), as eight
    /// coefficients of a cosine transform.
    let rhythm: [Double]

    init(_ series: [[Float]]) {
        let means = series.map { Statistics.mean($0.lazy.map(Double.init)) }
        let deviations = series.map { Statistics.deviation($0.lazy.map(Double.init)) }
        onset = means + zip(deviations, means).map { $0 / ($1 + 1e-4) }
        let transform = CosineTransform(inputs: Self.intervals, outputs: Self.coefficients)
        rhythm = series.flatMap { transform.apply(Self.profile($0)) }
    }

    private static func profile(_ series: [Float]) -> [Double] {
        let correlation = autocorrelation(Statistics.detrended(series, width: TempoEstimator.detrendWidth))
        let rate = OnsetFlux.framesPerSecond
        let (low, high) = (log(range.shortest * rate), log(range.longest * rate - 1))
        let edges = (0...intervals).map { Int(exp(low + (high - low) * Double($0) / Double(intervals))) }
        return zip(edges, edges.dropFirst()).map { first, last in
            Double(correlation[first...min(last, correlation.count - 1)].max() ?? 0)
        }
    }

    /// Relative to lag 0; up to the longest lag.
    private static func autocorrelation(_ series: [Float]) -> [Float] {
        series.withUnsafeBufferPointer { values in
            let lags = Int(range.longest * OnsetFlux.framesPerSecond)
            guard let base = values.baseAddress else { return Array(repeating: 0, count: lags) }
            let products = (0..<lags).map { lag in
                lag < values.count ? VectorMath.dot(base, base + lag, values.count - lag) : 0
            }
            return products.map { $0 / (products[0] + 1e-9) }
        }
    }
}
