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

    /// For each of the six outer-to-inner pairs of taps, in eight lanes: half the sum and half the difference of their
    /// coefficients, of phase 0 and then of phase 1.
    private static let pairs: [Lanes] = (0..<taps / 2).flatMap { tap in
        phases.flatMap { phase in
            let (older, newer) = (phase[tap], phase[taps - 1 - tap])
            return [Lanes(repeating: 0.5 * (older + newer)), Lanes(repeating: 0.5 * (older - newer))]
        }
    }

    /// Largest gain of any phase, with room for rounding.
    private static let largestGain = phases.map { $0.reduce(0) { $0 + abs($1) } }.reduce(0, max) * 1.0001

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
        if lines[channel].count < count + Self.history + 8 {
            let longer = FloatBuffer(count + Self.history + 8)
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

    private typealias Lanes = SIMD8<Float>

    /// The largest magnitude among the four phases of `count` outputs; `line` begins with the history and goes on for
    /// seven values behind the last.
    ///
    /// A phase and its mirror are s + d and s − d, with s from the sums and d from the differences of mirrored inputs;
    /// the larger magnitude of the two is |s| + |d|.
    private static func oversampled(_ line: UnsafePointer<Float>, _ count: Int) -> Float {
        pairs.withUnsafeBufferPointer { pairs in
            let raw = UnsafeRawPointer(line)
            var largest = Magnitudes()
            var i = 0
            while i < count {
                var (s0, d0, s1, d1) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
                for tap in 0..<taps / 2 {
                    let newer = raw.loadUnaligned(fromByteOffset: (i &+ history &- tap) &* 4, as: Lanes.self)
                    let older = raw.loadUnaligned(fromByteOffset: (i &+ tap) &* 4, as: Lanes.self)
                    let (sum, difference) = (newer + older, newer - older)
                    s0 += sum * pairs[4 &* tap]
                    d0 += difference * pairs[4 &* tap &+ 1]
                    s1 += sum * pairs[4 &* tap &+ 2]
                    d1 += difference * pairs[4 &* tap &+ 3]
                }
                let lanes = count &- i
                largest.add(Magnitudes.absolute(s0) + Magnitudes.absolute(d0), first: lanes)
                largest.add(Magnitudes.absolute(s1) + Magnitudes.absolute(d1), first: lanes)
                i &+= 8
            }
            return largest.largest
        }
    }

    /// Running maxima of eight lanes. Bit patterns of non-negative floats sort like the floats, and integer arithmetic
    /// needs no comparison of vectors, which the compiler would take apart.
    private struct Magnitudes {
        private var bits = SIMD8<Int32>.zero

        @inline(__always)
        mutating func add(_ values: Lanes, first lanes: Int) {
            var other = unsafeBitCast(values, to: SIMD8<Int32>.self)
            if lanes < 8 { for lane in lanes..<8 { other[lane] = 0 } }
            let difference = bits &- other
            bits = bits &- (difference & (difference &>> 31))
        }

        @inline(__always)
        static func absolute(_ x: Lanes) -> Lanes {
            unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt32>.self) & 0x7fff_ffff, to: Lanes.self)
        }

        var largest: Float {
            var result: Int32 = 0
            for lane in 0..<8 { result = max(result, bits[lane]) }
            return Float(bitPattern: UInt32(bitPattern: result))
        }
    }
}
