import Domain
import Foundation

/// ReplayGain as it is written into tags; a value that is nil leaves the file's own as it is.
struct GainTexts: Hashable, Sendable {
    /// dB with two decimals and the unit.
    var trackGain: String?
    /// Linear, with six decimals.
    var trackPeak: String?
    var albumGain: String?
    var albumPeak: String?
    /// For Opus (RFC 7845): dB × 256 against −23 LUFS.
    var r128TrackGain: String?
    var r128AlbumGain: String?

    init(_ gain: ReplayGain) {
        (trackGain, albumGain) = (gain.trackGainDb.flatMap(Self.decibels), gain.albumGainDb.flatMap(Self.decibels))
        (r128TrackGain, r128AlbumGain) = (gain.trackGainDb.flatMap(Self.r128), gain.albumGainDb.flatMap(Self.r128))
        // A peak without a gain says nothing to a player: silence gets neither.
        trackPeak = trackGain == nil ? nil : gain.trackPeak.flatMap(Self.peak)
        albumPeak = albumGain == nil ? nil : gain.albumPeak.flatMap(Self.peak)
    }

    var isEmpty: Bool { trackGain == nil && albumGain == nil }

    private static let decibelsMax = 100.0
    private static let peakMax = 100.0

    private static func decibels(_ gain: Double) -> String? {
        abs(gain) <= decibelsMax ? String(format: "%.2f dB", gain) : nil
    }

    private static func peak(_ peak: Double) -> String? {
        (0...peakMax).contains(peak) ? String(format: "%.6f", peak) : nil
    }

    private static func r128(_ gain: Double) -> String? {
        Int16(exactly: ((gain - ReplayGain.r128OffsetDb) * 256).rounded()).map(String.init)
    }

    /// What a reader finds in a file of this codec after they were written; nil where the file's own is left.
    func read(inCodec codec: String) -> ReplayGain {
        var gain = ReplayGain()
        if codec == Self.opus {
            gain.trackGainDb = r128TrackGain.flatMap(Double.init).map { $0 / 256 + ReplayGain.r128OffsetDb }
            gain.albumGainDb = r128AlbumGain.flatMap(Double.init).map { $0 / 256 + ReplayGain.r128OffsetDb }
        } else {
            gain.trackGainDb = trackGain.flatMap { Double($0.dropLast(" dB".count)) }
            gain.albumGainDb = albumGain.flatMap { Double($0.dropLast(" dB".count)) }
            (gain.trackPeak, gain.albumPeak) = (trackPeak.flatMap(Double.init), albumPeak.flatMap(Double.init))
        }
        return gain
    }

    private static let opus = "opus"
}

extension GainTexts {
    var all: [String?] { [trackGain, trackPeak, albumGain, albumPeak, r128TrackGain, r128AlbumGain] }

    /// One line each; an empty one is nil.
    var packed: [UInt8] { Array(all.map { $0 ?? "" }.joined(separator: "\n").utf8) }

    init?(packed: UnsafeRawBufferPointer) {
        let lines = String(decoding: packed, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 6 else { return nil }
        let texts = lines.map { $0.isEmpty ? nil : String($0) }
        self.init(ReplayGain())
        (trackGain, trackPeak, albumGain, albumPeak) = (texts[0], texts[1], texts[2], texts[3])
        (r128TrackGain, r128AlbumGain) = (texts[4], texts[5])
    }
}
