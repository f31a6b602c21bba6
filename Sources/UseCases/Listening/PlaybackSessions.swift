import Domain
import Synchronization

/// What plays on the players of all accounts that tell of it: one place for all doors. It is kept in memory, since it is over
/// soon; the plays themselves are in the store, by which a session is found again after a restart.
package final class PlaybackSessions: Sendable {
    private struct Key: Hashable {
        let account: Int64
        let client: String
    }

    private struct Entry {
        var session: PlaybackSession
        /// Whether the store has been told that it began.
        var isBegun: Bool
    }

    /// Players that are remembered, and plays of each: the end of one may be told again when the next one plays.
    private static let maxPlayers = 1000
    private static let maxPlays = 4
    /// Plays of the store among which one is looked for that goes on.
    private static let maxRecent = 20
    /// Ends of one play that are told apart from those of two.
    private static let sameEndMs: Int64 = 10_000

    private let players = Mutex<[Key: [Entry]]>([:])

    package init() {}

    /// What plays now, as players told it, those who were heard of last first.
    package func shown(account: Int64, now: Int64) -> [(client: String, session: PlaybackSession)] {
        players.withLock { players in
            players.compactMap { key, entries in
                guard key.account == account, let last = entries.last?.session, last.isShown(now: now) else {
                    return nil
                }
                return (key.client, last)
            }
        }.sorted { ($0.session.reportedAt, $0.client) > ($1.session.reportedAt, $1.client) }
    }

    /// Takes a report to heart, and writes to the store what follows from it: that a play began, or how it ended.
    ///
    /// A report that is told again changes nothing: a play is known by when it began.
    /// - Returns: The play that began with it, if one did.
    package func take(
        _ report: PlaybackReport, account: Int64, durationMs: Int64?, store: any ListeningStore, now: Int64
    ) async throws -> Play? {
        let key = Key(account: account, client: report.client ?? "")
        var known: Play?
        if !knows(report, key, now: now) {
            let recent = try await recent(report, account: account, durationMs: durationMs, store: store, now: now)
            known = recent.first { !$0.isFinished }
            // An end that is told twice, of a play that this server had forgotten.
            let end = PlaybackSession(report, durationMs: durationMs, now: now)
            if report.state == .stopped, known == nil,
                recent.contains(where: { abs($0.startedAt - end.startedAt) < Self.sameEndMs * 1000 })
            {
                return nil
            }
        }
        let entry = note(report, key, durationMs: durationMs, known: known, now: now)
        guard let told = Self.told(report, entry) else { return nil }
        let play = try await store.report(told, account: account)
        guard told.submission == .started else { return nil }
        confirm(entry.session, key)
        return play
    }

    /// Another way of telling says that this player has gone on to this track.
    package func leave(account: Int64, client: String?, for trackID: Int64) {
        let key = Key(account: account, client: client ?? "")
        players.withLock { players in
            if players[key]?.last?.session.trackID != trackID { players[key] = nil }
        }
    }

    // MARK: What is remembered

    private func knows(_ report: PlaybackReport, _ key: Key, now: Int64) -> Bool {
        players.withLock { $0[key]?.contains { $0.session.isContinued(by: report, now: now) } == true }
    }

    private func note(
        _ report: PlaybackReport, _ key: Key, durationMs: Int64?, known: Play?, now: Int64
    ) -> Entry {
        players.withLock { players in
            var entries = players[key] ?? []
            var entry: Entry
            let place = entries.lastIndex { $0.session.isContinued(by: report, now: now) }
            let isNewest = place == entries.indices.last
            if let place {
                entry = entries.remove(at: place)
                entry.session.take(report, now: now)
            } else {
                entry = Entry(
                    session: PlaybackSession(report, startedAt: known?.startedAt, durationMs: durationMs, now: now),
                    isBegun: known != nil)
            }
            // The end of another play than the one that plays now leaves that in its place.
            let isLate =
                report.state == .stopped && !isNewest && entries.last?.session.isShown(now: now) == true
            entries.insert(entry, at: isLate ? entries.count - 1 : entries.count)
            if players[key] == nil { Self.makeRoom(&players, now: now) }
            players[key] = Array(entries.suffix(Self.maxPlays))
            return entry
        }
    }

    private static func makeRoom(_ players: inout [Key: [Entry]], now: Int64) {
        guard players.count >= maxPlayers else { return }
        players = players.filter { $0.value.last.map { !$0.session.isOver(now: now) } ?? false }
        guard players.count >= maxPlayers else { return }
        let oldest = players.min { ($0.value.last?.session.reportedAt ?? 0) < ($1.value.last?.session.reportedAt ?? 0) }
        if let oldest { players[oldest.key] = nil }
    }

    private func confirm(_ session: PlaybackSession, _ key: Key) {
        players.withLock { players in
            guard var entries = players[key],
                let place = entries.lastIndex(where: {
                    $0.session.trackID == session.trackID && $0.session.startedAt == session.startedAt
                })
            else { return }
            entries[place].isBegun = true
            players[key] = entries
        }
    }

    // MARK: What is written

    /// Nil where there is nothing to say: it plays on, or it is to count as nothing.
    private static func told(_ report: PlaybackReport, _ entry: Entry) -> PlayReport? {
        let session = entry.session
        if report.state == .stopped {
            // What the store has as begun is ended there in any case.
            guard !report.isSilent || entry.isBegun else { return nil }
            return PlayReport(
                trackID: session.trackID, submission: .finished, startedAt: session.startedAt,
                playedMs: report.isSilent ? 0 : session.playedMs, client: report.client)
        }
        guard !report.isSilent, !entry.isBegun else { return nil }
        return PlayReport(
            trackID: session.trackID, submission: .started, startedAt: session.startedAt, client: report.client)
    }

    /// The newest plays of this track by this player that may go on still.
    private func recent(
        _ report: PlaybackReport, account: Int64, durationMs: Int64?, store: any ListeningStore, now: Int64
    ) async throws -> [Play] {
        guard report.state != .starting else { return [] }
        return try await store.plays(
            account: account, listensOnly: false, page: PageRequest(limit: Self.maxRecent)
        ).items.filter { play in
            guard play.trackID == report.trackID, play.client == report.client else { return false }
            let begun = PlaybackReport(trackID: play.trackID, state: .playing, positionMs: 0)
            let asPlayed = PlaybackSession(
                begun, startedAt: play.startedAt, durationMs: durationMs, now: play.startedAt)
            return !asPlayed.isOver(now: now)
        }
    }
}
