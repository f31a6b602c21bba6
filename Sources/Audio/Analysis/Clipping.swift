/// Counts runs of at least three equal samples at full scale (from 127/128, the largest that 8 bits hold), the trace that
/// an overdriven converter or editor leaves. Lossy codecs smear it: after them the count is a lower bound.
struct Clipping {
    private static let fullScale: Float = 127.0 / 128
    private static let shortestRun = 3
    /// Samples judged at once.
    private static let window = 64

    private(set) var runs = 0
    /// By channel: what the last samples were, and how many.
    private var current = [(value: Float, length: Int)](repeating: (0, 0), count: AudioBlock.maxChannels)

    mutating func add(_ block: AudioBlock) {
        // What lies between two samples is no end of a run.
        guard block.frameCount > 0 else { return }
        for channel in 0..<block.channelCount {
            let samples = block.plane(channel)
            // Most blocks have no sample up there.
            guard PeakMeter.largest(samples, block.frameCount) >= Self.fullScale else {
                current[channel].length = 0
                continue
            }
            var done = 0
            while done < block.frameCount {
                let count = min(Self.window, block.frameCount - done)
                if PeakMeter.largest(samples + done, count) < Self.fullScale {
                    current[channel].length = 0
                } else {
                    follow(samples + done, count, channel)
                }
                done += count
            }
        }
    }

    private mutating func follow(_ samples: UnsafePointer<Float>, _ count: Int, _ channel: Int) {
        var (value, length) = current[channel]
        for index in 0..<count {
            let sample = samples[index]
            if abs(sample) < Self.fullScale {
                length = 0
            } else if length > 0, sample == value {
                length += 1
                if length == Self.shortestRun { runs += 1 }
            } else {
                (value, length) = (sample, 1)
            }
        }
        current[channel] = (value, length)
    }
}
