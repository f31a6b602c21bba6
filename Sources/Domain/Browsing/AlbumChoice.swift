/// Which albums a list is of: those that fit all that is not nil.
package struct AlbumChoice: Hashable, Sendable {
    package var artistID: Int64?
    /// By its name as people write it.
    package var genre: String?
    package var firstYear: Int?
    package var lastYear: Int?
    /// Only albums that this account has starred.
    package var starredBy: Int64?
    package var rootID: Int64?

    package init(
        artistID: Int64? = nil, genre: String? = nil, firstYear: Int? = nil, lastYear: Int? = nil,
        starredBy: Int64? = nil, rootID: Int64? = nil
    ) {
        self.artistID = artistID
        self.genre = genre
        self.firstYear = firstYear
        self.lastYear = lastYear
        self.starredBy = starredBy
        self.rootID = rootID
    }
}
