/// What accounts did with a track, and where it stands in their lists, when its row goes because it is another one that
/// moved and was heard again.
enum ListeningMerge {
    /// Gives plays, marks and places in lists to the track that stays. A play that both have, to the microsecond, is one.
    static func move(from gone: Int64, to kept: Int64, _ connection: any Connection) throws {
        try connection.execute(
            """
            DELETE FROM play WHERE track_id = \(gone) AND EXISTS (SELECT 1 FROM play AS other
                WHERE other.track_id = \(kept) AND other.account_id = play.account_id
                    AND other.started_at = play.started_at)
            """)
        try connection.execute("UPDATE play SET track_id = \(kept) WHERE track_id = \(gone)")
        try connection.execute(
            """
            INSERT INTO track_mark (account_id, track_id, starred_at, rating, plays, last_played_at)
            SELECT account_id, \(kept), starred_at, rating, plays, last_played_at FROM track_mark
            WHERE track_id = \(gone)
            ON CONFLICT (account_id, track_id) DO UPDATE SET
                starred_at = COALESCE(track_mark.starred_at, excluded.starred_at),
                rating = COALESCE(excluded.rating, track_mark.rating), plays = 0, last_played_at = NULL
            """)
        try connection.execute("DELETE FROM track_mark WHERE track_id = \(gone)")
        try connection.execute("UPDATE playlist_entry SET track_id = \(kept) WHERE track_id = \(gone)")
        try connection.execute("UPDATE play_queue_entry SET track_id = \(kept) WHERE track_id = \(gone)")
        // Counted anew: a play that both had counts once.
        try connection.execute(
            """
            UPDATE track_mark SET plays = (SELECT COUNT(*) FROM play WHERE play.track_id = track_mark.track_id
                    AND play.account_id = track_mark.account_id AND counted = 1),
                last_played_at = (SELECT MAX(started_at) FROM play WHERE play.track_id = track_mark.track_id
                    AND play.account_id = track_mark.account_id AND counted = 1)
            WHERE track_id = \(kept)
            """)
    }
}
