/// What is sent to somebody who listens.
package enum StreamPlan: Hashable, Sendable {
    /// The file as it is, which can be sent in ranges.
    case original
    case transcode(TranscodeProfile)

    /// The file itself wherever it does: it costs nothing, and nothing is lost. A part of a file is always encoded: losslessly
    /// where the file is lossless and nobody wishes for less.
    /// - Parameters:
    ///   - fileBytes: tells the bit rate where the tags do not.
    ///   - isPart: The track is not all of its file.
    package static func choose(
        _ wish: StreamWish, of audio: AudioProperties, fileBytes: Int64, isPart: Bool = false
    ) -> StreamPlan {
        if isPart { return .transcode(part(wish, of: audio, fileBytes)) }
        guard wish.format != .raw else { return .original }
        if isAsWished(wish, audio, fileBytes), wish.fromMs == 0 { return .original }
        return .transcode(encoding(wish, audio))
    }

    /// What a part of this file is sent as when nobody wishes for anything.
    package static func partFormat(of audio: AudioProperties) -> TranscodeFormat {
        audio.isLossless ? .flac : encoding(StreamWish(), audio).format
    }

    private static func part(_ wish: StreamWish, of audio: AudioProperties, _ fileBytes: Int64) -> TranscodeProfile {
        let isAsItIs = wish.format == .raw || wish.format == nil && isAsWished(wish, audio, fileBytes)
        guard isAsItIs else { return encoding(wish, audio) }
        if audio.isLossless { return TranscodeProfile(format: .flac, kbps: 0, fromMs: wish.fromMs) }
        // As good as the file, as far as it can be encoded again.
        var wish = wish
        wish.format = nil
        let usual = encoding(wish, audio)
        let kbps = usual.format.rate(upTo: max(usual.kbps, audio.bitrateKbps ?? 0))
        return TranscodeProfile(
            format: usual.format, kbps: kbps, fromMs: wish.fromMs, isConstant: usual.isConstant)
    }

    private static func isAsWished(_ wish: StreamWish, _ audio: AudioProperties, _ fileBytes: Int64) -> Bool {
        let isRightFormat = wish.format == nil || wish.format?.encoding == TranscodeFormat(rawValue: audio.codec)
        guard let max = wish.maxKbps else { return isRightFormat }
        return isRightFormat && rate(of: audio, fileBytes).map { $0 <= max } ?? false
    }

    private static func encoding(_ wish: StreamWish, _ audio: AudioProperties) -> TranscodeProfile {
        // Who asks for an Opus file without saying more can play Opus. AAC comes in many containers, so there MP3 is safer.
        let isOpus = TranscodeFormat(rawValue: audio.codec) == .opus
        let format = wish.format?.encoding ?? (isOpus ? .opus : .usual)
        return TranscodeProfile(
            format: format, kbps: format.rate(upTo: wish.maxKbps ?? format.defaultKbps), fromMs: wish.fromMs,
            isConstant: format == .mp3 || wish.wantsLength && format == .opus)
    }

    /// kbit/s; nil when nobody knows.
    private static func rate(of audio: AudioProperties, _ fileBytes: Int64) -> Int? {
        if let kbps = audio.bitrateKbps { return kbps }
        guard let durationMs = audio.durationMs, durationMs > 0 else { return nil }
        return Int(clamping: fileBytes.multipliedReportingOverflow(by: 8).partialValue / Int64(durationMs))
    }
}
