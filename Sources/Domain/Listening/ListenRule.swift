/// Which plays count as listens: those of half the track or four minutes, whichever comes first, of a track longer
/// than 30 seconds. Source: Last.fm, "Scrobbling 2.0", when is a scrobble a scrobble.
package enum ListenRule {
    package static let shortestTrackMs: Int64 = 30_000
    package static let longestNeededMs: Int64 = 4 * 60_000

    /// - Parameters:
    ///   - playedMs: how long it was heard; nil when the player only said that it was.
    ///   - durationMs: of the track; nil when nobody knows, and then four minutes count.
    package static func counts(playedMs: Int64?, durationMs: Int64?) -> Bool {
        guard let durationMs, durationMs > 0 else { return (playedMs ?? .max) >= longestNeededMs }
        guard durationMs > shortestTrackMs else { return false }
        guard let playedMs else { return true }
        return playedMs >= longestNeededMs || playedMs >= durationMs / 2 + durationMs % 2
    }
}
