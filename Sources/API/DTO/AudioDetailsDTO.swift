import Domain

extension Shape where Value == AudioDetails {
    static let audioDetails = Shape.object("AudioDetails") {
        Field(optional: "loudness", .loudness) { $0.loudness }
        Field(optional: "edges", .edges) { $0.edges }
        Field(optional: "signal", .signal) { $0.signal }
        Field(optional: "rhythm", .rhythm) { $0.rhythm }
        Field(optional: "timbre", .timbre) { $0.timbre }
        Field(optional: "tonality", .tonality) { $0.tonality }
        Field(optional: "mood", .mood) { $0.mood }
    }
}

extension Shape where Value == AudioDetails.Loudness {
    static let loudness = Shape.object("LoudnessDetails") {
        Field(optional: "max_momentary_lufs", .number, "Loudest 400 ms, EBU Tech 3341.") { $0.maxMomentaryLufs }
        Field(optional: "max_short_term_lufs", .number, "Loudest 3 s, EBU Tech 3341.") { $0.maxShortTermLufs }
        Field(optional: "peak_to_loudness_db", .number, "True peak less integrated loudness.") { $0.peakToLoudnessDb }
        Field(optional: "level_deviation_db", .number, "Standard deviation of the level.") { $0.levelDeviationDb }
        Field(optional: "quiet_level_db", .number, "Tenth percentile of the level below the 95th.") { $0.quietLevelDb }
    }
}

extension Shape where Value == AudioDetails.Edges {
    static let edges = Shape.object("AudioEdges") {
        Field(optional: "silence_start_ms", .count, "Before the first sample of -60 dBFS.") { $0.silenceStartMs }
        Field(optional: "silence_end_ms", .count, "Behind the last sample of -60 dBFS.") { $0.silenceEndMs }
        Field(optional: "encoder_delay_samples", .count, "Put in front by the encoder; null when untold.") {
            $0.encoderDelaySamples
        }
        Field(optional: "encoder_padding_samples", .count, "Put behind by the encoder; null when untold.") {
            $0.encoderPaddingSamples
        }
    }
}

extension Shape where Value == AudioDetails.Signal {
    static let signal = Shape.object("SignalDetails") {
        Field(optional: "clipped_runs", .count, "Runs of three and more equal samples at full scale.") {
            $0.clippedRuns
        }
        Field(optional: "side_db", .number, "Left - right relative to left + right; null unless stereo.") { $0.sideDb }
        Field(optional: "mono_as_stereo", .flag) { $0.isMonoAsStereo }
        Field(optional: "bandwidth_hz", .count, "What lies above is no more than noise.") { $0.bandwidthHz }
        Field(optional: "suspicions", Shape<AudioDetails.Suspicion>.suspicion.list, "Empty when nothing looks odd.") {
            $0.suspicions
        }
    }
}

extension Shape where Value == AudioDetails.Suspicion {
    static let suspicion = choice
}

extension Shape where Value == AudioDetails.Rhythm {
    static let rhythm = Shape.object("RhythmDetails") {
        Field(optional: "beats", .count) { $0.beats }
        Field(optional: "first_beat_ms", .count) { $0.firstBeatMs }
        Field(optional: "beat_interval_ms", .number, "Mean time from beat to beat.") { $0.beatIntervalMs }
        Field(optional: "beat_deviation", .number, "Of the intervals, relative to their mean.") { $0.beatDeviation }
        Field(optional: "beat_strength", .number, "Onset strength on the beats relative to the mean.") {
            $0.beatStrength
        }
        Field(optional: "metre", .count, "Beats in a bar, 3 or 4; null when not sure.") { $0.metre }
        Field(optional: "onsets_per_second", .number) { $0.onsetsPerSecond }
    }
}

extension Shape where Value == AudioDetails.Timbre {
    static let timbre = Shape.object("TimbreDetails") {
        Field(optional: "centroid_hz", .number) { $0.centroidHz }
        Field(optional: "rolloff_hz", .number, "85 % of the spectrum lie below.") { $0.rolloffHz }
        Field(optional: "flatness_db", .number, "0 for white noise, far below for tones.") { $0.flatnessDb }
        Field(optional: "zero_crossings_per_second", .number) { $0.zeroCrossingsPerSecond }
    }
}

extension Shape where Value == AudioDetails.Tonality {
    static let tonality = Shape.object("TonalityDetails") {
        Field(optional: "chroma", Shape<Double>.number.list, "C first; the largest is 1.") { $0.chroma }
        Field(optional: "tonnetz", Shape<Double>.number.list, "Fifths, minor and major thirds, x and y each.") {
            $0.tonnetz
        }
    }
}

extension Shape where Value == AudioDetails.Mood {
    static let mood = Shape.object("Mood") {
        Field(optional: "calm", .number, "0 to 1, as all of these.") { $0.calm }
        Field(optional: "energetic", .number) { $0.energetic }
        Field(optional: "dark", .number) { $0.dark }
        Field(optional: "bright", .number) { $0.bright }
        Field(optional: "danceable", .number) { $0.danceable }
    }
}
