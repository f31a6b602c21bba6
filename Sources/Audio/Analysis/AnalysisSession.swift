import Domain

/// The pass over one file: packets into the hash, blocks into the meters.
struct AnalysisSession {
    /// Shorter audio has no tempo, key or features; its loudness and peaks are measured.
    static let minFeatureSeconds = 3.0
    /// dBFS: a piece whose largest sample stays below is silent.
    static let silencePeakDb = -70.0
    /// A piece may end this much before the length that its container counts: encoders pad.
    private static let toleratedLoss = (seconds: 0.5, part: 0.01)
    /// Reading stops here: nothing in a music library is longer than two days.
    private static let maxSeconds = 48.0 * 3600

    private let stream: AudioDecoder.Stream
    private var hasher: ContentHasher
    private var clock = DecodedClock()
    private var packets = 0
    private var damagedPackets = 0
    private var gaveUp = false
    private var trimming: AudioDecoder.Trimming?
    private var levels = LevelMeters()
    private let mono = MonoStream()
    private let tones = ToneMeters()
    /// Nil unless somebody wants to see it.
    private var waveform: Waveform?
    private let fingerprint: Fingerprint?

    /// - Parameter draws: Keep what `sketch` needs.
    init(stream: AudioDecoder.Stream, draws: Bool = false, wantsFingerprint: Bool = false) {
        self.stream = stream
        fingerprint = wantsFingerprint ? Fingerprint() : nil
        hasher = ContentHasher(codec: stream.codec)
        waveform = draws ? Waveform() : nil
    }

    mutating func run(_ decoder: AudioDecoder) throws(Failure) {
        defer { trimming = decoder.trimming }
        while clock.elapsedSeconds < Self.maxSeconds {
            let result = try decoder.nextPacket()
            switch result {
            case .packet(let bytes):
                packets += 1
                hasher.add(bytes)
                try decode(decoder)
            case .broken, .end:
                if case .broken = result { gaveUp = true }
                try decode(decoder)
                return mono.finish(hear)
            }
        }
        gaveUp = true
    }

    private mutating func decode(_ decoder: AudioDecoder) throws(Failure) {
        if try !decoder.sendPacket() { damagedPackets += 1 }
        while true {
            switch try decoder.nextBlock() {
            case .block(let block):
                take(block)
            case .skipped:
                damagedPackets += 1
                return
            case .needsPacket, .end:
                return
            }
        }
    }

    private mutating func take(_ block: AudioBlock) {
        clock.add(block)
        levels.add(block)
        mono.add(block, hear)
        waveform?.add(block)
    }

    /// Who listens to the mono stream.
    private var hear: (UnsafePointer<Float>, Int) -> Void {
        guard let fingerprint else { return tones.add }
        return { [tones] samples, count in
            tones.add(samples, count)
            fingerprint.add(samples, count)
        }
    }

    func finish() throws(Failure) -> AudioAnalysis { try conclude().analysis }

    /// The analysis and what it was drawn from; without a waveform unless the session draws.
    func sketch() throws(Failure) -> AudioSketch {
        let (analysis, music) = try conclude()
        var sketch = AudioSketch(analysis: analysis)
        sketch.draw(waveform: waveform, loudness: levels.loudness, music: music)
        return sketch
    }

    private func conclude() throws(Failure) -> (analysis: AudioAnalysis, music: MusicReport?) {
        guard packets > 0 else { throw Failure(.corruptFile, "no audio packet could be read") }
        guard clock.blocks > 0 || damagedPackets == 0 else {
            throw Failure(.corruptFile, "none of \(packets) audio packets could be decoded")
        }
        var analysis = AudioAnalysis(
            contentKey: hasher.key(), version: AudioAnalysis.currentVersion, status: .complete,
            durationMs: clock.milliseconds, sampleRate: clock.sampleRate ?? stream.sampleRate ?? 0,
            channels: clock.channels ?? stream.channels ?? 0)
        analysis.loudnessLufs = levels.loudness.integrated()
        analysis.loudnessRangeLu = levels.loudness.range()
        analysis.loudnessHistogram = levels.loudness.histogram().counts
        analysis.samplePeakDb = levels.samplePeak.decibels
        analysis.truePeakDb = levels.truePeak.decibels
        var details = AudioDetails()
        details.fingerprint = fingerprint?.finish()
        details.loudness = levels.loudnessDetails
        details.edges = levels.edges(trimming: trimming)
        details.signal = levels.signal(codec: stream.codec)
        analysis.details = details
        analysis.status = status(of: analysis)
        guard analysis.status == .complete || analysis.status == .truncated else { return (analysis, nil) }
        let music = MusicReport(tones)
        music.describe(&analysis)
        return (analysis, music)
    }

    /// Too short and silent come first: they say why tempo, key and features are missing.
    private func status(of analysis: AudioAnalysis) -> AudioAnalysis.Status {
        if tones.seconds < Self.minFeatureSeconds { return .tooShort }
        if analysis.loudnessLufs == nil || (analysis.samplePeakDb ?? -.infinity) < Self.silencePeakDb {
            return .silent
        }
        return gaveUp || endsEarly ? .truncated : .complete
    }

    private var endsEarly: Bool {
        if stream.endsEarly { return true }
        guard let claimed = stream.exactDurationMs.map({ Double($0) / 1000 }) else { return false }
        let tolerated = max(Self.toleratedLoss.seconds, Self.toleratedLoss.part * claimed)
        return clock.elapsedSeconds < claimed - tolerated
    }

    /// What tempo and key are decided from.
    var decisionSeries: DecisionSeries {
        DecisionSeries(
            onsets: tones.flux.series, chroma: Chroma(tones.peaks).values, bass: Chroma.bass(tones.peaks).values)
    }
}
