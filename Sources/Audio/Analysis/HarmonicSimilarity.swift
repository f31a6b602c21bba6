/// How alike harmony is at two moments, by the time between them: the mean cosine of their chroma.
///
/// Chords change with bars and half bars, whatever the rhythm inside them, so this says which of several tempi a bar of
/// four beats fits.
struct HarmonicSimilarity {
    private static let framesPerSecond = Double(Resampler.outputRate) / Double(SpectralPeaks.hop)
    /// Lags up to 8 s.
    private static let lags = Int(8 * framesPerSecond)
    /// Keeps the quotient small where harmony never changes.
    private static let softening = 0.05

    /// For each lag in frames: above the mean of the longer lags (0), relative to lag 0 (about 1).
    private let values: [Double]

    init(_ chroma: Chroma) {
        let frames = Self.normalized(chroma)
        let count = min(Self.lags, (chroma.ranges.map(\.count).max() ?? 0) - 1)
        guard count >= 2 else {
            values = [0]
            return
        }
        let raw = (0..<count).map { lag -> Double in
            guard lag > 0 else { return 1 }
            var (sum, pairs) = (0.0, 0)
            for range in chroma.ranges where range.count > lag {
                let first = frames.base + range.lowerBound * Chroma.classes
                sum += Double(
                    VectorMath.dot(first, first + lag * Chroma.classes, (range.count - lag) * Chroma.classes))
                pairs += range.count - lag
            }
            return sum / Double(pairs)
        }
        let floor = Statistics.mean(raw[(count / 2)...])
        values = raw.map { ($0 - floor) / (1 - floor + Self.softening) }
    }

    /// Linear interpolation; the longest lag's value beyond it.
    func value(seconds: Double) -> Double {
        let lag = seconds * Self.framesPerSecond
        guard lag < Double(values.count - 1) else { return values[values.count - 1] }
        let index = Int(lag)
        return values[index] + (values[index + 1] - values[index]) * (lag - Double(index))
    }

    /// Every frame with length 1, silent ones with 0.
    private static func normalized(_ chroma: Chroma) -> FloatBuffer {
        let output = FloatBuffer(chroma.values)
        for frame in 0..<chroma.frames {
            let base = output.base + frame * Chroma.classes
            let length = VectorMath.dot(base, base, Chroma.classes).squareRoot() + 1e-9
            for index in 0..<Chroma.classes { base[index] /= length }
        }
        return output
    }
}
