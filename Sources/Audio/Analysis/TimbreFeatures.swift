import Foundation

/// Mean colour, its spread and its movement: statistics of MFCC, contrast, flatness and level.
struct TimbreFeatures {
    private static let coefficients = 20
    private static let deltas = 13

    let mfccMean: [Double]
    let mfccDeviation: [Double]
    /// Of the difference over two frames.
    let mfccDeltaDeviation: [Double]
    /// Mean of each band.
    let contrast: [Double]
    /// Mean and deviation.
    let flatness: [Double]
    /// dB relative to the piece's 95th percentile: mean, deviation, 10th percentile.
    let dynamics: [Double]

    init(_ frames: TimbreFrames, _ logMel: LogMel) {
        let transform = CosineTransform(inputs: MelBank.bands, outputs: Self.coefficients)
        var values = RunningMoments(Self.coefficients)
        var changes = RunningMoments(Self.deltas)
        var recent: [[Double]] = []
        for index in 0..<logMel.count {
            let now = transform.apply(logMel.row(index))
            values.add(now)
            if recent.count == 2 { changes.add(zip(now, recent.removeFirst()).prefix(Self.deltas).map { $0 - $1 }) }
            recent.append(now)
        }
        (mfccMean, mfccDeviation, mfccDeltaDeviation) = (values.means, values.deviations, changes.deviations)

        let bands = SpectralContrast.bands
        contrast = (0..<bands).map { band in
            Statistics.mean(logMel.active.map { Double(frames.contrast[$0 * bands + band]) })
        }
        let flat = logMel.active.map { Double(frames.flatness[$0]) }
        flatness = [Statistics.mean(flat), Statistics.deviation(flat)]
        dynamics = Self.dynamics(logMel.active.map { frames.energy[$0] })
    }

    private static func dynamics(_ energy: [Float]) -> [Double] {
        let reference = 20 * log10(Statistics.percentile(energy, 95) + 1e-9)
        let decibels = energy.map { 20 * log10(Double($0) + 1e-9) - reference }
        return [
            Statistics.mean(decibels), Statistics.deviation(decibels),
            Statistics.percentile(decibels.map { Float($0) }, 10),
        ]
    }
}
