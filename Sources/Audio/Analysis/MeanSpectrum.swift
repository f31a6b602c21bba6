/// The mean magnitude spectrum of the mono stream, of frames of 2048 samples: its centre of gravity and its roll-off.
///
/// Loud moments weigh more than quiet ones, so that pauses do not matter; gain cancels out.
final class MeanSpectrum {
    private static let bins = TimbreFrames.size / 2 + 1
    private static let binWidth = Double(Resampler.outputRate) / Double(TimbreFrames.size)
    private static let rolloffShare = 0.85
    /// Frames that are added as 32-bit floats before they go into the total.
    private static let framesPerSum = 256

    private let sum = FloatBuffer(MeanSpectrum.bins)
    private var frames = 0
    private var total = [Double](repeating: 0, count: MeanSpectrum.bins)

    func add(_ spectrum: UnsafePointer<Float>) {
        let sum = sum.base
        for bin in 0..<Self.bins { sum[bin] += spectrum[bin] }
        frames += 1
        if frames == Self.framesPerSum { flush() }
    }

    private func flush() {
        for bin in 0..<Self.bins {
            total[bin] += Double(sum.base[bin])
            sum.base[bin] = 0
        }
        frames = 0
    }

    /// Hz, both in 0…11,025; nil when nothing sounds. Roll-off: the frequency below which 85 % lie.
    func shape() -> (centroid: Double, rolloff: Double)? {
        flush()
        let whole = total.reduce(0, +)
        guard whole > 0 else { return nil }
        let moment = total.indices.reduce(0.0) { $0 + Double($1) * total[$1] }
        var below = 0.0
        let edge = total.firstIndex { value in
            below += value
            return below >= Self.rolloffShare * whole
        }
        return (moment / whole * Self.binWidth, Double(edge ?? Self.bins - 1) * Self.binWidth)
    }
}
