import Foundation

/// The two best keys of a piece.
///
/// A conditional logit over the 24 keys: each is rated by how its profile fits the piece's mean chroma, turned to the
/// tonic, and how another fits the bass, which tells a key from its relative and its dominant.
struct KeyEstimate: Equatable {
    /// `C major`, `F# minor` …
    let name: String
    let alternative: String
    /// 1 − probability of the second / probability of the first, 0…1.
    let confidence: Double

    private static let tonics = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]

    /// - Parameter chroma: Mean of the twelve pitch classes. Nil when it is flat: no tonality at all.
    /// - Parameter bass: The same of the bass; flat when nothing is so low.
    init?(chroma: [Double], bass: [Double]) {
        guard chroma.count == Chroma.classes, bass.count == Chroma.classes, Statistics.deviation(chroma) >= 1e-6
        else { return nil }
        let (whole, low) = (Self.standardized(chroma), Self.standardized(bass))
        var choices: [(rating: Double, name: String)] = []
        for (mode, weights) in [("major", KeyWeights.major), ("minor", KeyWeights.minor)] {
            for tonic in 0..<Chroma.classes {
                let rating = Self.fit(whole, weights.chroma, tonic) + Self.fit(low, weights.bass, tonic)
                choices.append((rating, "\(Self.tonics[tonic]) \(mode)"))
            }
        }
        choices.sort { ($0.rating, $0.name) > ($1.rating, $1.name) }
        name = choices[0].name
        alternative = choices[1].name
        confidence = 1 - exp(choices[1].rating - choices[0].rating)
    }

    /// Mean 0, deviation 1.
    private static func standardized(_ values: [Double]) -> [Double] {
        let (mean, deviation) = (Statistics.mean(values), Statistics.deviation(values) + 1e-9)
        return values.map { ($0 - mean) / deviation }
    }

    private static func fit(_ values: [Double], _ profile: [Double], _ tonic: Int) -> Double {
        (0..<Chroma.classes).reduce(0) { $0 + values[($1 + tonic) % Chroma.classes] * profile[$1] }
    }
}
