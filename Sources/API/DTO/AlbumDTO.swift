import Domain

extension Shape where Value == Album {
    static let album = Shape.object("Album") { everything }

    /// With what services outside know.
    static let singleAlbum = Shape.object("SingleAlbum") {
        everything
        Field("outside", .outside, "What services outside know; see `enrich`.") { $0.outside }
    }

    @FieldsBuilder<Album> private static var everything: [Field<Album>] {
        Field("id", .integer) { $0.id }
        Field("title", .text) { $0.title }
        Field(optional: "artist", .text) { $0.artist }
        Field(optional: "year", .count) { $0.year }
        Field(optional: "starred_at", .time, "Since when the account that asks has starred it; null without a star.") {
            $0.mark?.starredAt
        }
        Field(optional: "rating", .count, "1 to 5, by the account that asks; null without one.") { $0.mark?.rating }
        Field("play_count", .count, "Listens of the account that asks, of all its tracks.") { $0.mark?.plays ?? 0 }
        Field(optional: "last_played_at", .time, "When the last of them began.") { $0.mark?.lastPlayedAt }
        Field("track_count", .count) { $0.trackCount }
        Field("duration_ms", .count) { $0.durationMs }
        Field(optional: "cover", .text, "URL of the picture.") { $0.coverHash.map(CoverURL.of) }
        Field(optional: "cover_origin", .coverOrigin, "Where the picture came from.") { $0.coverOrigin }
        Field(
            optional: "cover_search", .coverSearch,
            "The last time that a picture was looked for; null before, and where the files hold one."
        ) { $0.coverSearch }
        Field(optional: "musicbrainz_id", .text) { $0.musicBrainzID }
        Field(
            optional: "replay_gain", .albumReplayGain,
            "As measured; null until all tracks were heard, and in searches and lists with `sort` or a filter."
        ) {
            $0.measuredGain
        }
    }
}

extension Shape where Value == CoverOrigin {
    static let coverOrigin = Shape.object("CoverOrigin") {
        Field(
            "source", .text,
            "`files` (of the album), `sidecar` (a picture beside them), or the service that was asked: `coverart`, `lastfm`."
        ) {
            $0.source
        }
        Field(
            optional: "address", .text, "Of the picture: at the service, or `file:` and its path; null for `files`."
        ) {
            $0.address
        }
    }
}

extension Shape where Value == CoverSearch {
    static let coverSearch = Shape.object("CoverSearch") {
        Field("checked_at", .time) { $0.checkedAt }
        Field("problems", Shape<String>.text.list, "What was found and refused, and who did not answer.") {
            $0.problems
        }
    }
}
