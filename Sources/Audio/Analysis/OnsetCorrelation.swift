/// How onsets repeat: the generalised autocorrelation (Tolonen and Karjalainen 2000; magnitude instead of power), the mean
/// of windows of 12 s that are 3 s apart, for lags up to a window.
struct OnsetCorrelation {
    private static let window = Int(12 * OnsetFlux.framesPerSecond)
    private static let hop = Int(3 * OnsetFlux.framesPerSecond)
    private static let transformSize = 4096

    /// For each lag in frames; 1 at lag 0, corrected for the window's end.
    private let values: [Double]

    /// - Parameter ranges: Frames that follow each other.
    init(_ onsets: [Float], ranges: [Range<Int>]) {
        let fft = RealFFT(count: Self.transformSize)
        let input = FloatBuffer(Self.transformSize)
        let (re, im) = (FloatBuffer(fft.bins), FloatBuffer(fft.bins))
        var sum = [Double](repeating: 0, count: fft.bins)
        var windows = 0.0
        for start in Self.starts(ranges) {
            let end = min(start + Self.window, onsets.count)
            Self.fill(input, with: onsets[start..<end])
            fft.transform(input.base, re: re.base, im: im.base)
            let magnitudes = (0..<fft.bins).map { k in
                Double((re.base[k] * re.base[k] + im.base[k] * im.base[k]).squareRoot())
            }
            // A window's correlation at lag 0: both halves of its spectrum.
            let power = 2 * magnitudes.reduce(0, +) - magnitudes[0] - magnitudes[fft.bins - 1]
            if power > 0 {
                windows += 1
                for k in 0..<fft.bins { sum[k] += magnitudes[k] / power }
            }
        }
        // The inverse transform of a real, even spectrum is its forward transform.
        for k in 0..<fft.bins {
            input.base[k] = Float(sum[k])
            if k > 0 { input.base[Self.transformSize - k] = Float(sum[k]) }
        }
        fft.transform(input.base, re: re.base, im: im.base)
        values = (0..<Self.window - 1).map { lag in
            Double(re.base[lag]) / max(1, windows) * Double(Self.window) / Double(Self.window - lag)
        }
    }

    /// Where windows begin. A stretch that is shorter than a window serves only when there is no other.
    private static func starts(_ ranges: [Range<Int>]) -> [Int] {
        let starts = ranges.flatMap { range in
            Array(stride(from: range.lowerBound, through: range.upperBound - window, by: hop))
        }
        return starts.isEmpty ? [0] : starts
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

    /// Linear interpolation; 0 beyond the longest lag. `lag` in frames, not negative.
    func value(at lag: Double) -> Double {
        guard lag < Double(values.count - 1) else { return 0 }
        let index = Int(lag)
        return values[index] + (values[index + 1] - values[index]) * (lag - Double(index))
    }
}
