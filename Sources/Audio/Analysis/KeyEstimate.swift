import Foundation

/// The two best keys of a piece.
struct KeyEstimate: Equatable {
    /// `C major`, `F# minor` …
    let name: String
    let alternative: String
    /// Difference of the two best correlations, 0…1.
    let confidence: Double

    private static let tonics = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]

    /// Major and minor profiles: Sha'ath (2011, KeyFinder) and bgate (Faraldo 2016). A pair is steadier than either.
    private static let profiles: [[[Double]]] = [
        [
            [6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4],
            [6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2],
        ],
        [
            [1, 0, 0.42, 0, 0.53, 0.37, 0, 0.77, 0, 0.38, 0.21, 0.30],
            [1, 0, 0.36, 0.39, 0, 0.38, 0, 0.74, 0.27, 0, 0.42, 0.23],
        ],
    ]

    /// - Parameter chroma: Mean of the twelve pitch classes. Nil when it is flat: no tonality at all.
    init?(chroma: [Double]) {
        guard chroma.count == Chroma.classes, Statistics.deviation(chroma) >= 1e-6 else { return nil }
        var choices: [(score: Double, name: String)] = []
        for (mode, modeName) in ["major", "minor"].enumerated() {
            for tonic in 0..<Chroma.classes {
                let scores = Self.profiles.map { profile in
                    Self.correlation(chroma, (0..<12).map { profile[mode][($0 - tonic + 12) % 12] })
                }
                choices.append((Statistics.mean(scores), "\(Self.tonics[tonic]) \(modeName)"))
            }
        }
        choices.sort { ($0.score, $0.name) > ($1.score, $1.name) }
        name = choices[0].name
        alternative = choices[1].name
        confidence = min(1, max(0, choices[0].score - choices[1].score))
    }

    /// Pearson's.
    private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let (meanA, meanB) = (Statistics.mean(a), Statistics.mean(b))
        let covariance = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
        let spread = Statistics.deviation(a) * Statistics.deviation(b) * Double(a.count)
        return spread > 0 ? covariance / spread : 0
    }
}
