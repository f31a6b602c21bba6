import Domain

/// The raw features of a piece: the blocks of `FeatureBlock` in their order.
enum FeatureVector {
    /// Magnitude beyond which a feature is cut off; real ones stay under a hundred.
    private static let limit = 1e4

    static func make(timbre: TimbreFrames, flux: [[Float]], chroma: Chroma) -> [Float] {
        let logMel = LogMel(timbre)
        let colour = TimbreFeatures(timbre, logMel)
        let rhythm = RhythmFeatures(flux)
        let modulation = ModulationFeatures(logMel)
        let tonal = TonalFeatures(chroma)
        return FeatureBlock.allCases.flatMap { block -> [Double] in
            switch block {
            case .mfccMean: colour.mfccMean
            case .mfccDeviation: colour.mfccDeviation
            case .mfccDeltaDeviation: colour.mfccDeltaDeviation
            case .onset: rhythm.onset
            case .contrast: colour.contrast
            case .flatness: colour.flatness
            case .dynamics: colour.dynamics
            case .rhythm: rhythm.rhythm
            case .modulation: modulation.values
            case .chromaEntropy: tonal.entropy
            case .intervals: tonal.intervals
            }
        }.map { $0.isFinite ? Float(min(limit, max(-limit, $0))) : 0 }
    }
}
