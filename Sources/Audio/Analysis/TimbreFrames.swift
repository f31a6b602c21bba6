import Foundation

/// What is kept of every spectrum of 2048 / 1024 samples (21.5 a second): 40 mel bands, contrast, flatness and level.
/// 196 bytes each.
final class TimbreFrames {
    static let size = 2048
    static let hop = 1024
    static let framesPerSecond = Double(Resampler.outputRate) / Double(hop)

    /// `count × 40` magnitudes.
    private(set) var mel: [Float] = []
    /// Sum of the mel bands of each frame.
    private(set) var levels: [Float] = []
    /// `count × 6`.
    private(set) var contrast: [Float] = []
    /// log10 of geometric over arithmetic mean of the power spectrum.
    private(set) var flatness: [Float] = []
    /// Root of the summed power.
    private(set) var energy: [Float] = []
    var count: Int { levels.count }
    private var stretches = Stretches()

    private let bank = MelBank(fftSize: TimbreFrames.size)
    private let contrastBands = SpectralContrast(fftSize: TimbreFrames.size)
    private let melRow = FloatBuffer(MelBank.bands)
    private let contrastRow = FloatBuffer(SpectralContrast.bands)

    init() {
        // Pages that stay unused cost nothing; to grow step by step would need half as much again for a moment.
        mel.reserveCapacity(
            ListeningPlan.maxStretches * ListeningPlan.stretchSamples / Self.hop * MelBank.bands + MelBank.bands)
    }

    func add(_ spectrum: UnsafePointer<Float>, bins: Int) {
        bank.apply(spectrum, into: melRow.base)
        mel.append(contentsOf: UnsafeBufferPointer(start: melRow.base, count: MelBank.bands))
        var level: Float = 0
        for band in 0..<MelBank.bands { level += melRow.base[band] }
        levels.append(level)
        contrastBands.apply(spectrum, into: contrastRow.base)
        contrast.append(contentsOf: UnsafeBufferPointer(start: contrastRow.base, count: SpectralContrast.bands))
        let sums = VectorMath.powerSums(spectrum, bins, offset: 1e-12)
        let arithmetic = Double(sums.powers) / Double(bins)
        let geometric = exp(Double(sums.logs) / Double(bins))
        flatness.append(Float(log10(geometric / (arithmetic + 1e-12) + 1e-6)))
        energy.append(sums.powers.squareRoot())
    }

    /// What comes next does not follow what was heard.
    func pause() {
        stretches.close(at: count)
    }

    func thin() {
        let kept = stretches.thin(count, length: ListeningPlan.stretchSamples / Self.hop)
        mel.keep(rows: kept, width: MelBank.bands)
        contrast.keep(rows: kept, width: SpectralContrast.bands)
        levels.keep(rows: kept)
        flatness.keep(rows: kept)
        energy.keep(rows: kept)
    }

    /// Hands the mel bands over; none are left here.
    func takeMel() -> [Float] {
        let taken = mel
        mel = []
        return taken
    }
}
