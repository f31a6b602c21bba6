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
    private var levels: LevelMeters
    private let mono = MonoStream()
    private let tones = ToneMeters()
    private let mode: AnalysisMode
    private var plan: ListeningPlan
    private var isListening = true
    /// Seconds that were passed over.
    private(set) var unheardSeconds = 0.0
    /// Nil unless somebody wants to see it.
    private var waveform: Waveform?
    private let fingerprint: Fingerprint?

    /// - Parameter draws: Keep what `sketch` needs.
    /// - Parameter oversampling: Anything but `.needed` is for measurements and proofs.
    init(
        stream: AudioDecoder.Stream, mode: AnalysisMode = .full, draws: Bool = false, wantsFingerprint: Bool = false,
        oversampling: PeakMeter.Oversampling = .needed
    ) {
        self.stream = stream
        self.mode = mode
        plan = ListeningPlan(mode)
        levels = LevelMeters(oversampling, draws: draws)
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

    /// The same for a stretch of the file. The packets are not hashed: where they begin is the demuxer's choice.
    mutating func run(_ decoder: AudioDecoder, through stretch: Stretch) throws(Failure) {
        guard try decoder.seek(toUs: stretch.beginUs) else { return }
        var cutter = StretchCutter(stretch)
        while clock.elapsedSeconds < Self.maxSeconds {
            switch try decoder.nextBlock() {
            case .block(let block):
                packets += 1
                let part = cutter.take(frames: block.frameCount, rate: block.sampleRate, atUs: decoder.blockTimeUs)
                if !part.range.isEmpty { take(block.slice(part.range)) }
                if part.isLast { return mono.finish(hear) }
            case .needsPacket:
                if case .broken = try decoder.nextPacket() { gaveUp = true }
                if try !decoder.sendPacket() { damagedPackets += 1 }
            case .skipped: damagedPackets += 1
            case .end: return mono.finish(hear)
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

    mutating func take(_ block: AudioBlock) {
        guard block.frameCount > 0 else { return }
        listen(to: block)
        clock.add(block)
        levels.add(block)
        waveform?.add(block)
    }

    private mutating func listen(to block: AudioBlock) {
        if plan.includes(second: clock.elapsedSeconds) {
            isListening = true
            mono.add(block, hear)
        } else {
            if isListening { pause() }
            unheardSeconds += Double(block.frameCount) / Double(block.sampleRate)
        }
        if tones.isFull {
            tones.thin()
            plan.thin()
        }
    }

    private mutating func pause() {
        mono.finish(hear)
        tones.pause()
        isListening = false
    }

    /// Frames of timbre in the store: 21.5 a second.
    var keptFrames: Int { tones.timbre.count }

    /// Too little was listened to, of a piece that has more: its container said that it was longer.
    var missedThePiece: Bool {
        unheardSeconds > 0 && tones.seconds < ListeningPlan.stretchSeconds / 2
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
        // Stretches of a long piece, put side by side, would stand at wrong times.
        sketch.draw(waveform: waveform, loudness: levels.loudness, music: isWhole ? music : nil)
        return sketch
    }

    private func conclude() throws(Failure) -> (analysis: AudioAnalysis, music: MusicReport?) {
        guard packets > 0 else { throw Failure(.corruptFile, "no audio packet could be read") }
        guard clock.blocks > 0 || damagedPackets == 0 else {
            throw Failure(.corruptFile, "none of \(packets) audio packets could be decoded")
        }
        var analysis = AudioAnalysis(
            contentKey: hasher.key(), version: version, status: .complete,
            durationMs: clock.milliseconds, sampleRate: clock.sampleRate ?? stream.sampleRate ?? 0,
            channels: clock.channels ?? stream.channels ?? 0)
        analysis.loudnessLufs = levels.loudness.integrated()
        analysis.loudnessRangeLu = levels.loudness.range()
        analysis.loudnessHistogram = levels.loudness.histogram.counts
        analysis.samplePeakDb = levels.peaks.sampleDecibels
        analysis.truePeakDb = levels.peaks.trueDecibels
        var details = AudioDetails()
        details.fingerprint = fingerprint?.finish()
        details.loudness = levels.loudnessDetails
        details.edges = levels.edges(trimming: trimming)
        details.signal = levels.signal(codec: stream.codec)
        analysis.details = details
        analysis.status = status(of: analysis)
        guard analysis.status == .complete || analysis.status == .truncated else { return (analysis, nil) }
        let music = MusicReport(tones, isWhole: isWhole)
        music.describe(&analysis)
        return (analysis, music)
    }

    /// Tones were heard from the start, and none was passed over or forgotten.
    private var isWhole: Bool { unheardSeconds == 0 && tones.flux.ranges.count == 1 }

    /// A piece that windows mode heard as a whole has been analysed in full.
    private var version: String {
        unheardSeconds > 0 ? mode.version : AnalysisMode.full.version
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
