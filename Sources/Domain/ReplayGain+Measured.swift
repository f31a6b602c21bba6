import Foundation

/// ReplayGain 2.0: how much to turn a piece up or down so that it plays at −18 LUFS (EBU R128).
extension ReplayGain {
    /// LUFS.
    package static let referenceLufs = -18.0
    /// dB by which the reference of the R128 tags (RFC 7845, −23 LUFS) lies below that of ReplayGain.
    package static let r128OffsetDb = 5.0

    /// What follows from one analysis; a silent piece has no gain.
    package init(measuredIn analysis: AudioAnalysis) {
        self.init()
        trackGainDb = analysis.loudnessLufs.flatMap(Self.gainDb)
        trackPeak = Self.peak(truePeakDb: analysis.truePeakDb, samplePeakDb: analysis.samplePeakDb)
    }

    package mutating func take(_ album: AlbumLoudness) {
        albumGainDb = album.integratedLufs.flatMap(Self.gainDb)
        albumPeak = album.peak
    }

    private static func gainDb(_ lufs: Double) -> Double? { lufs.isFinite ? referenceLufs - lufs : nil }

    /// The true peak, which is what a converter has to reproduce, or the largest sample if that is larger; linear.
    package static func peak(truePeakDb: Double?, samplePeakDb: Double?) -> Double {
        let peaks = [truePeakDb, samplePeakDb].compactMap { $0 }.filter(\.isFinite)
        return peaks.max().map { pow(10, $0 / 20) } ?? 0
    }
}
