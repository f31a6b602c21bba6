import Foundation

/// Harmony without its key: how many pitch classes sound and which intervals sound together.
struct TonalFeatures {
    /// Entropy (nats) of the mean chroma, and the mean deviation of the pitch classes.
    let entropy: [Double]
    /// For intervals of 1…6 semitones: the mean cosine of a frame with itself moved by so much.
    let intervals: [Double]

    init(_ chroma: Chroma) {
        let mean = chroma.mean
        let sum = mean.reduce(0, +) + 1e-9
        let shares = mean.map { $0 / sum }
        entropy = [
            -shares.reduce(0) { $0 + $1 * log($1 + 1e-9) },
            Statistics.mean(chroma.columns { Statistics.deviation($0) }),
        ]
        var sums = [Double](repeating: 0, count: 6)
        for frame in 0..<chroma.frames {
            let row = chroma.values[frame * 12..<(frame + 1) * 12].map(Double.init)
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-9
            for interval in 1...6 {
                let product = (0..<12).reduce(0.0) { $0 + row[$1] * row[($1 + 12 - interval) % 12] }
                sums[interval - 1] += product / (length * length)
            }
        }
        intervals = sums.map { $0 / Double(max(1, chroma.frames)) }
    }
}
