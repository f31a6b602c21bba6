/// What was heard in a file's audio by one version of the analyser.
package struct AudioAnalysis: Hashable, Codable, Sendable {
    /// Why some numbers may be missing.
    package enum Status: String, Codable, Sendable {
        case complete
        /// Nothing above the silence threshold.
        case silent
        /// Shorter than the analyser needs for tempo, key and timbre.
        case tooShort = "too_short"
        /// The decoder gave up before the end; the numbers are of what could be heard.
        case truncated
    }

    /// SHA-256 (hexadecimal) of the encoded audio packets: tags, covers and file names do not change it.
    package var contentKey: String
    /// Name of the analyser, `ear-4`; another version means other numbers.
    package var version: String
    package var status: Status
    /// Decoded, not claimed by a header.
    package var durationMs: Int
    package var sampleRate: Int
    package var channels: Int

    /// EBU R128 integrated loudness in LUFS; nil when everything is below the gate.
    package var loudnessLufs: Double?
    /// EBU Tech 3342 loudness range in LU.
    package var loudnessRangeLu: Double?
    /// Largest sample magnitude in dBFS; nil for digital silence.
    package var samplePeakDb: Double?
    /// BS.1770-4 true peak in dBTP.
    package var truePeakDb: Double?

    /// Beats per minute in 40…240; nil when no pulse was found.
    package var tempoBpm: Double?
    package var tempoAlternativeBpm: Double?
    /// 0…1: 1 − probability of the second choice / probability of the first.
    package var tempoConfidence: Double?

    /// `C major`, `F# minor` …
    package var key: String?
    package var keyAlternative: String?
    /// 0…1: 1 − probability of the second choice / probability of the first.
    package var keyConfidence: Double?
    /// Deviation of the tuning from A = 440 Hz in cents, −50…50.
    package var tuningCents: Double?

    /// Raw timbre, rhythm and tonal statistics, the input of `acoustic-v1`; nil when the audio is silent or too short.
    package var features: [Float]?

    package var details: AudioDetails?
    /// How many moments were how loud, from which the loudness of several tracks together follows.
    package var loudnessHistogram: [UInt32]?

    package init(
        contentKey: String, version: String, status: Status, durationMs: Int, sampleRate: Int, channels: Int
    ) {
        self.contentKey = contentKey
        self.version = version
        self.status = status
        self.durationMs = durationMs
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// The analyser of this build. An analysis of another version is stale and is redone only when asked.
    package static let currentVersion = "ear-4"

    enum CodingKeys: String, CodingKey {
        case version, status, channels, key, features, details
        case contentKey = "content_key"
        case durationMs = "duration_ms"
        case sampleRate = "sample_rate"
        case loudnessLufs = "loudness_lufs"
        case loudnessRangeLu = "loudness_range_lu"
        case samplePeakDb = "sample_peak_db"
        case truePeakDb = "true_peak_db"
        case tempoBpm = "tempo_bpm"
        case tempoAlternativeBpm = "tempo_alternative_bpm"
        case tempoConfidence = "tempo_confidence"
        case keyAlternative = "key_alternative"
        case keyConfidence = "key_confidence"
        case tuningCents = "tuning_cents"
        case loudnessHistogram = "loudness_histogram"
    }
}
