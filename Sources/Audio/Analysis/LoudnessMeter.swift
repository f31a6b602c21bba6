import Domain
import Foundation

/// Loudness (ITU-R BS.1770-4, gated), its range (EBU Tech 3342) and its maxima (Tech 3341) from energies of 100 ms.
///
/// Memory: 0.4 MB, however long a piece is; with curves 8 bytes more for each 100 ms. A change of rate or layout starts
/// new filters and drops a started 100 ms.
struct LoudnessMeter {
    /// LU under the mean of what passes the absolute gate.
    private enum Gate {
        static let integrated = -10.0
        static let range = -20.0
    }

    /// In steps of 100 ms.
    private enum Window {
        static let momentary = 4
        static let shortTerm = 30
        /// Between two windows of which the range is taken.
        static let shortTermHop = 10
    }

    /// LUFS of 400 ms and of 3 s, from −70, one value every 100 ms.
    struct Curves {
        var momentary: [Float] = []
        var shortTerm: [Float] = []
    }

    /// Nil unless somebody wants to see them.
    private(set) var curves: Curves?
    /// The blocks of 400 ms, from which the loudness of this piece with others follows.
    private(set) var histogram = LoudnessHistogram()
    private var momentary = LoudnessDistribution()
    private var shortTerm = LoudnessDistribution()
    private var loudest = (momentary: 0.0, shortTerm: 0.0)

    private var filters: [KWeighting] = []
    private var sampleRate = 0
    private var channels = 0
    private var stepFrames = 0
    private var filled = 0
    private var energy = 0.0
    private var steps = 0
    /// Channel-weighted mean square of the last finished steps, as many as the longest window has.
    private var recent: [Double] = []

    init(curves: Bool = false) {
        self.curves = curves ? Curves() : nil
    }

    mutating func add(_ block: AudioBlock) {
        if block.sampleRate != sampleRate || block.channelCount != channels { restart(block) }
        let weights = block.loudnessWeights.map(Double.init)
        var done = 0
        while done < block.frameCount {
            let count = min(block.frameCount - done, stepFrames - filled)
            for pair in filters.indices {
                let (left, right) = (2 * pair, min(2 * pair + 1, channels - 1))
                let sums = filters[pair].energy(block.plane(left) + done, block.plane(right) + done, count)
                energy += sums.x * weights[left] + (right > left ? sums.y * weights[right] : 0)
            }
            filled += count
            done += count
            if filled == stepFrames { finishStep() }
        }
    }

    private mutating func restart(_ block: AudioBlock) {
        (sampleRate, channels) = (block.sampleRate, block.channelCount)
        stepFrames = max(1, (sampleRate + 5) / 10)
        filters = Array(repeating: KWeighting(sampleRate: sampleRate), count: (channels + 1) / 2)
        (filled, energy) = (0, 0)
    }

    private mutating func finishStep() {
        if recent.count == Window.shortTerm { recent.removeFirst() }
        recent.append(energy / Double(stepFrames))
        (filled, energy) = (0, 0)
        steps += 1
        if let energy = window(Window.momentary) {
            momentary.add(energy)
            histogram.add(LoudnessDistribution.lufs(energy))
            loudest.momentary = max(loudest.momentary, energy)
            curves?.momentary.append(Self.drawn(energy))
        }
        if let energy = window(Window.shortTerm) {
            if (steps - Window.shortTerm) % Window.shortTermHop == 0 { shortTerm.add(energy) }
            loudest.shortTerm = max(loudest.shortTerm, energy)
            curves?.shortTerm.append(Self.drawn(energy))
        }
    }

    /// Mean energy of the last `size` steps; nil before there are so many.
    private func window(_ size: Int) -> Double? {
        recent.count < size ? nil : recent.suffix(size).reduce(0, +) / Double(size)
    }

    private static func drawn(_ energy: Double) -> Float {
        Float(max(LoudnessDistribution.absoluteGate, LoudnessDistribution.lufs(energy)))
    }

    /// LUFS; nil when no 400 ms lie above −70 LUFS.
    func integrated() -> Double? {
        momentary.gatedMean(Gate.integrated).map(LoudnessDistribution.lufs)
    }

    /// LU between the 10th and the 95th percentile of short-term loudness; nil when there is none.
    func range() -> Double? {
        shortTerm.range(from: 0.1, to: 0.95, gate: Gate.range)
    }

    /// The loudest of all windows of 400 ms and of 3 s (EBU Tech 3341), in LUFS, one every 100 ms; nil below −70 LUFS.
    func maxima() -> (momentary: Double?, shortTerm: Double?) {
        let audible = { (energy: Double) -> Double? in
            let lufs = LoudnessDistribution.lufs(energy)
            return lufs > LoudnessDistribution.absoluteGate ? lufs : nil
        }
        return (audible(loudest.momentary), audible(loudest.shortTerm))
    }
}
