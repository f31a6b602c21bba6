import CAudio
import Foundation

/// The K-weighting filter of ITU-R BS.1770-4 for two channels at once: a high shelf, then a high pass.
///
/// The standard lists coefficients for 48 kHz; the analogue prototype behind them serves every rate.
struct KWeighting {
    private struct Biquad {
        var b0 = 1.0
        var b1 = 0.0
        var b2 = 0.0
        var a1 = 0.0
        var a2 = 0.0
    }

    private var filter = sillon_k_filter()

    init(sampleRate: Int) {
        let (shelf, highPass) = (Self.shelf(Double(sampleRate)), Self.highPass(Double(sampleRate)))
        (filter.b0, filter.b1, filter.b2) = (shelf.b0, shelf.b1, shelf.b2)
        (filter.a1, filter.a2) = (shelf.a1, shelf.a2)
        (filter.c1, filter.c2) = (highPass.a1, highPass.a2)
    }

    /// Filters `count` samples of the two channels and returns the sum of squares of each.
    mutating func energy(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int
    ) -> SIMD2<Double> {
        var sums = SIMD2<Double>.zero
        withUnsafeMutableBytes(of: &sums) { bytes in
            sillon_k_energy(&filter, left, right, count, bytes.assumingMemoryBound(to: Double.self).baseAddress)
        }
        return sums
    }

    private static func shelf(_ rate: Double) -> Biquad {
        let frequency = 1681.974450955533
        guard frequency < 0.45 * rate else { return Biquad() }  // The whole band lies under the shelf.
        let gain = pow(10, 3.999843853973347 / 20)
        let q = 0.7071752369554196
        let k = tan(Double.pi * frequency / rate)
        let middle = pow(gain, 0.4996667741545416)
        let a0 = 1 + k / q + k * k
        return Biquad(
            b0: (gain + middle * k / q + k * k) / a0, b1: 2 * (k * k - gain) / a0,
            b2: (gain - middle * k / q + k * k) / a0,
            a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }

    /// Its numerator is 1, −2, 1 as the standard has it, not scaled; the kernel relies on that.
    private static func highPass(_ rate: Double) -> Biquad {
        let k = tan(Double.pi * 38.13547087602444 / rate)
        let q = 0.5003270373238773
        let a0 = 1 + k / q + k * k
        return Biquad(b0: 1, b1: -2, b2: 1, a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }
}
