import Foundation

/// Forty triangular filters, equally wide on the mel scale (2595 log10(1 + f / 700)) from 30 Hz to 10 kHz, each of
/// weight 1 in sum; a filter too narrow for the resolution takes the nearest bin.
struct MelBank {
    static let bands = 40
    private static let range = (low: 30.0, high: 10_000.0)

    private let starts: [Int]
    private let lengths: [Int]
    private let offsets: [Int]
    private let weights: FloatBuffer

    /// - Parameter fftSize: Of the spectra, at 22,050 Hz.
    init(fftSize: Int) {
        let rate = Double(Resampler.outputRate)
        let mel = { (f: Double) in 2595 * log10(1 + f / 700) }
        let (low, high) = (mel(Self.range.low), mel(Self.range.high))
        let edges = (0..<Self.bands + 2).map { index in
            700 * (pow(10, (low + (high - low) * Double(index) / Double(Self.bands + 1)) / 2595) - 1)
        }
        var all: [Float] = []
        var (starts, lengths, offsets): ([Int], [Int], [Int]) = ([], [], [])
        for band in 0..<Self.bands {
            let (left, centre, right) = (edges[band], edges[band + 1], edges[band + 2])
            let width = rate / Double(fftSize)
            var bins = Int((left / width).rounded(.down)) + 1..<Int((right / width).rounded(.up))
            if bins.isEmpty {
                let nearest = Int((centre / width).rounded())
                bins = nearest..<nearest + 1
            }
            let row = bins.map { bin -> Double in
                let f = Double(bin) * width
                return min((f - left) / (centre - left), (right - f) / (right - centre))
            }
            let sum = row.reduce(0, +)
            starts.append(bins.lowerBound)
            lengths.append(bins.count)
            offsets.append(all.count)
            all += row.map { Float($0 / sum) }
        }
        (self.starts, self.lengths, self.offsets) = (starts, lengths, offsets)
        weights = FloatBuffer(all)
    }

    func apply(_ spectrum: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
        for band in 0..<Self.bands {
            output[band] = VectorMath.dot(spectrum + starts[band], weights.base + offsets[band], lengths[band])
        }
    }
}
