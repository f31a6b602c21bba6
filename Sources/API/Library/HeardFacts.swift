import Domain

/// What the analysis heard in a track, and why it did not hear something.
struct HeardFacts {
    let track: Track

    var html: HTML {
        guard let analysis = track.analysis else {
            return HTML(.p) { "It was not listened to yet." }
        }
        return notice(analysis) + main(analysis)
            + HTML(.details) { HTML(.summary) { "All measurements" } + more(analysis) }
    }

    private func notice(_ analysis: AudioAnalysis) -> HTML {
        switch analysis.status {
        case .complete: HTML()
        case .silent: HTML(.p, .named("notice")) { "The audio is silent." }
        case .tooShort: HTML(.p, .named("notice")) { "The audio is too short for tempo, key and timbre." }
        case .truncated:
            HTML(.p, .named("notice problem")) { "The file ends too early; this is what could be heard of it." }
        }
    }

    /// Why there is no number, unless the audio as a whole says why.
    private func reason(_ analysis: AudioAnalysis, _ own: String) -> String {
        switch analysis.status {
        case .silent: "silent"
        case .tooShort: "too short to tell"
        case .complete, .truncated: own
        }
    }

    private func main(_ analysis: AudioAnalysis) -> HTML {
        var facts = Facts()
        facts.add("Tempo", tempo(analysis), or: reason(analysis, "no pulse was found"))
        facts.add("Key", key(analysis), or: reason(analysis, "no key stands out"))
        facts.add("Loudness", analysis.loudnessLufs.map { "\(Amount.tenths($0)) LUFS" }, or: "too quiet to measure")
        let mood = analysis.details?.mood
        let unmeasured = reason(analysis, "\(analysis.version) does not measure it")
        for (name, share) in [
            ("Danceable", mood?.danceable), ("Energetic", mood?.energetic), ("Calm", mood?.calm),
            ("Bright", mood?.bright), ("Dark", mood?.dark),
        ] {
            facts.add(name, share.map(Amount.percent), or: unmeasured)
        }
        return facts.html
    }

    private func tempo(_ analysis: AudioAnalysis) -> String? {
        guard let tempo = analysis.tempoBpm else { return nil }
        let other = analysis.tempoAlternativeBpm.map { "or \(Amount.tenths($0))" }
        return ["\(Amount.tenths(tempo)) BPM", other, sure(analysis.tempoConfidence)].compactMap { $0 }
            .joined(separator: ", ")
    }

    private func key(_ analysis: AudioAnalysis) -> String? {
        guard let key = analysis.key else { return nil }
        let camelot = CamelotKey(key).map { " (\($0.code))" } ?? ""
        let other = analysis.keyAlternative.map { "or \($0)" }
        return ["\(key)\(camelot)", other, sure(analysis.keyConfidence)].compactMap { $0 }.joined(separator: ", ")
    }

    private func sure(_ confidence: Double?) -> String? { confidence.map { "sure to \(Amount.percent($0))" } }

    private func more(_ analysis: AudioAnalysis) -> HTML {
        let reason = reason(analysis, "not measured")
        var facts = Facts()
        for (name, value, unit) in numbers(analysis) {
            facts.add(name, value.map { "\(Amount.tenths($0)) \(unit)" }, or: reason)
        }
        let signal = analysis.details?.signal
        facts.add("Beats in a bar", analysis.details?.rhythm?.metre.map(String.init), or: "not sure")
        facts.add("Two equal channels", signal?.isMonoAsStereo.map { $0 ? "yes" : "no" }, or: "not stereo")
        facts.add("Looks odd", suspicions(signal), or: reason)
        facts.add("Heard by", analysis.version)
        return facts.html
    }

    private func numbers(_ analysis: AudioAnalysis) -> [(String, Double?, String)] {
        let details = analysis.details
        return [
            ("Loudness range", analysis.loudnessRangeLu, "LU"),
            ("Loudest 3 s", details?.loudness?.maxShortTermLufs, "LUFS"),
            ("True peak", analysis.truePeakDb, "dBTP"), ("Sample peak", analysis.samplePeakDb, "dBFS"),
            ("Gain to −18 LUFS", track.measuredGain?.trackGainDb, "dB"),
            ("Tuning", analysis.tuningCents, "cents from 440 Hz"),
            ("Onsets", details?.rhythm?.onsetsPerSecond, "a second"),
            ("Centre of the spectrum", details?.timbre?.centroidHz, "Hz"),
            ("Sound up to", details?.signal?.bandwidthHz.map(Double.init), "Hz"),
            ("Clipped runs", details?.signal?.clippedRuns.map(Double.init), ""),
            ("Silence before", details?.edges?.silenceStartMs.map { Double($0) / 1000 }, "s"),
            ("Silence behind", details?.edges?.silenceEndMs.map { Double($0) / 1000 }, "s"),
        ]
    }

    private func suspicions(_ signal: AudioDetails.Signal?) -> String? {
        guard let suspicions = signal?.suspicions else { return nil }
        return suspicions.isEmpty ? "no" : suspicions.map(\.rawValue).joined(separator: ", ")
    }
}
