import Foundation

/// Log10 mel bands of the frames in which something sounds, relative to the piece's own loudness (its 75th percentile),
/// so that gain cancels out.
struct LogMel {
    /// `count × 40`.
    let values: [Float]
    /// Indices of the frames that were kept.
    let active: [Int]
    var count: Int { active.count }

    /// Levels below this part of the 95th percentile are pauses.
    private static let pause = 0.001
    /// With fewer active frames all frames count.
    private static let minActive = 20
    private static let lowest: Float = -5

    init(_ frames: TimbreFrames) {
        let threshold = Self.pause * Statistics.percentile(frames.levels, 95)
        var active = frames.levels.indices.filter { Double(frames.levels[$0]) > threshold }
        if active.count < Self.minActive { active = Array(frames.levels.indices) }
        let largest = max(frames.mel.max() ?? 0, 1e-9)
        let reference = Float(log10(max(Statistics.percentile(frames.levels, 75), 1e-9)))
        let bands = MelBank.bands
        var values = [Float](repeating: 0, count: active.count * bands)
        let toLog10 = Float(M_LOG10E)
        values.withUnsafeMutableBufferPointer { target in
            frames.mel.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                for (row, frame) in active.enumerated() {
                    for band in 0..<bands { to[row * bands + band] = max(from[frame * bands + band], 1e-6 * largest) }
                }
            }
            guard let base = target.baseAddress else { return }
            VectorMath.log(base, target.count, offset: 0, into: base)
            for index in target.indices { target[index] = max(target[index] * toLog10 - reference, Self.lowest) }
        }
        (self.values, self.active) = (values, active)
    }

    func row(_ index: Int) -> [Double] {
        values[index * MelBank.bands..<(index + 1) * MelBank.bands].map(Double.init)
    }
}
