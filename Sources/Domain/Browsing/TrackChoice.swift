/// What tracks are drawn from.
package struct TrackChoice: Hashable, Sendable {
    /// By its name as people write it.
    package var genre: String?
    package var firstYear: Int?
    package var lastYear: Int?
    package var rootID: Int64?

    package init(genre: String? = nil, firstYear: Int? = nil, lastYear: Int? = nil, rootID: Int64? = nil) {
        self.genre = genre
        self.firstYear = firstYear
        self.lastYear = lastYear
        self.rootID = rootID
    }
}
