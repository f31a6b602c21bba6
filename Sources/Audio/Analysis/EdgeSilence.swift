/// How long nothing is heard at both ends: before the first and behind the last sample whose magnitude reaches −60 dBFS.
struct EdgeSilence {
    /// −60 dBFS.
    private static let threshold: Float = 0.001

    /// Seconds from the start; nil while all is silent.
    private var firstSound: Double?
    private var lastSound = 0.0
    private var end = 0.0

    mutating func add(_ block: AudioBlock) {
        let rate = Double(block.sampleRate)
        if firstSound == nil {
            let quiet = Self.least(block) { Self.leadingQuiet(block.plane($0), $1) }
            if quiet < block.frameCount { firstSound = end + Double(quiet) / rate }
        }
        if firstSound != nil {
            let quiet = Self.least(block) { Self.trailingQuiet(block.plane($0), block.frameCount, atMost: $1) }
            if quiet < block.frameCount { lastSound = end + Double(block.frameCount - quiet) / rate }
        }
        end += Double(block.frameCount) / rate
    }

    /// Milliseconds; nil when nothing sounds at all.
    var milliseconds: (start: Int, end: Int)? {
        firstSound.map { (Int(($0 * 1000).rounded()), Int(((end - lastSound) * 1000).rounded())) }
    }

    /// The smallest count of any channel; `count` is told the smallest so far.
    private static func least(_ block: AudioBlock, _ count: (_ channel: Int, _ atMost: Int) -> Int) -> Int {
        (0..<block.channelCount).reduce(block.frameCount) { least, channel in min(least, count(channel, least)) }
    }

    private static func leadingQuiet(_ samples: UnsafePointer<Float>, _ count: Int) -> Int {
        var quiet = 0
        while quiet < count, abs(samples[quiet]) < threshold { quiet &+= 1 }
        return quiet
    }

    /// In loud music this looks at a handful of samples.
    private static func trailingQuiet(_ samples: UnsafePointer<Float>, _ count: Int, atMost: Int) -> Int {
        var quiet = 0
        while quiet < atMost, abs(samples[count &- 1 &- quiet]) < threshold { quiet &+= 1 }
        return quiet
    }
}
