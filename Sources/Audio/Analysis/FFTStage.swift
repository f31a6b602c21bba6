import Foundation

/// One pass of a Stockham FFT: `length` is what is left to transform, `stride` how many transforms lie interleaved.
///
/// Order sorts itself out as the passes swap buffers, so no bit reversal is needed.
struct FFTStage {
    private let length: Int
    private let stride: Int
    private let radix: Int
    /// For radix 4: cos and −sin of 2πpk / length for k = 1, 2, 3, each a run of length / 4 values.
    private let cosines: FloatBuffer
    private let sines: FloatBuffer

    /// Radix-4 passes while four divides the rest, then one of radix 2 where needed.
    static func plan(_ count: Int) -> [FFTStage] {
        var stages: [FFTStage] = []
        var (length, stride) = (count, 1)
        while length >= 4 {
            stages.append(FFTStage(length: length, stride: stride, radix: 4))
            length /= 4
            stride *= 4
        }
        if length == 2 { stages.append(FFTStage(length: 2, stride: stride, radix: 2)) }
        return stages
    }

    private init(length: Int, stride: Int, radix: Int) {
        self.length = length
        self.stride = stride
        self.radix = radix
        let quarter = length / 4
        let angles =
            radix == 2
            ? []
            : (1...3).flatMap { k in (0..<quarter).map { (k, $0) } }
                .map { k, p in 2 * Double.pi * Double(k * p) / Double(length) }
        cosines = FloatBuffer(angles.map { Float(cos($0)) })
        sines = FloatBuffer(angles.map { Float(-sin($0)) })
    }

    func apply(
        _ xr: UnsafeMutablePointer<Float>, _ xi: UnsafeMutablePointer<Float>,
        _ yr: UnsafeMutablePointer<Float>, _ yi: UnsafeMutablePointer<Float>
    ) {
        if radix == 2 {
            butterflies2(UnsafeRawPointer(xr), UnsafeMutableRawPointer(yr))
            butterflies2(UnsafeRawPointer(xi), UnsafeMutableRawPointer(yi))
        } else if stride == 1 {
            firstPass(xr, xi, yr, yi)
        } else {
            laterPass(xr, xi, yr, yi)
        }
    }

    private func butterflies2(_ x: UnsafeRawPointer, _ y: UnsafeMutableRawPointer) {
        let distance = stride &* 4
        var q = 0
        while q < distance {
            let a = x.loadUnaligned(fromByteOffset: q, as: SIMD4<Float>.self)
            let b = x.loadUnaligned(fromByteOffset: q &+ distance, as: SIMD4<Float>.self)
            y.storeBytes(of: a + b, toByteOffset: q, as: SIMD4<Float>.self)
            y.storeBytes(of: a - b, toByteOffset: q &+ distance, as: SIMD4<Float>.self)
            q &+= 16
        }
    }

    private typealias Four = SIMD4<Float>

    /// Stride 1: four neighbouring butterflies at once, their results transposed into place.
    private func firstPass(
        _ xr: UnsafeMutablePointer<Float>, _ xi: UnsafeMutablePointer<Float>,
        _ yr: UnsafeMutablePointer<Float>, _ yi: UnsafeMutablePointer<Float>
    ) {
        let quarter = length / 4
        let (wr, wi) = (UnsafeRawPointer(cosines.base), UnsafeRawPointer(sines.base))
        var p = 0
        while p < quarter {
            let (r, i) = Self.butterfly(UnsafeRawPointer(xr), UnsafeRawPointer(xi), at: p &* 4, apart: quarter &* 4)
            let at = (p &* 4, (quarter &+ p) &* 4, (2 &* quarter &+ p) &* 4)
            let (c1, s1) = (Self.load(wr, at.0), Self.load(wi, at.0))
            let (c2, s2) = (Self.load(wr, at.1), Self.load(wi, at.1))
            let (c3, s3) = (Self.load(wr, at.2), Self.load(wi, at.2))
            Self.storeTransposed(
                r.0, r.1 * c1 - i.1 * s1, r.2 * c2 - i.2 * s2, r.3 * c3 - i.3 * s3,
                UnsafeMutableRawPointer(yr), p &* 16)
            Self.storeTransposed(
                i.0, i.1 * c1 + r.1 * s1, i.2 * c2 + r.2 * s2, i.3 * c3 + r.3 * s3,
                UnsafeMutableRawPointer(yi), p &* 16)
            p &+= 4
        }
    }

    /// Stride 4 and more: one twiddle factor serves a run of `stride` neighbours.
    private func laterPass(
        _ xr: UnsafeMutablePointer<Float>, _ xi: UnsafeMutablePointer<Float>,
        _ yr: UnsafeMutablePointer<Float>, _ yi: UnsafeMutablePointer<Float>
    ) {
        let quarter = length / 4
        let run = stride &* 4
        let (outR, outI) = (UnsafeMutableRawPointer(yr), UnsafeMutableRawPointer(yi))
        for p in 0..<quarter {
            let (c1, s1) = (cosines.base[p], sines.base[p])
            let (c2, s2) = (cosines.base[quarter &+ p], sines.base[quarter &+ p])
            let (c3, s3) = (cosines.base[2 &* quarter &+ p], sines.base[2 &* quarter &+ p])
            var q = 0
            while q < run {
                let (r, i) = Self.butterfly(
                    UnsafeRawPointer(xr), UnsafeRawPointer(xi), at: run &* p &+ q, apart: run &* quarter)
                let to = run &* p &* 4 &+ q
                outR.storeBytes(of: r.0, toByteOffset: to, as: Four.self)
                outI.storeBytes(of: i.0, toByteOffset: to, as: Four.self)
                outR.storeBytes(of: r.1 * c1 - i.1 * s1, toByteOffset: to &+ run, as: Four.self)
                outI.storeBytes(of: i.1 * c1 + r.1 * s1, toByteOffset: to &+ run, as: Four.self)
                outR.storeBytes(of: r.2 * c2 - i.2 * s2, toByteOffset: to &+ 2 &* run, as: Four.self)
                outI.storeBytes(of: i.2 * c2 + r.2 * s2, toByteOffset: to &+ 2 &* run, as: Four.self)
                outR.storeBytes(of: r.3 * c3 - i.3 * s3, toByteOffset: to &+ 3 &* run, as: Four.self)
                outI.storeBytes(of: i.3 * c3 + r.3 * s3, toByteOffset: to &+ 3 &* run, as: Four.self)
                q &+= 16
            }
        }
    }

    private typealias Quad = (Four, Four, Four, Four)

    /// Four-point transforms of the values at `at` and three times `apart` bytes further, before the twiddles.
    @inline(__always)
    private static func butterfly(
        _ xr: UnsafeRawPointer, _ xi: UnsafeRawPointer, at: Int, apart: Int
    ) -> (re: Quad, im: Quad) {
        let (ar, ai) = (load(xr, at), load(xi, at))
        let (br, bi) = (load(xr, at &+ apart), load(xi, at &+ apart))
        let (cr, ci) = (load(xr, at &+ 2 &* apart), load(xi, at &+ 2 &* apart))
        let (dr, di) = (load(xr, at &+ 3 &* apart), load(xi, at &+ 3 &* apart))
        let (sumACr, sumACi, difACr, difACi) = (ar + cr, ai + ci, ar - cr, ai - ci)
        let (sumBDr, sumBDi, difBDr, difBDi) = (br + dr, bi + di, br - dr, bi - di)
        return (
            (sumACr + sumBDr, difACr + difBDi, sumACr - sumBDr, difACr - difBDi),
            (sumACi + sumBDi, difACi - difBDr, sumACi - sumBDi, difACi + difBDr)
        )
    }

    @inline(__always)
    private static func load(_ base: UnsafeRawPointer, _ offset: Int) -> Four {
        base.loadUnaligned(fromByteOffset: offset, as: Four.self)
    }

    @inline(__always)
    private static func storeTransposed(
        _ a: Four, _ b: Four, _ c: Four, _ d: Four, _ to: UnsafeMutableRawPointer, _ offset: Int
    ) {
        to.storeBytes(of: Four(a[0], b[0], c[0], d[0]), toByteOffset: offset, as: Four.self)
        to.storeBytes(of: Four(a[1], b[1], c[1], d[1]), toByteOffset: offset &+ 16, as: Four.self)
        to.storeBytes(of: Four(a[2], b[2], c[2], d[2]), toByteOffset: offset &+ 32, as: Four.self)
        to.storeBytes(of: Four(a[3], b[3], c[3], d[3]), toByteOffset: offset &+ 48, as: Four.self)
    }
}
