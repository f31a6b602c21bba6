import Domain

/// What was heard in one file, for people: groups of lines, with units and confidences. What was not measured is left out.
struct AudioReport {
    private let analysis: AudioAnalysis
    private let details: AudioDetails

    private static let pitches = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
    /// Columns of a name.
    private static let nameWidth = 20

    init(_ analysis: AudioAnalysis) {
        (self.analysis, details) = (analysis, analysis.details ?? AudioDetails())
    }

    var lines: [String] {
        let groups = [
            ("Loudness", loudness), ("Rhythm", rhythm), ("Harmony", harmony), ("Colour", colour), ("Mood", mood),
            ("Signal", signal),
        ]
        return [head]
            + groups.filter { !$0.1.isEmpty }.flatMap { title, rows in
                ["", title] + rows.map { name, text in "  " + Self.padded(name) + text }
            }
    }

    private typealias Row = (String, String)

    private var head: String {
        [
            analysis.status.rawValue.replacing("_", with: " "), Readable.length(milliseconds: analysis.durationMs),
            "\(Readable.count(analysis.sampleRate)) Hz",
            analysis.channels == 1 ? "1 channel" : "\(analysis.channels) channels", analysis.version,
        ].joined(separator: ", ")
    }

    private var loudness: [Row] {
        let more = details.loudness
        return rows(
            ("integrated", number(analysis.loudnessLufs, 1, "LUFS")),
            ("range", number(analysis.loudnessRangeLu, 1, "LU")),
            ("loudest 400 ms", number(more?.maxMomentaryLufs, 1, "LUFS")),
            ("loudest 3 s", number(more?.maxShortTermLufs, 1, "LUFS")),
            ("true peak", number(analysis.truePeakDb, 2, "dBTP")),
            ("sample peak", number(analysis.samplePeakDb, 2, "dBFS")),
            ("peak to loudness", number(more?.peakToLoudnessDb, 1, "dB")),
            (
                "level",
                number(more?.levelDeviationDb, 1, "dB deviation").map { text in
                    text
                        + (number(more?.quietLevelDb, 1, "dB").map { ", quiet parts \($0) below the loud" } ?? "")
                        .replacing("-", with: "")
                }
            ))
    }

    private var rhythm: [Row] {
        let rhythm = details.rhythm
        return rows(
            (
                "tempo",
                chosen(
                    number(analysis.tempoBpm, 1, "BPM"), analysis.tempoConfidence,
                    number(analysis.tempoAlternativeBpm, 1, "BPM"))
            ),
            ("beats", beats),
            ("beat strength", number(rhythm?.beatStrength, 1, "times the mean onset")),
            ("metre", rhythm?.beats.map { _ in rhythm?.metre.map { "\($0) beats a bar" } ?? "not sure" }),
            ("onsets", number(rhythm?.onsetsPerSecond, 1, "a second")))
    }

    private var beats: String? {
        guard let rhythm = details.rhythm, let count = rhythm.beats, let first = rhythm.firstBeatMs,
            let interval = rhythm.beatIntervalMs, let deviation = rhythm.beatDeviation
        else { return nil }
        let start = Readable.decimal(Double(first) / 1000, 2)
        return "\(count), the first at \(start) s, every \(Readable.decimal(interval, 1)) ms ± "
            + "\(Readable.decimal(100 * deviation, 1)) %"
    }

    private var harmony: [Row] {
        let tonality = details.tonality
        return rows(
            ("key", chosen(analysis.key, analysis.keyConfidence, analysis.keyAlternative)),
            ("tuning", number(analysis.tuningCents, 0, "cents from A = 440 Hz")),
            (
                "chroma",
                tonality?.chroma.map { chroma in
                    zip(Self.pitches, chroma).map { "\($0) \(Readable.decimal($1, 2))" }.joined(separator: "  ")
                }
            ),
            (
                "tonnetz",
                tonality?.tonnetz.map { axes in
                    axes.map { Readable.decimal($0, 2) }.joined(separator: "  ")
                }
            ))
    }

    private var colour: [Row] {
        let timbre = details.timbre
        return rows(
            ("centroid", number(timbre?.centroidHz, 0, "Hz")),
            ("roll-off, 85 %", number(timbre?.rolloffHz, 0, "Hz")),
            ("flatness", number(timbre?.flatnessDb, 1, "dB")),
            ("zero crossings", number(timbre?.zeroCrossingsPerSecond, 0, "a second")))
    }

    private var mood: [Row] {
        let mood = details.mood
        return rows(
            ("calm", number(mood?.calm, 2, "of 1")), ("energetic", number(mood?.energetic, 2, "of 1")),
            ("dark", number(mood?.dark, 2, "of 1")), ("bright", number(mood?.bright, 2, "of 1")),
            ("danceable", number(mood?.danceable, 2, "of 1")))
    }

    private var signal: [Row] {
        let (signal, edges) = (details.signal, details.edges)
        let stereo =
            signal?.isMonoAsStereo == true ? "mono in two channels" : number(signal?.sideDb, 1, "dB side to middle")
        let suspicions = (signal?.suspicions ?? []).map { ", looks \($0.rawValue)" }.joined()
        return rows(
            ("bandwidth", signal?.bandwidthHz.map { "\(Readable.count($0)) Hz\(suspicions)" }),
            ("clipping", signal?.clippedRuns.map { "\(Readable.count($0)) runs at full scale" }),
            ("stereo", stereo),
            (
                "silence",
                edges.flatMap { edges in
                    guard let start = edges.silenceStartMs, let end = edges.silenceEndMs else { return nil }
                    return "\(Readable.count(start)) ms at the start, \(Readable.count(end)) ms at the end"
                }
            ),
            (
                "encoder",
                edges.flatMap { edges in
                    guard let delay = edges.encoderDelaySamples, let padding = edges.encoderPaddingSamples else {
                        return nil
                    }
                    return "\(Readable.count(delay)) samples cut off in front, \(Readable.count(padding)) behind"
                }
            ),
            ("content key", analysis.contentKey), ("fingerprint", details.fingerprint))
    }

    /// `124.0 BPM, confidence 0.83 (else 62.0 BPM)`
    private func chosen(_ first: String?, _ confidence: Double?, _ second: String?) -> String? {
        first.map { text in
            text + (confidence.map { ", confidence \(Readable.decimal($0, 2))" } ?? "")
                + (second.map { " (else \($0))" } ?? "")
        }
    }

    private func number(_ value: Double?, _ places: Int, _ unit: String) -> String? {
        value.map { "\(Readable.decimal($0, places)) \(unit)" }
    }

    private func rows(_ rows: (String, String?)...) -> [Row] {
        rows.compactMap { name, text in text.map { (name, $0) } }
    }

    private static func padded(_ name: String) -> String {
        name + String(repeating: " ", count: max(1, nameWidth - name.count))
    }
}
