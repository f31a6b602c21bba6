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
        Field("track_count", .count) { $0.trackCount }
        Field("duration_ms", .count) { $0.durationMs }
        Field(optional: "cover", .text, "URL of the picture.") { $0.coverHash.map(CoverURL.of) }
        Field(optional: "musicbrainz_id", .text) { $0.musicBrainzID }
        Field(optional: "replay_gain", .albumReplayGain, "As measured; null until all tracks were heard.") {
            $0.measuredGain
        }
    }
}
