import Domain

/// Whether a file that was fetched is what was asked for, and what it is to be called.
enum DownloadCheck {
    /// Tags, pauses and rounding make this much of a difference.
    private static let toleranceMs = 5000
    /// And this share of the length.
    private static let toleranceShare = 0.03

    /// Nil when it is good.
    static func problem(
        of analysis: AudioAnalysis, _ offer: DownloadOffer, _ question: DownloadQuestion
    ) -> String? {
        if analysis.status == .truncated { return "its audio is cut off" }
        for (expected, who) in [(offer.durationMs, "offered"), (question.durationMs, "asked for")] {
            guard let expected else { continue }
            let tolerance = max(toleranceMs, Int(Double(max(0, min(expected, 1 << 40))) * toleranceShare))
            let (difference, overflow) = analysis.durationMs.subtractingReportingOverflow(expected)
            guard !overflow, abs(difference) <= tolerance else {
                return "it lasts \(analysis.durationMs / 1000) s, \(expected / 1000) s were \(who)"
            }
        }
        return nil
    }

    /// The tags of the file, where it has any; else what was asked for.
    static func names(
        _ metadata: TrackMetadata, _ question: DownloadQuestion, _ offer: DownloadOffer
    ) -> [LibraryName.Field: String] {
        let artist = metadata.artists.first ?? question.artist
        var names: [LibraryName.Field: String] = [
            .artist: artist, .albumartist: metadata.albumArtists.first ?? artist,
            .album: metadata.album ?? question.album ?? "", .title: metadata.title ?? question.title,
            .ext: offer.ending ?? "audio",
        ]
        names[.year] = metadata.year.map(String.init)
        names[.track] = metadata.trackNumber.map { $0 < 10 ? "0\($0)" : "\($0)" }
        return names
    }
}
