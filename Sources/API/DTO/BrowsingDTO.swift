import Domain
import UseCases

extension Shape where Value == GenreTally {
    static let genre = Shape.object("Genre") {
        Field("name", .text) { $0.name }
        Field("track_count", .count) { $0.tracks }
        Field("album_count", .count, "Albums that have such a track.") { $0.albums }
    }
}

extension Shape where Value == BrowsedRoot {
    /// What it takes to choose one.
    static let browsedRoot = Shape.object("BrowsedRoot") {
        Field("id", .integer, "For `root_id`.") { $0.id }
        Field("name", .text, "The folder's own name.") { $0.name }
    }
}

extension Shape where Value == [ArtistIndex.Letter] {
    static let artistIndex = Shape.object("ArtistIndex") {
        Field("ignored_articles", Shape<String>.text.list, "Words that do not count at the beginning of a name.") {
            _ in ArtistIndex.ignoredArticles
        }
        Field("letters", Shape<ArtistIndex.Letter>.artistLetter.list) { $0 }
    }
}

extension Shape where Value == ArtistIndex.Letter {
    static let artistLetter = Shape.object("ArtistLetter") {
        Field("letter", .text, "`#` for what begins with none.") { $0.name }
        Field("artists", Shape<Artist>.artist.list, "By name.") { $0.artists }
    }
}

extension Shape where Value == SimilarArtist {
    static let similarArtist = Shape.object("SimilarArtist") {
        Field("artist", .artist) { $0.artist }
        Field(
            "match", .number,
            "0 to 1: as the service says, or the score of the track that sounds most like the other artist."
        ) { $0.match }
        Field(optional: "source", .choice, "Who calls them similar; null where it is their sound.") { $0.source }
    }
}
