/// What the file's header says of its audio. Numbers that make no sense (negative, absurd) are absent.
package struct AudioProperties: Hashable, Codable, Sendable {
    /// Short name of the format: `mp3`, `flac`, `vorbis`, `opus`, `aac`, `alac`, `wma`, `wav`, `aiff`, `ape`, `wavpack` …
    package var codec: String
    package var durationMs: Int?
    /// kbit/s.
    package var bitrateKbps: Int?
    /// Hz.
    package var sampleRate: Int?
    package var channels: Int?
    package var bitsPerSample: Int?

    package init(codec: String) {
        self.codec = codec
    }

    /// One bit a sample, of which there are millions, is kept by no codec for music but its own.
    package static let losslessCodecs: Set = [
        "flac", "alac", "wav", "aiff", "ape", "wavpack", "tta", "tak", "shorten", "wmalossless", "mlp", "truehd", "dsd",
        "caf", "au", "w64",
    ]

    /// Whether samples of it can be kept as they are by another lossless codec.
    package var isLossless: Bool { codec != "dsd" && Self.losslessCodecs.contains(codec) }

    enum CodingKeys: String, CodingKey {
        case codec, channels
        case durationMs = "duration_ms"
        case bitrateKbps = "bitrate_kbps"
        case sampleRate = "sample_rate"
        case bitsPerSample = "bits_per_sample"
    }
}
