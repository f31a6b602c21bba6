/// One way to encode audio, from one place in it on.
package struct TranscodeProfile: Hashable, Sendable {
    package let format: TranscodeFormat
    package let kbps: Int
    /// What lies before is left out.
    package let fromMs: Int
    /// Whether every second takes the same number of bytes, so that the length can be told before the end.
    package var isConstant: Bool

    package init(format: TranscodeFormat, kbps: Int, fromMs: Int = 0, isConstant: Bool = false) {
        self.format = format
        self.kbps = kbps
        self.fromMs = fromMs
        self.isConstant = isConstant
    }

    /// What encoders and resamplers add before and behind, at most.
    private static let edgeMs = 2000
    /// Tags and headers, at most.
    private static let headBytes = 6 * 1024
    /// Ogg: pages of `opusPageMs`, each with a head, and a table of lengths in steps of 255 bytes.
    private static let pageHeadBytes = 27
    private static let opusPacketsPerSecond = 50
    package static let opusPageMs = 200

    /// Bytes that this many milliseconds of a piece never exceed; nil where the encoder decides on the way.
    ///
    /// The sender fills up with zero bytes, which players pass over.
    package func bytesMax(durationMs: Int) -> Int? {
        guard isConstant, durationMs > fromMs else { return nil }
        let ms = durationMs - fromMs + Self.edgeMs
        let audio = kbps * ms / 8
        switch format {
        case .mp3: return audio + Self.headBytes
        case .opus:
            let packetBytes = kbps * 1000 / 8 / Self.opusPacketsPerSecond
            let lengths = Self.opusPacketsPerSecond * (packetBytes / 255 + 2)
            let perSecond = lengths + Self.pageHeadBytes * 1000 / Self.opusPageMs
            return audio + perSecond * (ms / 1000 + 1) + Self.headBytes
        case .aac, .flac: return nil
        }
    }
}
