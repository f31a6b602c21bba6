/// What else was heard in a file's audio. Every member is optional, so that a later analyser can add to it: what an older
/// one did not measure, or what the audio is too short or too quiet for, is nil.
package struct AudioDetails: Hashable, Codable, Sendable {
    package var loudness: Loudness?
    package var edges: Edges?
    package var signal: Signal?
    package var rhythm: Rhythm?
    package var timbre: Timbre?
    package var tonality: Tonality?
    package var mood: Mood?
    /// Chromaprint's fingerprint of the first 120 s, in the compressed text that AcoustID takes; only when asked for.
    package var fingerprint: String?

    package init() {}

    package struct Loudness: Hashable, Codable, Sendable {
        /// Loudest 400 ms, EBU Tech 3341, in LUFS.
        package var maxMomentaryLufs: Double?
        /// Loudest 3 s, EBU Tech 3341, in LUFS.
        package var maxShortTermLufs: Double?
        /// True peak less integrated loudness, in dB: small when the dynamics were squeezed out.
        package var peakToLoudnessDb: Double?
        /// Standard deviation of the level of what sounds, in dB, frames of 93 ms.
        package var levelDeviationDb: Double?
        /// Level that nine tenths of what sounds exceed, in dB relative to that of the loudest twentieth; at most 0.
        package var quietLevelDb: Double?

        package init() {}

        enum CodingKeys: String, CodingKey {
            case maxMomentaryLufs = "max_momentary_lufs"
            case maxShortTermLufs = "max_short_term_lufs"
            case peakToLoudnessDb = "peak_to_loudness_db"
            case levelDeviationDb = "level_deviation_db"
            case quietLevelDb = "quiet_level_db"
        }
    }

    /// Where the sound begins and ends, and what a player must cut for a gapless album.
    package struct Edges: Hashable, Codable, Sendable {
        /// Before the first sample of −60 dBFS.
        package var silenceStartMs: Int?
        /// Behind the last sample of −60 dBFS.
        package var silenceEndMs: Int?
        /// Samples that the encoder put in front, at the file's rate; already cut off. Nil when the file tells nothing.
        package var encoderDelaySamples: Int?
        /// Samples that the encoder put behind, at the file's rate; already cut off.
        package var encoderPaddingSamples: Int?

        package init() {}

        enum CodingKeys: String, CodingKey {
            case silenceStartMs = "silence_start_ms"
            case silenceEndMs = "silence_end_ms"
            case encoderDelaySamples = "encoder_delay_samples"
            case encoderPaddingSamples = "encoder_padding_samples"
        }
    }

    /// What the recording went through.
    package struct Signal: Hashable, Codable, Sendable {
        /// Runs of three and more equal samples at full scale.
        package var clippedRuns: Int?
        /// Energy of left − right relative to left + right in dB, −120…; nil unless there are two channels.
        package var sideDb: Double?
        /// Two channels that say the same.
        package var isMonoAsStereo: Bool?
        /// Hz up to which there is more than noise of a 16-bit recording.
        package var bandwidthHz: Int?
        /// Nil when not measured, empty when nothing looks odd.
        package var suspicions: [Suspicion]?

        package init() {}

        enum CodingKeys: String, CodingKey {
            case suspicions
            case clippedRuns = "clipped_runs"
            case sideDb = "side_db"
            case isMonoAsStereo = "mono_as_stereo"
            case bandwidthHz = "bandwidth_hz"
        }
    }

    package enum Suspicion: String, Codable, CaseIterable, Sendable {
        /// A lossless file whose spectrum ends in a wall where lossy encoders put one.
        case transcoded
        /// A rate of 88.2 kHz and more, and nothing that needs it.
        case upsampled
    }

    /// The grid of beats at the tempo found, and how dense the onsets are.
    package struct Rhythm: Hashable, Codable, Sendable {
        package var beats: Int?
        package var firstBeatMs: Int?
        /// Mean time from beat to beat.
        package var beatIntervalMs: Double?
        /// Standard deviation of the intervals relative to their mean, 0…: under 0.02 is a machine.
        package var beatDeviation: Double?
        /// Mean onset strength on the beats relative to the mean of all, 0…; 1 when the beats mean nothing.
        package var beatStrength: Double?
        /// Beats in a bar, 3 or 4; nil when not sure.
        package var metre: Int?
        package var onsetsPerSecond: Double?

        package init() {}

        enum CodingKeys: String, CodingKey {
            case beats, metre
            case firstBeatMs = "first_beat_ms"
            case beatIntervalMs = "beat_interval_ms"
            case beatDeviation = "beat_deviation"
            case beatStrength = "beat_strength"
            case onsetsPerSecond = "onsets_per_second"
        }
    }

    /// Of mono at 22,050 Hz, so of what lies below 11 kHz.
    package struct Timbre: Hashable, Codable, Sendable {
        /// Centre of gravity of the mean magnitude spectrum.
        package var centroidHz: Double?
        /// Frequency below which 85 % of the mean magnitude spectrum lies.
        package var rolloffHz: Double?
        /// Geometric over arithmetic mean of the power spectrum in dB: 0 for white noise, −100 for a pure tone.
        package var flatnessDb: Double?
        package var zeroCrossingsPerSecond: Double?

        package init() {}

        enum CodingKeys: String, CodingKey {
            case centroidHz = "centroid_hz"
            case rolloffHz = "rolloff_hz"
            case flatnessDb = "flatness_db"
            case zeroCrossingsPerSecond = "zero_crossings_per_second"
        }
    }

    package struct Tonality: Hashable, Codable, Sendable {
        /// Mean strength of C, C# … B; the largest is 1.
        package var chroma: [Double]?
        /// Fifths (x, y), minor thirds (x, y), major thirds (x, y) after Harte 2006, −1…1.
        package var tonnetz: [Double]?

        package init() {}
    }

    /// Words as functions of the numbers above, 0…1; the formulas are in the analyser's `Mood`.
    package struct Mood: Hashable, Codable, Sendable {
        package var calm: Double?
        package var energetic: Double?
        package var dark: Double?
        package var bright: Double?
        package var danceable: Double?

        package init() {}
    }

    enum CodingKeys: String, CodingKey {
        case loudness, edges, signal, rhythm, timbre, tonality, mood, fingerprint
    }
}
