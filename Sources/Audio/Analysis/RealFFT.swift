import Foundation

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
        let angles = (0...half / 2 + 8).map { 2 * Double.pi * Double($0) / Double(count) }
        separation = (FloatBuffer(angles.map { Float(cos($0)) }), FloatBuffer(angles.map { Float(sin($0)) }))
    }

    /// Magnitudes × `scale` of `input` × `window`, `bins` values.
    func magnitudes(
        of input: UnsafePointer<Float>, window: UnsafePointer<Float>, scale: Float,
        into output: UnsafeMutablePointer<Float>
    ) {
        load(input, window: window)
        separate(run(), re: spectrum.re.base, im: spectrum.im.base)
        let (re, im) = (spectrum.re.base, spectrum.im.base)
        for k in 0..<bins { output[k] = (re[k] * re[k] + im[k] * im[k]).squareRoot() * scale }
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

    private func load(_ input: UnsafePointer<Float>, window: UnsafePointer<Float>) {
        let x = UnsafeRawPointer(input)
        let w = UnsafeRawPointer(window)
        let re = UnsafeMutableRawPointer(ping.re.base)
        let im = UnsafeMutableRawPointer(ping.im.base)
        var j = 0
        while j < half {
            let product =
                x.loadUnaligned(fromByteOffset: j &* 8, as: SIMD8<Float>.self)
                * w.loadUnaligned(fromByteOffset: j &* 8, as: SIMD8<Float>.self)
            re.storeBytes(of: product.evenHalf, toByteOffset: j &* 4, as: SIMD4<Float>.self)
            im.storeBytes(of: product.oddHalf, toByteOffset: j &* 4, as: SIMD4<Float>.self)
            j &+= 4
        }
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

    /// X[k] = E − i·W^k·O with E, O the even and odd parts of the half-length result Z at k and half − k.
    ///
    /// Four k at once; the last four may reach past the middle and then write what is already there once more.
    private func separate(
        _ z: (re: UnsafeMutablePointer<Float>, im: UnsafeMutablePointer<Float>),
        re: UnsafeMutablePointer<Float>, im: UnsafeMutablePointer<Float>
    ) {
        re[0] = z.re[0] + z.im[0]
        im[0] = 0
        re[half] = z.re[0] - z.im[0]
        im[half] = 0
        let (zr, zi) = (UnsafeRawPointer(z.re), UnsafeRawPointer(z.im))
        let (cosines, sines) = (UnsafeRawPointer(separation.cos.base), UnsafeRawPointer(separation.sin.base))
        let (outR, outI) = (UnsafeMutableRawPointer(re), UnsafeMutableRawPointer(im))
        var k = 1
        while k &* 2 <= half {
            let forward = k &* 4
            let backward = (half &- k &- 3) &* 4
            let (nearR, nearI) = (Self.load(zr, forward), Self.load(zi, forward))
            let (farR, farI) = (Self.reversed(Self.load(zr, backward)), Self.reversed(Self.load(zi, backward)))
            let (c, s) = (Self.load(cosines, forward), Self.load(sines, forward))
            let (evenR, evenI) = (0.5 * (nearR + farR), 0.5 * (nearI - farI))
            let (oddR, oddI) = (0.5 * (nearI + farI), 0.5 * (farR - nearR))
            let (turnedR, turnedI) = (c * oddR + s * oddI, c * oddI - s * oddR)
            outR.storeBytes(of: evenR + turnedR, toByteOffset: forward, as: Four.self)
            outI.storeBytes(of: evenI + turnedI, toByteOffset: forward, as: Four.self)
            outR.storeBytes(of: Self.reversed(evenR - turnedR), toByteOffset: backward, as: Four.self)
            outI.storeBytes(of: Self.reversed(turnedI - evenI), toByteOffset: backward, as: Four.self)
            k &+= 4
        }
    }

    private typealias Four = SIMD4<Float>

    @inline(__always)
    private static func load(_ base: UnsafeRawPointer, _ offset: Int) -> Four {
        base.loadUnaligned(fromByteOffset: offset, as: Four.self)
    }

    @inline(__always)
    private static func reversed(_ x: Four) -> Four {
        Four(x[3], x[2], x[1], x[0])
    }
}
