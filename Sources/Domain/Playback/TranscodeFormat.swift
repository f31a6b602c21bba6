/// What audio is encoded to on its way to somebody who listens.
package enum TranscodeFormat: String, CaseIterable, Sendable {
    /// MPEG-1 layer 3 frames of constant size, behind an ID3 tag.
    case mp3
    /// Opus in Ogg.
    case opus
    /// AAC-LC in ADTS frames.
    case aac
    /// What is cut out of a lossless file, sample by sample. Nobody is asked for a rate.
    case flac

    /// What every player knows.
    package static let usual = TranscodeFormat.mp3

    /// kbit/s when nobody said how many.
    package var defaultKbps: Int {
        switch self {
        case .mp3: 192
        case .opus: 128
        case .aac: 160
        case .flac: 0
        }
    }

    /// kbit/s that make sense; what lies beyond is taken as the nearest.
    package var kbpsRange: ClosedRange<Int> {
        switch self {
        case .mp3, .aac: 32...320
        case .opus: 16...320
        case .flac: 0...0
        }
    }

    package var mediaType: String {
        switch self {
        case .mp3: "audio/mpeg"
        case .opus: "audio/ogg"
        case .aac: "audio/aac"
        case .flac: "audio/flac"
        }
    }

    /// At the end of a file's name, without a dot.
    package var suffix: String { rawValue }

    /// The largest rate of this format that is not above `kbps`, or its smallest.
    package func rate(upTo kbps: Int) -> Int {
        let clamped = min(max(kbps, kbpsRange.lowerBound), kbpsRange.upperBound)
        guard self == .mp3 else { return clamped }
        return Self.mp3Rates.last { $0 <= clamped } ?? kbpsRange.lowerBound
    }

    /// A frame of MPEG-1 layer 3 has one of these (ISO 11172-3, 2.4.2.3).
    private static let mp3Rates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
}
