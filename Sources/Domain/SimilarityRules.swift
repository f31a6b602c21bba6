/// How an answer is put together from the tracks that may be in it.
package struct SimilarityRules: Hashable, Sendable {
    package enum Duplicates: String, CaseIterable, Sendable {
        /// One recording once, and never that of a seed.
        case leaveOut = "leave_out"
        case keep
    }

    package enum Keys: String, CaseIterable, Sendable {
        case any
        /// Neighbours on the Camelot wheel.
        case compatible
    }

    package var duplicates = Duplicates.leaveOut
    /// Nil: as many as there are.
    package var maxPerArtist: Int?
    package var maxPerAlbum: Int?
    /// That many tracks at least stand between two of one artist.
    package var artistGap = 0
    package var albumGap = 0
    /// Percent; see `TempoJump`. Nil: any.
    package var maxTempoJump: Int?
    package var keys = Keys.any

    package init() {}

    /// A radio flows: spaced, and no jolts.
    package static let radio: SimilarityRules = {
        var rules = SimilarityRules()
        rules.artistGap = 4
        rules.albumGap = 8
        rules.maxTempoJump = 20
        return rules
    }()

    package static let maxGap = 50
    package static let maxCount = 1000
    /// Percent: beyond it, half and double reach everything.
    package static let maxJump = 100
}

/// A rule that a track was moved by, or that could not be kept.
package enum SimilarityRule: String, CaseIterable, Sendable {
    case artistGap = "artist_gap"
    case albumGap = "album_gap"
    case tempo = "max_tempo_jump"
    case keys
}
