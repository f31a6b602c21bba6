import Domain
import Foundation

/// Integrated loudness (ITU-R BS.1770-4, gated) and loudness range (EBU Tech 3342) from energies of 100 ms.
///
/// Memory: 8 bytes for each 100 ms. A change of rate or layout starts new filters and drops a started 100 ms.
struct LoudnessMeter {
    private enum Gate {
        /// LUFS.
        static let absolute = -70.0
        /// LU under the mean of what passes the absolute gate.
        static let integrated = -10.0
        static let range = -20.0
    }

    /// In steps of 100 ms.
    private enum Window {
        static let momentary = 4
        static let shortTerm = 30
        static let shortTermHop = 10
    }

    /// More than three days of audio; later steps are not kept.
    private static let maxSteps = 3_000_000

    private var filters: [KWeighting] = []
    private var sampleRate = 0
    private var channels = 0
    private var stepFrames = 0
    private var filled = 0
    private var energy = 0.0
    /// Channel-weighted mean square of each finished step.
    private var steps: [Double] = []

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
        if steps.count < Self.maxSteps { steps.append(energy / Double(stepFrames)) }
        (filled, energy) = (0, 0)
    }

    /// The blocks of 400 ms, from which the loudness of this piece with others follows.
    func histogram() -> LoudnessHistogram {
        var histogram = LoudnessHistogram()
        for energy in windows(of: Window.momentary, hop: 1) { histogram.add(Self.loudness(energy)) }
        return histogram
    }

    /// LUFS; nil when no 400 ms lie above −70 LUFS.
    func integrated() -> Double? {
        let blocks = windows(of: Window.momentary, hop: 1).filter { $0 > Self.energy(Gate.absolute) }
        guard let mean = Self.mean(blocks) else { return nil }
        let threshold = mean * pow(10, Gate.integrated / 10)
        return Self.mean(blocks.filter { $0 > threshold }).map(Self.loudness)
    }

    /// LU between the 10th and the 95th percentile of short-term loudness; nil when there is none.
    func range() -> Double? {
        let blocks = windows(of: Window.shortTerm, hop: Window.shortTermHop)
            .filter { $0 > Self.energy(Gate.absolute) }
        guard let mean = Self.mean(blocks) else { return nil }
        let threshold = mean * pow(10, Gate.range / 10)
        let sorted = blocks.filter { $0 >= threshold }.sorted()
        guard !sorted.isEmpty else { return nil }
        let last = Double(sorted.count - 1)
        let (low, high) = (sorted[Int(last * 0.1 + 0.5)], sorted[Int(last * 0.95 + 0.5)])
        return Self.loudness(high) - Self.loudness(low)
    }

    /// The loudest of all windows of 400 ms and of 3 s (EBU Tech 3341), in LUFS, one every 100 ms; nil below −70 LUFS.
    func maxima() -> (momentary: Double?, shortTerm: Double?) {
        (largest(Window.momentary), largest(Window.shortTerm))
    }

    /// LUFS of 400 ms and of 3 s, from −70, one value every 100 ms.
    func curves() -> (momentary: [Float], shortTerm: [Float]) {
        let curve = { (size: Int) in
            Array(windows(of: size, hop: 1).map { Float(max(Gate.absolute, Self.loudness($0))) })
        }
        return (curve(Window.momentary), curve(Window.shortTerm))
    }

    private func largest(_ size: Int) -> Double? {
        windows(of: size, hop: 1).max().flatMap { $0 > Self.energy(Gate.absolute) ? Self.loudness($0) : nil }
    }

    /// Mean energies of windows of `size` steps, one every `hop` steps.
    /// Worked out one by one as they are asked for: those of eight hours would be 2 MB.
    private func windows(of size: Int, hop: Int) -> LazyMapSequence<StrideThrough<Int>, Double> {
        stride(from: 0, through: steps.count - size, by: hop).lazy.map { start in
            steps[start..<start + size].reduce(0, +) / Double(size)
        }
    }

    private static func mean(_ values: some Sequence<Double>) -> Double? {
        var (sum, count) = (0.0, 0.0)
        for value in values { (sum, count) = (sum + value, count + 1) }
        return count > 0 ? sum / count : nil
    }

    private static func loudness(_ energy: Double) -> Double { -0.691 + 10 * log10(energy) }
    private static func energy(_ loudness: Double) -> Double { pow(10, (loudness + 0.691) / 10) }
}
