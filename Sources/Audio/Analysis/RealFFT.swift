import CAudio

/// Discrete Fourier transform of real input: a complex Stockham FFT of half the length (radix 4, a last radix-2 step
/// where needed) in split format, then the usual separation of even and odd parts.
///
/// Length: a power of two from 32. Not for several threads at once: it owns its work space.
final class RealFFT {
    /// Length of the input.
    let count: Int
    /// Number of output bins: count / 2 + 1.
    var bins: Int { half + 1 }

    private let half: Int
    /// Ping-pong work space, real and imaginary parts.
    private let ping: (re: FloatBuffer, im: FloatBuffer)
    private let pong: (re: FloatBuffer, im: FloatBuffer)
    private let spectrum: (re: FloatBuffer, im: FloatBuffer)
    private let stages: [FFTStage]
    /// cos and sin of 2πk / count for the separation.
    private let separation: (cos: FloatBuffer, sin: FloatBuffer)

    init(count: Int) {
        precondition(count >= 32 && count & (count - 1) == 0, "the length of a transform is a power of two from 32")
        self.count = count
        half = count / 2
        ping = (FloatBuffer(half + 8), FloatBuffer(half + 8))
        pong = (FloatBuffer(half + 8), FloatBuffer(half + 8))
        spectrum = (FloatBuffer(half + 8), FloatBuffer(half + 8))
        stages = FFTStage.plan(half)
        let turns = UnitCircle(count)
        let parts = 0...half / 2 + 8
        separation = (
            FloatBuffer(parts.map { Float(turns.cosine($0)) }), FloatBuffer(parts.map { Float(turns.sine($0)) })
        )
    }

    /// Magnitudes × `scale` of `input` × `window`, `bins` values.
    func magnitudes(
        of input: UnsafePointer<Float>, window: UnsafePointer<Float>, scale: Float,
        into output: UnsafeMutablePointer<Float>
    ) {
        sillon_fft_load(input, window, ping.re.base, ping.im.base, half)
        separate(run(), re: spectrum.re.base, im: spectrum.im.base)
        sillon_magnitudes(spectrum.re.base, spectrum.im.base, bins, scale, output)
    }

    /// Real and imaginary parts of the transform of `input`, `bins` values each.
    func transform(
        _ input: UnsafePointer<Float>, re: UnsafeMutablePointer<Float>, im: UnsafeMutablePointer<Float>
    ) {
        for j in 0..<half {
            ping.re.base[j] = input[2 &* j]
            ping.im.base[j] = input[2 &* j &+ 1]
        }
        separate(run(), re: spectrum.re.base, im: spectrum.im.base)
        re.update(from: spectrum.re.base, count: bins)
        im.update(from: spectrum.im.base, count: bins)
    }

    /// The half-length transform of what lies in `ping`; returns where the result lies.
    private func run() -> (re: UnsafeMutablePointer<Float>, im: UnsafeMutablePointer<Float>) {
        var from = (re: ping.re.base, im: ping.im.base)
        var to = (re: pong.re.base, im: pong.im.base)
        for stage in stages {
            stage.apply(from.re, from.im, to.re, to.im)
            swap(&from, &to)
        }
        return from
    }

    private func separate(
        _ z: (re: UnsafeMutablePointer<Float>, im: UnsafeMutablePointer<Float>),
        re: UnsafeMutablePointer<Float>, im: UnsafeMutablePointer<Float>
    ) {
        sillon_fft_separate(z.re, z.im, separation.cos.base, separation.sin.base, half, re, im)
    }
}
