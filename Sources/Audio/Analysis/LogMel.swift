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
    private static let log10OfE: Float = 0.434_294_48

    /// Takes the mel bands out of `frames`: they are changed in place, for an hour of them is 12 MB.
    init(_ frames: TimbreFrames) {
        let threshold = Self.pause * Statistics.percentile(frames.levels, 95)
        var active = frames.levels.indices.filter { Double(frames.levels[$0]) > threshold }
        if active.count < Self.minActive { active = Array(frames.levels.indices) }
        let reference = Float(log10(max(Statistics.percentile(frames.levels, 75), 1e-9)))
        var values = frames.takeMel()
        let floor = 1e-6 * max(values.max() ?? 0, 1e-9)
        let bands = MelBank.bands
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            // A kept frame never moves backwards over one that is still to be read.
            for (row, frame) in active.enumerated() {
                for band in 0..<bands { base[row * bands + band] = max(base[frame * bands + band], floor) }
            }
            let count = active.count * bands
            VectorMath.log(base, count, offset: 0, into: base)
            for index in 0..<count { base[index] = max(base[index] * Self.log10OfE - reference, Self.lowest) }
        }
        values.removeLast(values.count - active.count * bands)
        (self.values, self.active) = (values, active)
    }

    func row(_ index: Int) -> [Double] {
        values[index * MelBank.bands..<(index + 1) * MelBank.bands].map(Double.init)
    }
}
