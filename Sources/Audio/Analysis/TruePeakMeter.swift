import Foundation

/// True peak after ITU-R BS.1770-4, annex 2: the largest magnitude of the signal at four times its rate. Result in dBTP.
///
/// Exact, yet most blocks cost only a comparison: no output of a filter exceeds the largest input times the sum of its
/// coefficients' magnitudes, so a block for which that bound is below the maximum so far cannot raise it.
struct TruePeakMeter {
    /// Rates from here on need no oversampling.
    static let highestOversampledRate = 192_000
    /// Samples judged at once.
    private static let window = 32
    private static let taps = 12
    private static let history = taps - 1

    /// One value for each of the four phases, oldest input sample last (annex 2, table of order 48).
    private static let coefficients: [SIMD4<Float>] = [
        SIMD4(0.0017089843750, -0.0291748046875, -0.0189208984375, -0.0083007812500),
        SIMD4(0.0109863281250, 0.0292968750000, 0.0330810546875, 0.0148925781250),
        SIMD4(-0.0196533203125, -0.0517578125000, -0.0582275390625, -0.0266113281250),
        SIMD4(0.0332031250000, 0.0891113281250, 0.1015625000000, 0.0476074218750),
        SIMD4(-0.0594482421875, -0.1665039062500, -0.2003173828125, -0.1022949218750),
        SIMD4(0.1373291015625, 0.4650878906250, 0.7797851562500, 0.9721679687500),
        SIMD4(0.9721679687500, 0.7797851562500, 0.4650878906250, 0.1373291015625),
        SIMD4(-0.1022949218750, -0.2003173828125, -0.1665039062500, -0.0594482421875),
        SIMD4(0.0476074218750, 0.1015625000000, 0.0891113281250, 0.0332031250000),
        SIMD4(-0.0266113281250, -0.0582275390625, -0.0517578125000, -0.0196533203125),
        SIMD4(0.0148925781250, 0.0330810546875, 0.0292968750000, 0.0109863281250),
        SIMD4(-0.0083007812500, -0.0189208984375, -0.0291748046875, 0.0017089843750),
    ]

    /// Largest gain of any phase, with room for rounding.
    private static let largestGain: Float =
        coefficients.reduce(SIMD4<Float>.zero) { sum, row in
            sum + SIMD4(abs(row[0]), abs(row[1]), abs(row[2]), abs(row[3]))
        }.max() * 1.0001

    private(set) var magnitude: Float = 0
    private let skips: Bool
    private var sampleRate = 0
    /// For each channel: the last inputs, then the block.
    private var lines: [FloatBuffer] = []

    /// - Parameter skips: False computes every output; only the proof that nothing changes needs that.
    init(skips: Bool = true) {
        self.skips = skips
    }

    var decibels: Double? { magnitude > 0 ? 20 * log10(Double(magnitude)) : nil }

    mutating func add(_ block: AudioBlock) {
        guard block.frameCount > 0 else { return }
        if block.sampleRate != sampleRate || block.channelCount != lines.count {
            sampleRate = block.sampleRate
            lines = (0..<block.channelCount).map { _ in FloatBuffer(Self.history) }
        }
        for channel in 0..<block.channelCount { add(block.plane(channel), block.frameCount, channel) }
    }

    private mutating func add(_ samples: UnsafePointer<Float>, _ count: Int, _ channel: Int) {
        magnitude = max(magnitude, SamplePeak.largest(samples, count))
        guard sampleRate < Self.highestOversampledRate else { return }
        if lines[channel].count < count + Self.history {
            let longer = FloatBuffer(count + Self.history)
            longer.base.update(from: lines[channel].base, count: Self.history)
            lines[channel] = longer
        }
        let line = lines[channel].base
        (line + Self.history).update(from: samples, count: count)
        var start = 0
        while start < count {
            let length = min(Self.window, count - start)
            let bound = skips ? SamplePeak.largest(line + start, length + Self.history) * Self.largestGain : .infinity
            if bound > magnitude { magnitude = max(magnitude, Self.oversampled(line + start, length)) }
            start += length
        }
        for index in 0..<Self.history { line[index] = line[count + index] }
    }

    /// The largest magnitude among the four phases of `count` outputs; `line` begins with the history.
    private static func oversampled(_ line: UnsafePointer<Float>, _ count: Int) -> Float {
        coefficients.withUnsafeBufferPointer { rows in
            var largest = SIMD4<Float>.zero
            for i in 0..<count {
                var sum = SIMD4<Float>.zero
                for tap in 0..<taps { sum += rows[tap] * line[i &+ history &- tap] }
                let magnitude = unsafeBitCast(
                    unsafeBitCast(sum, to: SIMD4<UInt32>.self) & 0x7fff_ffff, to: SIMD4<Float>.self)
                largest.replace(with: magnitude, where: magnitude .> largest)
            }
            return largest.max()
        }
    }
}
