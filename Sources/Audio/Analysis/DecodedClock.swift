/// How much audio was decoded, whatever a header claims; the rate may change on the way.
struct DecodedClock {
    private(set) var blocks = 0
    /// Of the first block, in Hz.
    private(set) var sampleRate: Int?
    private(set) var channels: Int?
    private var seconds = 0.0

    mutating func add(_ block: AudioBlock) {
        blocks += 1
        if sampleRate == nil { (sampleRate, channels) = (block.sampleRate, block.channelCount) }
        seconds += Double(block.frameCount) / Double(block.sampleRate)
    }

    var milliseconds: Int { Int((seconds * 1000).rounded()) }
    var elapsedSeconds: Double { seconds }
}
