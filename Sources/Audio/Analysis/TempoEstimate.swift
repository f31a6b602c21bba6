import Foundation

/// The two best tempi of a piece, in beats per minute.
struct TempoEstimate: Equatable {
    /// 40…240.
    let bpm: Double
    /// The best that is more than a tenth of an octave away.
    let alternativeBpm: Double
    /// 1 − probability of the second / probability of the first, 0…1.
    let confidence: Double
}

/// Tempo from onset strength: its correlation summed over multiples of the beat's lag says which tempi fit, and their
/// rating, which listens to harmony too, which of them is the beat.
struct TempoEstimator {
    private static let rate = OnsetFlux.framesPerSecond
    /// Frames of one second, odd.
    static let detrendWidth = 87
    private static let multiples: [(factor: Double, weight: Double)] = [
        (1, 1), (2, 0.7), (3, 0.5), (4, 0.5), (6, 0.3), (8, 0.3),
    ]
    private static let candidates = (0..<600).map { 40 * pow(6, Double($0) / 599) }
    /// So many maxima are rated, chosen with a log-normal prior: centre in BPM, width in octaves.
    private static let maxRated = 10
    private static let prior = (centre: 120.0, width: 1.1)
    /// Octaves between two tempi that count as different.
    private static let leastDistance = 0.1

    /// Nil when there is no pulse.
    static func estimate(_ onsets: OnsetCurve, chroma: Chroma) -> TempoEstimate? {
        let correlation = OnsetCorrelation(onsets.values, ranges: onsets.ranges)
        let periodicity = candidates.map { bpm in
            max(0, multiples.reduce(0) { $0 + $1.weight * correlation.value(at: 60 / bpm * rate * $1.factor) })
        }
        let rating = TempoRating(onsets: onsets.values, harmony: HarmonicSimilarity(chroma))
        let rated = maxima(of: periodicity).map { index in
            (bpm: candidates[index], rating: rating.rating(bpm: candidates[index], periodicity: periodicity[index]))
        }
        guard let best = rated.max(by: { $0.rating < $1.rating }) else { return nil }
        let others = rated.filter { abs(log2($0.bpm / best.bpm)) > leastDistance }
        guard let second = others.max(by: { $0.rating < $1.rating }) else {
            return TempoEstimate(bpm: best.bpm, alternativeBpm: best.bpm, confidence: 1)
        }
        return TempoEstimate(
            bpm: best.bpm, alternativeBpm: second.bpm, confidence: 1 - exp(second.rating - best.rating))
    }

    /// Indices of the maxima that are largest under the prior; the ends of the range are none.
    private static func maxima(of periodicity: [Double]) -> [Int] {
        let likely = { (index: Int) -> Double in
            let octaves = log2(candidates[index] / prior.centre) / prior.width
            return periodicity[index] * exp(-0.5 * octaves * octaves)
        }
        let all = (1..<periodicity.count - 1).filter { index in
            periodicity[index] > 0 && periodicity[index] >= periodicity[index - 1]
                && periodicity[index] > periodicity[index + 1]
        }
        return Array(all.sorted { likely($0) > likely($1) }.prefix(maxRated))
    }
}
