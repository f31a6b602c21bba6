import Domain

/// What the mono stream says of a piece as music: tempo and beats, key, colour, mood, and the features of the embedding.
struct MusicReport {
    let chroma: Chroma
    /// Nil when nothing begins anywhere.
    let onsets: OnsetCurve?
    let beats: BeatGrid?
    private let tempo: TempoEstimate?
    private let metre: Int?
    private let tones: ToneMeters

    /// - Parameter isWhole: Nothing was passed over.
    init(_ tones: ToneMeters, isWhole: Bool) {
        let (chroma, onsets) = (Chroma(tones.peaks), OnsetCurve(tones.flux.series, ranges: tones.flux.ranges))
        let tempo = onsets.flatMap { TempoEstimator.estimate($0, chroma: chroma) }
        // Beats are counted from the start: where stretches were passed over, nobody knows how many there were.
        if let onsets, let tempo, isWhole {
            beats = BeatGrid(BeatTracker(onsets, bpm: tempo.bpm).beats(), on: onsets)
        } else {
            beats = nil
        }
        metre = beats.flatMap { Metre($0, low: tones.flux.series[0], chroma: chroma).beatsInBar }
        (self.tones, self.chroma, self.onsets, self.tempo) = (tones, chroma, onsets, tempo)
    }

    func describe(_ analysis: inout AudioAnalysis) {
        if let tempo {
            analysis.tempoBpm = tempo.bpm
            analysis.tempoAlternativeBpm = tempo.alternativeBpm
            analysis.tempoConfidence = tempo.confidence
        }
        if let key = KeyEstimate(chroma: chroma.mean, bass: Chroma.bass(tones.peaks).mean) {
            analysis.key = key.name
            analysis.keyAlternative = key.alternative
            analysis.keyConfidence = key.confidence
            analysis.tuningCents = 100 * tones.peaks.tuning
        }
        let features = FeatureVector.make(timbre: tones.timbre, flux: tones.flux.series, chroma: chroma)
        analysis.features = features
        var details = analysis.details ?? AudioDetails()
        let dynamics = FeatureBlock.dynamics.values(in: features).map { $0.map(Double.init) }
        details.loudness?.levelDeviationDb = dynamics?[1]
        details.loudness?.quietLevelDb = dynamics.map { min(0, $0[2]) }
        (details.rhythm, details.timbre, details.tonality) = (rhythm, timbre(features), tonality)
        details.mood = Mood(analysis, details).words
        analysis.details = details
    }

    private var rhythm: AudioDetails.Rhythm {
        var rhythm = AudioDetails.Rhythm()
        rhythm.onsetsPerSecond = onsets?.onsetsPerSecond ?? 0
        guard let beats else { return rhythm }
        rhythm.beats = beats.frames.count
        rhythm.firstBeatMs = beats.seconds.first.map { Int(($0 * 1000).rounded()) }
        rhythm.beatIntervalMs = beats.interval * 1000
        rhythm.beatDeviation = beats.deviation
        rhythm.beatStrength = beats.strength
        rhythm.metre = metre
        return rhythm
    }

    private func timbre(_ features: [Float]) -> AudioDetails.Timbre {
        var timbre = AudioDetails.Timbre()
        let shape = tones.spectrum.shape()
        (timbre.centroidHz, timbre.rolloffHz) = (shape?.centroid, shape?.rolloff)
        // The feature is a logarithm to the base of ten.
        timbre.flatnessDb = FeatureBlock.flatness.values(in: features)?.first.map { 10 * Double($0) }
        timbre.zeroCrossingsPerSecond = tones.crossings.perSecond
        return timbre
    }

    private var tonality: AudioDetails.Tonality? {
        let mean = chroma.mean
        guard let largest = mean.max(), largest > 0 else { return nil }
        var tonality = AudioDetails.Tonality()
        tonality.chroma = mean.map { $0 / largest }
        tonality.tonnetz = Tonnetz.centroid(of: mean)
        return tonality
    }
}
