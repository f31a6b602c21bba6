import Domain

/// How well what a search found fits what was asked for, 0...1. MusicBrainz's own score tells only how words fit.
enum CandidateScore {
    /// What scores less is something else.
    static let least = 0.75

    /// Weights of what is asked for.
    private static let (title, artist, album, duration, tracks, year) = (4.0, 3.0, 2.0, 2.0, 1.5, 0.5)
    /// For what MusicBrainz does not say: worse than the same, better than something else.
    private static let unknown = 0.75
    /// An artist who is less alike is another one.
    private static let leastArtist = 0.7
    /// As MusicBrainz credits them.
    private static let various = "Various Artists"
    /// Differences of playing time that say nothing, and those that say everything.
    private static let (sameMs, otherMs) = (2000.0, 30_000.0)

    static func of(_ recording: MusicBrainzAnswers.Recording, for track: TrackQuestion) -> Double {
        var score = Weighted()
        score.add(title, NameLikeness.of(recording.title, track.title))
        score.add(artist, artistLikeness(recording.credit, track.artist))
        if let asked = track.durationMs {
            score.add(duration, recording.length?.value.map { closeness(Double(asked), $0) } ?? unknown)
        }
        if let asked = track.album {
            let titles = (recording.releases?.items ?? []).map { NameLikeness.of($0.title, asked) }
            score.add(album, titles.max() ?? unknown)
        }
        return score.mean
    }

    /// 0 for another album, however alike the rest is: no picture is better than a wrong one.
    static func of(_ release: MusicBrainzAnswers.Release, for album: AlbumQuestion) -> Double {
        guard isSame(release, album) else { return 0 }
        var score = Weighted()
        score.add(title, NameLikeness.of(release.title, album.title))
        if let asked = album.artist { score.add(artist, artistLikeness(release.credit, asked)) }
        if let asked = album.trackCount {
            score.add(tracks, release.tracks.map { completeness(of: asked, in: $0) } ?? unknown)
        }
        if let asked = album.year {
            // Another pressing of the same album has another year, often.
            let found = release.date?.value.flatMap { Int($0.prefix(4)) }
            score.add(year, found.map { sameness(of: $0, and: asked, within: 20) } ?? unknown)
        }
        return score.mean
    }

    /// An id of the group says it; else the title, and who made it. Where nobody knows who did, only a collection of
    /// several artists with as many tracks is the same: half the world has made a "Greatest Hits".
    private static func isSame(_ release: MusicBrainzAnswers.Release, _ album: AlbumQuestion) -> Bool {
        if let group = album.releaseGroupID, release.releaseGroup?.value?.id == group { return true }
        guard AlbumTitle(release.title).isSame(as: AlbumTitle(album.title)) else { return false }
        if let asked = album.artist { return artistLikeness(release.credit, asked) >= leastArtist }
        let isOfMany = release.credit?.text.map { NameLikeness.of($0, various) == 1 } ?? false
        return isOfMany && album.trackCount == release.tracks
    }

    /// Some of the tracks are no contradiction; more than there are is one.
    private static func completeness(of present: Int, in all: Int) -> Double {
        present < all ? unknown : sameness(of: present, and: all, within: max(present, all))
    }

    static func of(_ artist: MusicBrainzAnswers.Artist, for question: ArtistQuestion) -> Double {
        NameLikeness.of(artist.name, question.name)
    }

    /// The whole credit, or one of those who are in it.
    private static func artistLikeness(_ credit: LooseList<MusicBrainzAnswers.Credit>?, _ asked: String) -> Double {
        let whole = credit?.text.map { NameLikeness.of($0, asked) } ?? 0
        let each = (credit?.items ?? []).compactMap { $0.artist?.name ?? $0.name?.value }.map {
            NameLikeness.of($0, asked) * 0.95
        }
        return max(whole, each.max() ?? 0)
    }

    private static func sameness(of left: Int, and right: Int, within range: Int) -> Double {
        left == right ? 1 : max(0, 1 - abs(Double(left) - Double(right)) / Double(max(1, range)))
    }

    private static func closeness(_ left: Double, _ right: Double) -> Double {
        let difference = abs(left - right)
        return max(0, min(1, 1 - (difference - sameMs) / (otherMs - sameMs)))
    }

    private struct Weighted {
        private var sum = 0.0
        private var weights = 0.0

        mutating func add(_ weight: Double, _ value: Double) {
            sum += weight * value
            weights += weight
        }

        var mean: Double { weights > 0 ? sum / weights : 0 }
    }
}
