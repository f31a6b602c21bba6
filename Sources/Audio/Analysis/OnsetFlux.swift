/// Onset strength in three bands (low, middle, high), 86.13 values a second: the rectified rise of ln(1 + 1000 × mel)
/// over two frames of 1024 / 256 samples.
final class OnsetFlux {
    static let size = 1024
    static let hop = 256
    static let framesPerSecond = Double(Resampler.outputRate) / Double(hop)
    static let bands = 3
    private static let edges = [0, 13, 27, 40]
    private static let compression: Float = 1000

    /// One series for each band.
    private(set) var series: [[Float]] = Array(repeating: [], count: OnsetFlux.bands)
    private var stretches = Stretches()
    private let bank = MelBank(fftSize: OnsetFlux.size)
    private let mel = FloatBuffer(MelBank.bands)
    /// Log mel of the last three frames, in turn.
    private let recent = (0..<3).map { _ in FloatBuffer(MelBank.bands) }
    private var frames = 0

    func add(_ spectrum: UnsafePointer<Float>) {
        bank.apply(spectrum, into: mel.base)
        let now = recent[frames % 3].base
        VectorMath.log(mel.base, MelBank.bands, scale: Self.compression, offset: 1, into: now)
        frames += 1
        guard frames > 2 else { return }
        let before = recent[frames % 3].base
        for band in 0..<Self.bands {
            var sum: Float = 0
            for k in Self.edges[band]..<Self.edges[band + 1] { sum += max(0, now[k] - before[k]) }
            series[band].append(sum / Float(Self.edges[band + 1] - Self.edges[band]))
        }
    }

    var ranges: [Range<Int>] { stretches.ranges(series[0].count) }

    /// What comes next does not follow what was heard.
    func pause() {
        stretches.close(at: series[0].count)
        frames = 0
    }

    func thin() {
        let kept = stretches.thin(series[0].count, length: ListeningPlan.stretchSamples / Self.hop)
        for band in series.indices { series[band].keep(rows: kept) }
    }
}
