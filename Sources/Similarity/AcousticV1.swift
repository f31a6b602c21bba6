import Domain

/// The built-in embedding: raw features of the analyser to a point on the unit sphere; compare by dot product.
///
/// Each feature is standardised with constants frozen in this version (learned by Benchmarks/ear), cut at ±3 and
/// weighted so that the expected squared length of a block is the block's weight.
package enum AcousticV1 {
    package static let modelName = "acoustic-v1"
    package static let dimension = FeatureBlock.totalDimensions
    private static let clip = 3.0
    /// Deviations below this part of the mean's magnitude say that a feature did not vary: it is left out.
    private static let leastDeviation = 1e-6

    /// Nil when the features are not of this version's length, hold a NaN or infinity, or say nothing at all.
    package static func embed(_ features: [Float]) -> Embedding? {
        guard features.count == dimension, features.allSatisfy(\.isFinite) else { return nil }
        let weighted = features.indices.map { index -> Double in
            let deviation = AcousticV1Constants.deviations[index]
            guard deviation > leastDeviation * max(1, abs(AcousticV1Constants.means[index])) else { return 0 }
            let standard = (Double(features[index]) - AcousticV1Constants.means[index]) / deviation
            return min(clip, max(-clip, standard)) * scales[index]
        }
        let length = weighted.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 1e-9 else { return nil }
        return Embedding(model: modelName, vector: weighted.map { Float($0 / length) })
    }

    /// √(weight / dimensions) of the block that each feature belongs to.
    private static let scales: [Double] = FeatureBlock.allCases.flatMap { block in
        Array(repeating: (weight(of: block) / Double(block.dimensions)).squareRoot(), count: block.dimensions)
    }

    private static func weight(of block: FeatureBlock) -> Double {
        switch block {
        case .mfccMean, .mfccDeviation, .onset: 1
        case .mfccDeltaDeviation, .contrast, .flatness, .dynamics, .rhythm, .modulation: 0.5
        case .chromaEntropy, .intervals: 0.3
        }
    }
}
