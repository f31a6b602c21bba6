/// The parts of an analysis' raw features, in their order: what the analyser writes and the embedding reads.
package enum FeatureBlock: String, CaseIterable, Sendable {
    case mfccMean = "mfcc_mean"
    case mfccDeviation = "mfcc_std"
    case mfccDeltaDeviation = "dmfcc_std"
    case onset
    case contrast
    case flatness = "flat"
    case dynamics = "dyn"
    case rhythm
    case modulation = "mod"
    case chromaEntropy = "chroma_ent"
    case intervals = "frame_ic"

    package var dimensions: Int {
        switch self {
        case .mfccMean, .mfccDeviation: 20
        case .mfccDeltaDeviation: 13
        case .onset, .contrast, .intervals: 6
        case .flatness, .chromaEntropy: 2
        case .dynamics: 3
        case .rhythm, .modulation: 24
        }
    }

    /// The block's part of raw features; nil when they are of another length.
    package func values(in features: [Float]) -> ArraySlice<Float>? {
        guard features.count == Self.totalDimensions else { return nil }
        let start = Self.allCases.prefix { $0 != self }.reduce(0) { $0 + $1.dimensions }
        return features[start..<start + dimensions]
    }

    /// Length of all blocks together.
    package static let totalDimensions = allCases.reduce(0) { $0 + $1.dimensions }
}
