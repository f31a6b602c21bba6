import Domain

/// Measures one file in one pass of decoding; memory grows by about 6 kB for each second of audio, and is bounded.
///
/// Runs inside the media host: single-threaded, on an open descriptor at offset 0 that stays the caller's.
package struct AudioAnalyzer {
    private let wantsFingerprint: Bool

    package init(fingerprint: Bool = false) {
        wantsFingerprint = fingerprint
    }

    /// SHA-256 (hexadecimal) over the encoded packets of the audio stream. Decodes nothing.
    package func contentKey(fd: Int32) throws(Failure) -> String {
        let decoder = try AudioDecoder(fd: fd, mode: .packets)
        var hasher = ContentHasher(codec: decoder.stream.codec)
        var packets = 0
        while case .packet(let bytes) = try decoder.nextPacket() {
            hasher.add(bytes)
            packets += 1
        }
        guard packets > 0 else { throw Failure(.corruptFile, "no audio packet could be read") }
        return hasher.key()
    }

    /// Decodes the whole file and measures it. Damage in mid-stream ends in the status `truncated`, not in an error.
    package func analyze(fd: Int32) throws(Failure) -> AudioAnalysis {
        let decoder = try AudioDecoder(fd: fd, mode: .samples)
        var session = AnalysisSession(stream: decoder.stream, wantsFingerprint: wantsFingerprint)
        try session.run(decoder)
        return try session.finish()
    }

    /// The same with beats and curves of bounded length.
    package func sketch(fd: Int32) throws(Failure) -> AudioSketch {
        let decoder = try AudioDecoder(fd: fd, mode: .samples)
        var session = AnalysisSession(
            stream: decoder.stream, draws: true, wantsFingerprint: wantsFingerprint)
        try session.run(decoder)
        return try session.sketch()
    }

    /// Decodes the whole file for the series alone: the decisions are learned from them.
    package func decisionSeries(fd: Int32) throws(Failure) -> DecisionSeries {
        let decoder = try AudioDecoder(fd: fd, mode: .samples)
        var session = AnalysisSession(stream: decoder.stream)
        try session.run(decoder)
        return session.decisionSeries
    }

    /// Decodes and throws the samples away: what every measurement is compared with. Returns seconds of audio.
    package func decodeOnly(fd: Int32) throws(Failure) -> Double {
        let decoder = try AudioDecoder(fd: fd, mode: .samples)
        var clock = DecodedClock()
        var more = true
        while more {
            if case .packet = try decoder.nextPacket() {} else { more = false }
            guard try decoder.sendPacket() else { continue }
            while case .block(let block) = try decoder.nextBlock() { clock.add(block) }
        }
        return clock.elapsedSeconds
    }
}
