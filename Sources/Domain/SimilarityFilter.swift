/// Which tracks may be in an answer at all.
package struct SimilarityFilter: Hashable, Sendable {
    /// Only tracks in this folder or below it.
    package var folder: FilePath?
    /// Only tracks of at least one of these genres, as their tags name them; empty means all.
    package var genres: [String] = []
    package var yearFrom: Int?
    package var yearTo: Int?
    /// No track that credits one of these, be it for its album.
    package var notArtistIDs: Set<Int64> = []
    package var excluded: TrackTraits = []

    package init() {}
}
