/// The beats of a piece as numbers: how many, how regular, and how much they stand out.
struct BeatGrid {
    /// Fewer beats are no grid.
    private static let fewest = 4

    /// Frames of the onset curve.
    let frames: [Double]
    /// Seconds from the start of the stream.
    var seconds: [Double] { frames.map(OnsetCurve.seconds) }
    /// Seconds.
    let interval: Double
    /// Standard deviation of the intervals relative to their mean.
    let deviation: Double
    /// Mean onset strength on the beats relative to the mean of all.
    let strength: Double

    /// Nil when there are too few beats.
    init?(_ frames: [Double], on onsets: OnsetCurve) {
        guard frames.count >= Self.fewest else { return nil }
        self.frames = frames
        let intervals = zip(frames.dropFirst(), frames).map { $0 - $1 }
        let mean = Statistics.mean(intervals)
        interval = mean / OnsetFlux.framesPerSecond
        deviation = Statistics.deviation(intervals) / mean
        let all = Statistics.mean(onsets.values.lazy.map(Double.init))
        let onBeats = frames.map { frame in
            Double(onsets.values[Self.window(around: frame, onsets.values.count)].max() ?? 0)
        }
        strength = Statistics.mean(onBeats) / (all + 1e-9)
    }

    /// The frames that belong to a beat: 23 ms to each side.
    static func window(around frame: Double, _ count: Int) -> Range<Int> {
        let middle = min(count - 1, max(0, Int(frame.rounded())))
        return max(0, middle - 2)..<min(count, middle + 3)
    }
}
