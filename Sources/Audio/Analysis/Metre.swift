/// How many beats a bar has: three or four, or nil when it is not clear.
///
/// Two series of one value a beat, the low band's onset strength and the change of harmony, repeat with the bar. Their
/// autocorrelation at three, six and nine beats is weighed against that at two, four and eight.
struct Metre {
    /// Fewer beats do not tell.
    private static let fewestBeats = 24
    /// Difference of the two mean correlations that counts as sure.
    private static let sure = 0.2
    private static let triple = [3, 6, 9]
    private static let duple = [2, 4, 8]

    let beatsInBar: Int?

    /// - Parameter low: Onset strength of the lowest band, frame by frame.
    init(_ grid: BeatGrid, low: [Float], chroma: Chroma) {
        guard grid.frames.count >= Self.fewestBeats, !low.isEmpty else {
            beatsInBar = nil
            return
        }
        let accents = grid.frames.map { Double(low[BeatGrid.window(around: $0, low.count)].max() ?? 0) }
        let series = [accents, Self.changes(grid.seconds, chroma)]
        let margin = series.reduce(0.0) { $0 + Self.margin($1) } / Double(series.count)
        beatsInBar = abs(margin) < Self.sure ? nil : margin > 0 ? 3 : 4
    }

    /// Correlation at three beats less that at two, four and eight.
    private static func margin(_ values: [Double]) -> Double {
        let mean = Statistics.mean(values)
        let centred = values.map { $0 - mean }
        let power = centred.reduce(0) { $0 + $1 * $1 }
        guard power > 1e-9 else { return 0 }
        let correlation = { (lag: Int) in
            zip(centred.dropFirst(lag), centred).reduce(0) { $0 + $1.0 * $1.1 } / power
                * Double(values.count) / Double(values.count - lag)
        }
        return Statistics.mean(triple.map(correlation)) - Statistics.mean(duple.map(correlation))
    }

    /// 1 − the cosine of the chroma between this beat and the next and that between the last beat and this one.
    private static func changes(_ beats: [Double], _ chroma: Chroma) -> [Double] {
        let rate = Double(Resampler.outputRate) / Double(SpectralPeaks.hop)
        let spans = zip(beats, beats.dropFirst()).map { start, end in
            // A frame of 372 ms stands for its middle, one hop behind its start.
            span(chroma, from: Int((start * rate).rounded()) - 1, to: Int((end * rate).rounded()) - 1)
        }
        return zip(spans.dropFirst(), spans).map { now, before in
            let product = zip(now, before).reduce(0) { $0 + $1.0 * $1.1 }
            let lengths = [now, before].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
            return 1 - product / (lengths[0] * lengths[1] + 1e-9)
        }
    }

    /// The sum of the frames first..<end, of one at least.
    private static func span(_ chroma: Chroma, from first: Int, to end: Int) -> [Double] {
        var sum = [Double](repeating: 0, count: Chroma.classes)
        guard chroma.frames > 0 else { return sum }
        let start = min(max(0, first), chroma.frames - 1)
        for frame in start..<min(max(end, start + 1), chroma.frames) {
            for pitchClass in sum.indices {
                sum[pitchClass] += Double(chroma.values[frame * Chroma.classes + pitchClass])
            }
        }
        return sum
    }
}
