/// The parts of a sound that people can tell apart.
package enum SoundAspect: String, CaseIterable, Sendable {
    case timbre, rhythm, tonality, loudness

    fileprivate var place: Int {
        switch self {
        case .timbre: 0
        case .rhythm: 1
        case .tonality: 2
        case .loudness: 3
        }
    }
}

extension FeatureBlock {
    package var aspect: SoundAspect {
        switch self {
        case .mfccMean, .mfccDeviation, .mfccDeltaDeviation, .contrast, .flatness: .timbre
        case .onset, .rhythm, .modulation: .rhythm
        case .chromaEntropy, .intervals: .tonality
        case .dynamics: .loudness
        }
    }
}

/// What the distance between two sounds is made of: parts of the squared distance, which add up to 1.
package struct SoundShares: Hashable, Sendable {
    package let timbre: Double
    package let rhythm: Double
    package let tonality: Double
    package let loudness: Double

    /// Nil when the vectors are no different, or not made of these blocks.
    package init?(between one: [Float], and other: [Float]) {
        guard one.count == FeatureBlock.totalDimensions, other.count == one.count else { return nil }
        var sums = [Double](repeating: 0, count: SoundAspect.allCases.count)
        var start = 0
        for block in FeatureBlock.allCases {
            let range = start..<start + block.dimensions
            start = range.upperBound
            sums[block.aspect.place] += range.reduce(0) { sum, index in
                let difference = Double(one[index]) - Double(other[index])
                return sum + difference * difference
            }
        }
        let whole = sums.reduce(0, +)
        guard whole > 1e-12, whole.isFinite else { return nil }
        timbre = sums[SoundAspect.timbre.place] / whole
        rhythm = sums[SoundAspect.rhythm.place] / whole
        tonality = sums[SoundAspect.tonality.place] / whole
        loudness = sums[SoundAspect.loudness.place] / whole
    }
}
