/// The mean power spectrum at the file's own rate, from one frame of 4096 samples each second: what tells how far up the
/// recording reaches. Frames that are silent do not count; audio after a change of the rate neither.
final class NativeSpectrum {
    static let size = 4096
    /// Summed power of a frame: −60 dBFS for a sine.
    private static let leastPower: Float = 1e-6

    private let fft = RealFFT(count: NativeSpectrum.size)
    private let window = FloatBuffer.hann(NativeSpectrum.size)
    private let input = FloatBuffer(NativeSpectrum.size)
    private let magnitudes = FloatBuffer(NativeSpectrum.size / 2 + 9)
    private var sums = [Double](repeating: 0, count: NativeSpectrum.size / 2 + 1)
    private(set) var frames = 0
    /// Hz; 0 before the first block.
    private(set) var sampleRate = 0
    private var filled = 0
    /// Samples to pass over before the next frame.
    private var gap = 0

    func add(_ block: AudioBlock) {
        if sampleRate == 0 { sampleRate = block.sampleRate }
        guard block.sampleRate == sampleRate else { return }
        var done = 0
        while done < block.frameCount {
            let left = block.frameCount - done
            if gap > 0 {
                let passed = min(gap, left)
                gap -= passed
                done += passed
                continue
            }
            let count = min(Self.size - filled, left)
            mix(block, from: done, count)
            filled += count
            done += count
            if filled == Self.size { finishFrame() }
        }
    }

    /// Mean power of each bin, a full-scale sine has 1; nil when nothing was loud enough.
    var power: [Double]? { frames > 0 ? sums.map { $0 / Double(frames) } : nil }

    /// The first two channels: in no layout are they low-frequency effects.
    private func mix(_ block: AudioBlock, from start: Int, _ count: Int) {
        let target = input.base + filled
        let first = block.plane(0) + start
        let second = block.plane(min(1, block.channelCount - 1)) + start
        for index in 0..<count { target[index] = 0.5 * (first[index] + second[index]) }
    }

    private func finishFrame() {
        filled = 0
        gap = max(0, sampleRate - Self.size)
        fft.magnitudes(of: input.base, window: window.base, scale: 4 / Float(Self.size), into: magnitudes.base)
        guard VectorMath.dot(magnitudes.base, magnitudes.base, fft.bins) > Self.leastPower else { return }
        frames += 1
        for bin in 0..<fft.bins {
            let magnitude = Double(magnitudes.base[bin])
            sums[bin] += magnitude * magnitude
        }
    }
}
