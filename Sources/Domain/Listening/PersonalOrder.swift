/// The orders of tracks that are an account's own.
package enum PersonalOrder: String, CaseIterable, Sendable {
    /// The last heard first; only what was heard.
    case recentlyPlayed = "recently_played"
    /// The most often heard first; only what was heard.
    case mostPlayed = "most_played"
    /// The newest star first; only what has one.
    case recentlyStarred = "recently_starred"
    /// The best rated first; only what is rated.
    case bestRated = "best_rated"
}
