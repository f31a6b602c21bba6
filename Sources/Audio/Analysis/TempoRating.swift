import Foundation

/// What speaks for one tempo among those that fit the onsets: an own decision for the octave.
///
/// A conditional logit: the rating is a weighted sum of few measurements, and the probability of a tempo among its rivals
/// is in proportion to the exponential of its rating.
struct TempoRating {
    /// Multiples of the beat at which harmony is compared.
    static let beats = [0.5, 1, 2, 3, 4, 6, 8]
    private static let centre = 120.0
    /// Onsets a second: where tempo weighs neither up nor down, and by how many it weighs one unit.
    private static let usualDensity = (mean: 5.0, width: 3.0)
    /// An onset counts from this part of the 95th percentile.
    private static let leastPeak = 0.3

    private let harmony: HarmonicSimilarity
    private let density: Double

    /// - Parameter onsets: Detrended and rectified, at `OnsetFlux.framesPerSecond`.
    init(onsets: [Float], harmony: HarmonicSimilarity) {
        self.harmony = harmony
        density = (Self.peaksPerSecond(onsets) - Self.usualDensity.mean) / Self.usualDensity.width
    }

    /// - Parameter periodicity: The sum over multiples of the beat's lag, not negative.
    func rating(bpm: Double, periodicity: Double) -> Double {
        let octaves = log2(bpm / Self.centre)
        let weights = TempoWeights.self
        var sum = weights.periodicity * log(periodicity + 0.02)
        sum += weights.octaves * octaves + weights.squaredOctaves * octaves * octaves
        sum += weights.density * octaves * density
        for (beats, weight) in zip(Self.beats, weights.harmony) {
            sum += weight * harmony.value(seconds: beats * 60 / bpm)
        }
        return sum
    }

    private static func peaksPerSecond(_ onsets: [Float]) -> Double {
        guard onsets.count > 2 else { return usualDensity.mean }
        let threshold = Float(leastPeak * Statistics.percentile(onsets, 95))
        var peaks = 0
        for index in 1..<onsets.count - 1 where onsets[index] > threshold {
            let rises = onsets[index] > onsets[index - 1]
            if rises && onsets[index] >= onsets[index + 1] { peaks += 1 }
        }
        return Double(peaks) / Double(onsets.count) * OnsetFlux.framesPerSecond
    }
}
