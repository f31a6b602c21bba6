import Domain

/// Measures one file in one pass of decoding. Memory grows by about 6 kB a second up to 20 minutes, then not.
///
/// Runs inside the media host: single-threaded, on an open descriptor at offset 0 that stays the caller's.
package struct AudioAnalyzer {
    /// In windows mode a piece of two minutes and more has windows.
    private static let leastForWindowsMs = 120_000

    private let mode: AnalysisMode
    private let wantsFingerprint: Bool

    /// - Parameter fingerprint: Make one; it needs a piece's unbroken beginning, so `mode` is full then.
    package init(_ mode: AnalysisMode = .full, fingerprint: Bool = false) {
        self.mode = fingerprint ? .full : mode
        wantsFingerprint = fingerprint
    }

    /// SHA-256 (hexadecimal) over the encoded packets of the audio stream; of a stretch, over those that reach into it and its
    /// bounds. Decodes nothing.
    package func contentKey(fd: Int32, _ stretch: Stretch? = nil) throws(Failure) -> String {
        let decoder = try AudioDecoder(fd: fd, mode: .packets)
        if let stretch { decoder.seekPackets(toUs: stretch.beginUs) }
        var hasher = ContentHasher(codec: decoder.stream.codec, stretch)
        var packets = 0
        while case .packet(let bytes) = try decoder.nextPacket() {
            if let stretch, let time = decoder.packetTimeUs {
                if time.upperBound <= stretch.beginUs { continue }
                if let end = stretch.endUs, time.lowerBound >= end { break }
            }
            hasher.add(bytes)
            packets += 1
        }
        guard packets > 0 else { throw Failure(.corruptFile, "no audio packet could be read") }
        return hasher.key()
    }

    /// Decodes the whole file, or a stretch of it, and measures it. Damage in mid-stream ends in the status `truncated`, not
    /// in an error.
    package func analyze(fd: Int32, _ stretch: Stretch? = nil) throws(Failure) -> AudioAnalysis {
        if let stretch { return try analyze(fd, stretch) }
        let session = try listen(fd) { AnalysisSession(stream: $0, mode: $1, wantsFingerprint: wantsFingerprint) }
        // The container claimed more than there is, and the windows lay behind the end.
        if session.missedThePiece { return try AudioAnalyzer(.full).analyze(fd: fd) }
        return try session.finish()
    }

    private func analyze(_ fd: Int32, _ stretch: Stretch) throws(Failure) -> AudioAnalysis {
        let contentKey = try contentKey(fd: fd, stretch)
        let decoder = try AudioDecoder(fd: fd, mode: .samples)
        let stream = decoder.stream.cut(to: stretch)
        let isLong = (stream.durationMs ?? 0) >= Self.leastForWindowsMs
        var session = AnalysisSession(
            stream: stream, mode: isLong ? mode : .full, wantsFingerprint: wantsFingerprint)
        try session.run(decoder, through: stretch)
        if session.missedThePiece { return try AudioAnalyzer(.full).analyze(fd, stretch) }
        var analysis = try session.finish()
        analysis.contentKey = contentKey
        return analysis
    }

    /// The same with beats and curves of bounded length.
    package func sketch(fd: Int32) throws(Failure) -> AudioSketch {
        try listen(fd) { stream, _ in
            AnalysisSession(stream: stream, draws: true, wantsFingerprint: wantsFingerprint)
        }.sketch()
    }

    /// Decodes the whole file for the series alone: the decisions are learned from them.
    package func decisionSeries(fd: Int32) throws(Failure) -> DecisionSeries {
        try listen(fd) { stream, _ in AnalysisSession(stream: stream) }.decisionSeries
    }

    /// All but the oversampling for true peaks: what that costs.
    package func analyzeWithoutTruePeak(fd: Int32) throws(Failure) {
        _ = try listen(fd) { stream, _ in AnalysisSession(stream: stream, oversampling: .none) }.finish()
    }

    /// The session that has heard the whole file. The decoder's memory is given back before conclusions are drawn.
    private func listen(
        _ fd: Int32, _ session: (AudioDecoder.Stream, AnalysisMode) -> AnalysisSession
    ) throws(Failure) -> AnalysisSession {
        let decoder = try AudioDecoder(fd: fd, mode: .samples)
        let isLong = (decoder.stream.durationMs ?? 0) >= Self.leastForWindowsMs
        var session = session(decoder.stream, isLong ? mode : .full)
        try session.run(decoder)
        return session
    }

    /// Decodes and throws the samples away, or what a mix to mono at 22,050 Hz makes of them: what every measurement is
    /// compared with. Returns seconds of audio.
    package func decodeOnly(fd: Int32, mixing: Bool = false) throws(Failure) -> Double {
        let mono = MonoStream()
        let decoder = try AudioDecoder(fd: fd, mode: .samples)
        var clock = DecodedClock()
        var more = true
        while more {
            if case .packet = try decoder.nextPacket() {} else { more = false }
            guard try decoder.sendPacket() else { continue }
            while case .block(let block) = try decoder.nextBlock() {
                clock.add(block)
                if mixing { mono.add(block) { _, _ in } }
            }
        }
        return clock.elapsedSeconds
    }
}
