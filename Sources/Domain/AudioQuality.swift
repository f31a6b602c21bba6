/// What a file is worth among several of the same recording. The larger one is to be kept.
///
/// In this order: lossless, lossy, and last what calls itself lossless and looks as if it had been lossy before; then what
/// is not shorter than the others; then bits a sample and sample rate of lossless files, or bits a second of lossy ones.
package struct AudioQuality: Hashable, Comparable, Sendable {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case suspect, lossy, lossless
    }

    package let kind: Kind
    let isWhole: Bool
    let bitsPerSample: Int
    let sampleRate: Int
    let bitrate: Double

    /// A codec of the generation of Vorbis sounds at 96 kbit/s as MP3 does at 128 to 136, by the listening tests of
    /// Hydrogenaudio (2011 and 2014).
    private static let modernCodecs: Set = ["opus", "aac", "vorbis", "musepack"]
    private static let modernWeight = 4.0 / 3
    /// What encoders add at the ends is less.
    private static let toleranceMs = 1500
    /// Hz and bits up to which more is more.
    private static let (maxSampleRate, maxBits) = (384_000, 24)
    /// An upsampled file has no more than the rate of a CD or a film.
    private static let ordinarySampleRate = 48_000

    /// - Parameter longestMs: The longest duration among the files that are compared.
    package init(_ track: Track, longestMs: Int) {
        let properties = track.properties
        let suspicions = track.analysis?.details?.signal?.suspicions ?? []
        let isLossless = AudioProperties.losslessCodecs.contains(properties.codec)
        kind = !isLossless ? .lossy : suspicions.contains(.transcoded) ? .suspect : .lossless
        isWhole = track.analysis?.status != .truncated && track.lengthMs + Self.toleranceMs >= longestMs
        let rate = min(properties.sampleRate ?? 0, suspicions.contains(.upsampled) ? Self.ordinarySampleRate : .max)
        // One bit a sample, of which there are millions.
        let bits = properties.codec == "dsd" ? Self.maxBits : properties.bitsPerSample ?? 0
        bitsPerSample = isLossless ? min(bits, Self.maxBits) : 0
        sampleRate = isLossless ? min(rate, Self.maxSampleRate) : 0
        let weight = Self.modernCodecs.contains(properties.codec) ? Self.modernWeight : 1
        bitrate = isLossless ? 0 : Double(properties.bitrateKbps ?? 0) * weight
    }

    package static func < (left: AudioQuality, right: AudioQuality) -> Bool {
        guard left.kind == right.kind else { return left.kind.rank < right.kind.rank }
        guard left.isWhole == right.isWhole else { return right.isWhole }
        return (left.bitsPerSample, left.sampleRate, left.bitrate)
            < (right.bitsPerSample, right.sampleRate, right.bitrate)
    }
}

extension AudioQuality.Kind {
    fileprivate var rank: Int {
        switch self {
        case .suspect: 0
        case .lossy: 1
        case .lossless: 2
        }
    }
}

extension Track {
    /// As decoded, or as the header says; 0 when neither tells.
    package var lengthMs: Int { analysis?.durationMs ?? properties.durationMs ?? 0 }
}
