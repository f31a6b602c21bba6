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
        var z1 = SIMD2<Double>.zero
        var z2 = SIMD2<Double>.zero
    }

    private var shelf: Biquad
    private var highPass: Biquad

    init(sampleRate: Int) {
        shelf = Self.shelf(Double(sampleRate))
        highPass = Self.highPass(Double(sampleRate))
    }

    /// Filters `count` samples of the two channels and returns the sum of squares of each.
    mutating func energy(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int
    ) -> SIMD2<Double> {
        var (s, h) = (shelf, highPass)
        var sum = SIMD2<Double>.zero
        for i in 0..<count {
            let x = SIMD2(Double(left[i]), Double(right[i]))
            let y = x * s.b0 + s.z1
            s.z1 = x * s.b1 - y * s.a1 + s.z2
            s.z2 = x * s.b2 - y * s.a2
            let z = y + h.z1
            h.z1 = h.z2 - y * 2 - z * h.a1
            h.z2 = y - z * h.a2
            sum += z * z
        }
        (shelf, highPass) = (s, h)
        flushTinyState()
        return sum
    }

    /// A decaying tail would end in subnormal numbers, on which some processors are a hundred times slower.
    private mutating func flushTinyState() {
        let tiny = 1e-30
        for path in [\KWeighting.shelf.z1, \.shelf.z2, \.highPass.z1, \.highPass.z2] {
            let state = self[keyPath: path]
            if abs(state.x) < tiny && abs(state.y) < tiny { self[keyPath: path] = .zero }
        }
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

    /// Its numerator is 1, −2, 1 as the standard has it, not scaled; `energy` relies on that.
    private static func highPass(_ rate: Double) -> Biquad {
        let k = tan(Double.pi * 38.13547087602444 / rate)
        let q = 0.5003270373238773
        let a0 = 1 + k / q + k * k
        return Biquad(b0: 1, b1: -2, b2: 1, a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }
}
