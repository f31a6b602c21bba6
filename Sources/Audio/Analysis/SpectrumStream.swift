/// Short-time magnitude spectra: periodic Hann window, a full-scale sine has magnitude 1.
final class SpectrumStream {
    let size: Int
    let hop: Int
    /// Index in the stream where the next frame begins.
    private(set) var next = 0
    private let fft: RealFFT
    private let window: FloatBuffer
    private let magnitudes: FloatBuffer

    init(size: Int, hop: Int) {
        (self.size, self.hop) = (size, hop)
        fft = RealFFT(count: size)
        window = FloatBuffer.hann(size)
        magnitudes = FloatBuffer(fft.bins + 8)
    }

    var bins: Int { fft.bins }

    /// Begins anew with the sample of this index.
    func restart(at index: Int) {
        next = index
    }

    /// The next frame's `bins` magnitudes, or nil while its samples are not all there; valid until the next call.
    func advance(over history: MonoHistory) -> UnsafePointer<Float>? {
        guard next + size <= history.end else { return nil }
        fft.magnitudes(
            of: history.pointer(at: next), window: window.base, scale: 4 / Float(size), into: magnitudes.base)
        next += hop
        return UnsafePointer(magnitudes.base)
    }
}
