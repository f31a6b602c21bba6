/// What is sent to somebody who listens.
package enum StreamPlan: Hashable, Sendable {
    /// The file as it is, which can be sent in ranges.
    case original
    case transcode(TranscodeProfile)

    /// The file itself wherever it does: it costs nothing, and nothing is lost.
    /// - Parameter fileBytes: tells the bit rate where the tags do not.
    package static func choose(_ wish: StreamWish, of audio: AudioProperties, fileBytes: Int64) -> StreamPlan {
        guard wish.format != .raw else { return .original }
        let own = TranscodeFormat(rawValue: audio.codec)
        let isRightFormat = wish.format == nil || wish.format?.encoding == own
        let isSmallEnough = wish.maxKbps.map { max in
            rate(of: audio, fileBytes).map { $0 <= max } ?? false
        }
        if isRightFormat, isSmallEnough ?? true, wish.fromMs == 0 { return .original }
        // Who asks for an Opus file without saying more can play Opus. AAC comes in many containers, so there MP3 is safer.
        let format = wish.format?.encoding ?? (own == .opus ? .opus : .usual)
        return .transcode(
            TranscodeProfile(
                format: format, kbps: format.rate(upTo: wish.maxKbps ?? format.defaultKbps), fromMs: wish.fromMs,
                isConstant: format == .mp3 || wish.wantsLength && format == .opus))
    }

    /// kbit/s; nil when nobody knows.
    private static func rate(of audio: AudioProperties, _ fileBytes: Int64) -> Int? {
        if let kbps = audio.bitrateKbps { return kbps }
        guard let durationMs = audio.durationMs, durationMs > 0 else { return nil }
        return Int(clamping: fileBytes.multipliedReportingOverflow(by: 8).partialValue / Int64(durationMs))
    }
}
