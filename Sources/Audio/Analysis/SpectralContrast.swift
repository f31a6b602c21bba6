import Foundation

/// Peaks against valleys in six octave-wide bands up to 8 kHz (after Jiang et al. 2002): ln of the mean of the loudest
/// fifth of the bins minus ln of the mean of the quietest fifth.
struct SpectralContrast {
    static let bands = 6
    private static let edges = [0.0, 200, 400, 800, 1600, 3200, 8000]
    private static let floor: Float = 1e-6

    private let ranges: [Range<Int>]
    private let scratch: FloatBuffer

    init(fftSize: Int) {
        let width = Double(Resampler.outputRate) / Double(fftSize)
        ranges = zip(Self.edges, Self.edges.dropFirst()).map { low, high in
            Int((low / width).rounded(.up))..<Int((high / width).rounded(.up))
        }
        scratch = FloatBuffer(fftSize)
    }

    func apply(_ spectrum: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
        for (band, range) in ranges.enumerated() {
            let count = range.count
            let part = max(1, count / 5)
            scratch.base.update(from: spectrum + range.lowerBound, count: count)
            Self.partition(scratch.base, 0, count - 1, rank: part)
            let low = Self.mean(scratch.base, part)
            Self.partition(scratch.base, part, count - 1, rank: count - part)
            let high = Self.mean(scratch.base + (count - part), part)
            output[band] = Foundation.log(high + Self.floor) - Foundation.log(low + Self.floor)
        }
    }

    private static func mean(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
        var sum: Float = 0
        for index in 0..<count { sum += values[index] }
        return sum / Float(count)
    }

    /// Quickselect: afterwards nothing before `rank` is larger than what stands from there on.
    ///
    /// The inner loops have no branch that depends on the data; values equal to the pivot leave in one pass, so
    /// silence (all equal) costs no more than music.
    private static func partition(_ values: UnsafeMutablePointer<Float>, _ from: Int, _ to: Int, rank: Int) {
        var (low, high) = (from, to)
        while low < high {
            let (a, b, c) = (values[low], values[(low &+ high) / 2], values[high])
            let pivot = max(min(a, b), min(max(a, b), c))
            let smaller = gather(values, low, high) { $0 < pivot }
            if rank < smaller {
                high = smaller &- 1
                continue
            }
            let larger = gather(values, smaller, high) { $0 <= pivot }
            if rank < larger { return }
            low = larger
        }
    }

    /// Moves what `belongs` to the front of low…high; returns the index behind it.
    @inline(__always)
    private static func gather(
        _ values: UnsafeMutablePointer<Float>, _ low: Int, _ high: Int, _ belongs: (Float) -> Bool
    ) -> Int {
        var end = low
        var i = low
        while i <= high {
            let value = values[i]
            values[i] = values[end]
            values[end] = value
            end &+= belongs(value) ? 1 : 0
            i &+= 1
        }
        return end
    }
}
