import Domain
import UseCases

extension Shape where Value == LibraryTotals {
    static let totals = Shape.object("LibraryTotals") {
        Field("tracks", .count) { $0.tracks }
        Field("missing", .count, "Tracks whose file the last scan did not find.") { $0.missing }
        Field("albums", .count) { $0.albums }
        Field("artists", .count) { $0.artists }
        Field("analyzed", .count) { $0.analyzed }
        Field("vectorized", .count) { $0.vectorized }
        Field("covers", .count) { $0.covers }
        Field("stale", .count, "Analyses by an older version of the analyser.") { $0.stale }
        Field("rejected", .count, "Files that were refused.") { $0.rejected }
        Field("cache_hits", .count, "Vectors found by content instead of being computed.") { $0.cacheHits }
    }
}
