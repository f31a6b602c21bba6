import CAudio

/// Some milliseconds of decoded audio at its native rate, in the decoder's memory.
///
/// Samples are finite and at most 64 in magnitude; they are valid until the decoder is asked for more.
struct AudioBlock {
    static let maxChannels = Int(SILLON_MAX_CHANNELS)

    /// Samples for each channel.
    let frameCount: Int
    let channelCount: Int
    /// Hz.
    let sampleRate: Int
    private let raw: sillon_block

    init(_ raw: sillon_block) {
        self.raw = raw
        frameCount = max(0, Int(raw.frames))
        channelCount = min(max(1, Int(raw.channels)), Self.maxChannels)
        sampleRate = max(1, Int(raw.sample_rate))
    }

    func plane(_ channel: Int) -> UnsafePointer<Float> {
        precondition(channel < channelCount, "a block has no such channel")
        return withUnsafeBytes(of: raw.planes) { bytes in
            // The decoder fills the first channelCount planes of every block that it delivers.
            bytes.assumingMemoryBound(to: UnsafePointer<Float>?.self)[channel]!
        }
    }

    /// Some of its samples, of each channel.
    func slice(_ range: Range<Int>) -> AudioBlock {
        precondition(0 <= range.lowerBound && range.upperBound <= frameCount, "a block has no such samples")
        var raw = raw
        raw.frames = Int32(range.count)
        withUnsafeMutableBytes(of: &raw.planes) { bytes in
            let planes = bytes.assumingMemoryBound(to: UnsafePointer<Float>?.self)
            for channel in 0..<channelCount { planes[channel] = planes[channel]?.advanced(by: range.lowerBound) }
        }
        return AudioBlock(raw)
    }

    /// Calls `body` with the block as C has it.
    func withRaw<Value>(_ body: (UnsafePointer<sillon_block>) -> Value) -> Value {
        withUnsafePointer(to: raw, body)
    }

    /// Weight of each channel in the mono mix.
    var downmixWeights: [Float] { weights(raw.downmix) }

    /// BS.1770-4 weight of each channel: 0 for LFE, 1.41 beside the listener, otherwise 1.
    var loudnessWeights: [Float] { weights(raw.loudness) }

    private func weights<Tuple>(_ tuple: Tuple) -> [Float] {
        withUnsafeBytes(of: tuple) { Array($0.assumingMemoryBound(to: Float.self).prefix(channelCount)) }
    }
}
