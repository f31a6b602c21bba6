import Domain

/// Smallest and largest sample over time in at most 2048 columns, however long the audio is: when the columns are full,
/// each two become one.
struct Waveform {
    private static let columnsMax = AudioSketch.Curve.columnsMax
    /// Samples of a column at first.
    private static let firstWidth = 256

    private var columns: [(low: Float, high: Float)] = []
    private var width = Waveform.firstWidth
    private var filled = 0
    private var open: (low: Float, high: Float) = (0, 0)
    private var seconds = 0.0
    private var samples = 0.0

    mutating func add(_ block: AudioBlock) {
        var done = 0
        while done < block.frameCount {
            let count = min(width - filled, block.frameCount - done)
            for channel in 0..<block.channelCount {
                let plane = block.plane(channel) + done
                // Plain comparisons, which become vector instructions: there is no NaN to care for.
                var (low, high) = open
                for index in 0..<count {
                    low = plane[index] < low ? plane[index] : low
                    high = plane[index] > high ? plane[index] : high
                }
                open = (low, high)
            }
            filled += count
            done += count
            if filled == width { finishColumn() }
        }
        samples += Double(block.frameCount)
        seconds += Double(block.frameCount) / Double(block.sampleRate)
    }

    private mutating func finishColumn() {
        columns.append(open)
        (open, filled) = ((0, 0), 0)
        guard columns.count == Self.columnsMax else { return }
        columns = stride(from: 0, to: columns.count, by: 2).map { index in
            (min(columns[index].low, columns[index + 1].low), max(columns[index].high, columns[index + 1].high))
        }
        width *= 2
    }

    var curves: (lowest: AudioSketch.Curve, highest: AudioSketch.Curve) {
        let columnSeconds = samples > 0 ? Double(width) * seconds / samples : 1
        let all = filled > 0 ? columns + [open] : columns
        return (
            AudioSketch.Curve(columnSeconds: columnSeconds, values: all.map(\.low)),
            AudioSketch.Curve(columnSeconds: columnSeconds, values: all.map(\.high))
        )
    }
}
