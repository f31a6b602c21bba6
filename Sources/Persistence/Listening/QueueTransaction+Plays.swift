import Domain
import UseCases

extension QueueTransaction {
    /// Writes what a player said; what follows from a listen is written with it.
    mutating func takeDown(_ report: PlayReport, account: Int64) throws -> Play {
        let durationMs = try duration(ofTrack: report.trackID)
        let known = try openPlay(report, account: account)
        let startedAt = known?.startedAt ?? report.start(now: now, durationMs: durationMs)
        let before = try begin(report, startedAt: startedAt, account: account)
        var play = before
        if report.submission == .finished {
            play.isFinished = true
            play.playedMs = [before.playedMs, report.playedMs].compactMap { $0 }.max()
            play.counts = before.counts || report.isSubmitted || play.isListen(durationMs)
        }
        play.client = before.client ?? report.client
        guard play != before else { return play }
        try connection.execute(
            """
            UPDATE play SET played_ms = \(play.playedMs), client = \(play.client), finished = \(play.isFinished),
                counted = \(play.counts) WHERE id = \(play.id)
            """)
        if play.counts, !before.counts { try count(play, account: account) }
        if play.isListen(durationMs), !before.isListen(durationMs) { try tellOutside(play, account: account) }
        return play
    }

    /// As decoded, or as the header says while that is not known; nil when nobody knows. Throws `notFound` without a track.
    private func duration(ofTrack id: Int64) throws -> Int64? {
        let found = try connection.first(
            """
            SELECT track.duration_ms, (SELECT MAX(analysis.duration_ms) FROM analysis
                WHERE analysis.content_key = track.content_key)
            FROM track WHERE id = \(id)
            """
        ) { row in (header: row.int(0), heard: row.int(1)) }
        guard let found else { throw StoreError.notFound("there is no track \(id)") }
        return found.heard ?? found.header
    }

    /// The play that ends when a player says so without a time: the last one that it began on this track.
    private func openPlay(_ report: PlayReport, account: Int64) throws -> Play? {
        guard report.submission == .finished, report.startedAt == nil else { return nil }
        let oldest = now - DatabaseListeningStore.openPlaySeconds * 1_000_000
        return try connection.first(
            """
            SELECT \(PlayRow.columns) FROM play WHERE account_id = \(account) AND track_id = \(report.trackID)
                AND finished = 0 AND started_at > \(oldest) ORDER BY started_at DESC LIMIT 1
            """, PlayRow.play)
    }

    /// The row of this play, which others wait for from now on.
    private func begin(_ report: PlayReport, startedAt: Int64, account: Int64) throws -> Play {
        try connection.execute(
            """
            INSERT INTO play (account_id, track_id, started_at, finished, counted)
            VALUES (\(account), \(report.trackID), \(startedAt), 0, 0) ON CONFLICT DO NOTHING
            """)
        let play = try connection.first(
            """
            SELECT \(PlayRow.columns) FROM play WHERE account_id = \(account) AND track_id = \(report.trackID)
                AND started_at = \(startedAt)\(Query.forUpdate(connection.dialect))
            """, PlayRow.play)
        guard let play else {
            throw StoreError.retryable(afterSeconds: 1, "the database is busy: others change the same rows")
        }
        return play
    }

    private mutating func count(_ play: Play, account: Int64) throws {
        try connection.execute(
            """
            INSERT INTO track_mark (account_id, track_id, plays, last_played_at)
            VALUES (\(account), \(play.trackID), 1, \(play.startedAt))
            ON CONFLICT (account_id, track_id) DO UPDATE SET plays = track_mark.plays + 1,
                last_played_at = CASE WHEN track_mark.last_played_at > excluded.last_played_at
                    THEN track_mark.last_played_at ELSE excluded.last_played_at END
            """)
    }

    private mutating func tellOutside(_ play: Play, account: Int64) throws {
        let tasks = try ListenOutbox.add(play: play, account: account, now: now, connection)
        try enqueue(tasks.map { EnqueuedTask($0, scanID: nil, parentID: nil) })
    }
}

extension Play {
    /// Whether services outside take it for a listen.
    fileprivate func isListen(_ durationMs: Int64?) -> Bool {
        isFinished && ListenRule.counts(playedMs: playedMs, durationMs: durationMs)
    }
}
