import Domain

extension Shape where Value == Artist {
    static let artist = Shape.object("Artist") { everything }

    /// With what services outside know.
    static let singleArtist = Shape.object("SingleArtist") {
        everything
        Field("outside", .outside, "What services outside know; see `enrich`.") { $0.outside }
    }

    @FieldsBuilder<Artist> private static var everything: [Field<Artist>] {
        Field("id", .integer) { $0.id }
        Field("name", .text) { $0.name }
        Field(optional: "sort_name", .text) { $0.sortName }
        Field(optional: "starred_at", .time, "Since when the account that asks has starred it; null without a star.") {
            $0.mark?.starredAt
        }
        Field(optional: "rating", .count, "1 to 5, by the account that asks; null without one.") { $0.mark?.rating }
        Field("track_count", .count) { $0.trackCount }
        Field("album_count", .count) { $0.albumCount }
        Field(optional: "musicbrainz_id", .text) { $0.musicBrainzID }
    }
}
