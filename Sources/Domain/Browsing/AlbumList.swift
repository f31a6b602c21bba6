/// An order in which somebody goes through the albums, and which of them.
package enum AlbumList: Hashable, Sendable {
    case byTitle
    /// By the album's artist, then by title.
    case byArtist
    /// What came last is first.
    case newest
    /// Others each time; places mean nothing then.
    case random
    /// Of these years; the first to the last where `first` is not after `last`, else backwards.
    case years(first: Int, last: Int)
    /// With a track of this genre, by title.
    case genre(String)
    /// Of an account: what it starred last is first.
    case starred(account: Int64)
    /// Rated by an account, the best first.
    case bestRated(account: Int64)
    /// Of which an account heard a track, the last heard first.
    case recentlyPlayed(account: Int64)
    case mostPlayed(account: Int64)
}
