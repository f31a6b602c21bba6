import CAudio

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
        let turns = UnitCircle(length)
        let steps = radix == 2 ? [] : (1...3).flatMap { k in (0..<quarter).map { k * $0 } }
        cosines = FloatBuffer(steps.map { Float(turns.cosine($0)) })
        sines = FloatBuffer(steps.map { Float(-turns.sine($0)) })
    }

    func apply(
        _ xr: UnsafeMutablePointer<Float>, _ xi: UnsafeMutablePointer<Float>,
        _ yr: UnsafeMutablePointer<Float>, _ yi: UnsafeMutablePointer<Float>
    ) {
        if radix == 2 {
            sillon_fft_last(xr, yr, stride)
            sillon_fft_last(xi, yi, stride)
        } else if stride == 1 {
            sillon_fft_first(xr, xi, yr, yi, cosines.base, sines.base, length / 4)
        } else {
            sillon_fft_later(xr, xi, yr, yi, cosines.base, sines.base, length / 4, stride)
        }
    }
}
