import CAudio
import Foundation

/// Peaks against valleys in six octave-wide bands up to 8 kHz (after Jiang et al. 2002): ln of the mean of the loudest
/// fifth of the bins minus ln of the mean of the quietest fifth.
struct SpectralContrast {
    static let bands = 6
    private static let edges = [0.0, 200, 400, 800, 1600, 3200, 8000]
    private static let floor: Float = 1e-6

    private let ranges: [Range<Int>]

    init(fftSize: Int) {
        let width = Double(Resampler.outputRate) / Double(fftSize)
        ranges = zip(Self.edges, Self.edges.dropFirst()).map { low, high in
            Int((low / width).rounded(.up))..<Int((high / width).rounded(.up))
        }
    }

    func apply(_ spectrum: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
        for (band, range) in ranges.enumerated() {
            let part = max(1, range.count / 5)
            var (low, high): (Float, Float) = (0, 0)
            sillon_extremes(spectrum + range.lowerBound, range.count, part, &low, &high)
            output[band] = log(high / Float(part) + Self.floor) - log(low / Float(part) + Self.floor)
        }
    }
}
