import CAudio
import Foundation

/// The largest sample, and the true peak after ITU-R BS.1770-4, annex 2: the largest magnitude of the signal at four
/// times its rate. Results in dBFS and dBTP, over all channels.
///
/// Exact, yet most of the oversampling is left out: no output of a filter exceeds the largest input times the sum of its
/// coefficients' magnitudes, so samples for which that bound is below the maximum so far cannot raise it.
struct PeakMeter {
    /// Rates from here on need no oversampling.
    static let highestOversampledRate = 192_000
    /// Samples judged at once; no fewer than the filter looks back.
    private static let run = 32
    private static let taps = 12
    private static let history = taps - 1
    /// Samples taken at once.
    private static let chunk = 4096
    /// Values behind the last that the kernel may read.
    private static let spare = 8

    /// Annex 2's table of order 48, phases 0 and 1; phases 3 and 2 are the same backwards.
    private static let phases: [[Float]] = [
        [
            0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625,
            0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500,
        ],
        [
            -0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250,
            0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375,
        ],
    ]

    /// For each of the six outer-to-inner pairs of taps: half the sum and half the difference of their coefficients, of
    /// phase 0 and then of phase 1.
    private static let pairs: [Float] = (0..<taps / 2).flatMap { tap in
        phases.flatMap { phase in
            let (older, newer) = (phase[tap], phase[taps - 1 - tap])
            return [0.5 * (older + newer), 0.5 * (older - newer)]
        }
    }

    /// Largest gain of any phase, with room for rounding.
    private static let largestGain = phases.map { $0.reduce(0) { $0 + abs($1) } }.reduce(0, max) * 1.0001

    private(set) var sampleMagnitude: Float = 0
    private(set) var trueMagnitude: Float = 0
    private let oversampling: Oversampling
    private var sampleRate = 0
    private var channels: [Channel] = []
    /// The largest magnitude of each run of a chunk.
    private let largest = FloatBuffer(PeakMeter.chunk / PeakMeter.run)

    /// The last inputs, then a chunk; and the largest magnitude of the run before.
    private struct Channel {
        let line = FloatBuffer(PeakMeter.history + PeakMeter.chunk + PeakMeter.spare)
        var before: Float = 0
    }

    enum Oversampling {
        /// Where the maximum may lie.
        case needed
        /// Everywhere: the proof that nothing changes needs that.
        case all
        case none
    }

    init(_ oversampling: Oversampling = .needed) {
        self.oversampling = oversampling
    }

    /// Nil for digital silence, as is the next.
    var sampleDecibels: Double? { Self.decibels(sampleMagnitude) }
    var trueDecibels: Double? { Self.decibels(trueMagnitude) }

    private static func decibels(_ magnitude: Float) -> Double? {
        magnitude > 0 ? 20 * log10(Double(magnitude)) : nil
    }

    /// The largest magnitude of at least one sample.
    static func largest(_ samples: UnsafePointer<Float>, _ count: Int) -> Float {
        var largest: Float = 0
        sillon_largest(samples, count, count, &largest)
        return largest
    }

    mutating func add(_ block: AudioBlock) {
        if block.sampleRate != sampleRate || block.channelCount != channels.count {
            sampleRate = block.sampleRate
            channels = (0..<block.channelCount).map { _ in Channel() }
        }
        for channel in 0..<block.channelCount {
            for start in stride(from: 0, to: block.frameCount, by: Self.chunk) {
                add(block.plane(channel) + start, min(Self.chunk, block.frameCount - start), channel)
            }
        }
    }

    private mutating func add(_ samples: UnsafePointer<Float>, _ count: Int, _ channel: Int) {
        sillon_largest(samples, count, Self.run, largest.base)
        let runs = (count + Self.run - 1) / Self.run
        let loudest = PeakMeter.largest(largest.base, runs)
        sampleMagnitude = max(sampleMagnitude, loudest)
        trueMagnitude = max(trueMagnitude, sampleMagnitude)
        guard oversampling != .none, sampleRate < Self.highestOversampledRate else { return }
        let line = channels[channel].line.base
        var before = channels[channel].before
        let isNeeded = max(before, loudest) * Self.largestGain > trueMagnitude || oversampling == .all
        // Otherwise only the end of the chunk is: the next one looks back at it.
        let passed = isNeeded ? 0 : max(0, count - Self.history)
        (line + Self.history + passed).update(from: samples + passed, count: count - passed)
        for index in 0..<runs where isNeeded {
            let bound = max(before, largest.base[index]) * Self.largestGain
            if bound > trueMagnitude || oversampling == .all { oversample(line, from: index * Self.run, of: count) }
            before = largest.base[index]
        }
        // A last run that is shorter than the filter leaves the one before it in sight.
        channels[channel].before = max(
            largest.base[runs - 1], runs > 1 ? largest.base[runs - 2] : channels[channel].before)
        for index in 0..<Self.history { line[index] = line[count + index] }
    }

    private mutating func oversample(_ line: UnsafePointer<Float>, from start: Int, of count: Int) {
        trueMagnitude = max(trueMagnitude, sillon_oversampled(line + start, min(Self.run, count - start), Self.pairs))
    }
}
