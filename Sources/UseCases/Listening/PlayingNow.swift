import Domain

/// Who plays what, on all accounts: what players report, and plays that have begun and not ended.
package struct PlayingNow: Sendable {
    package struct Entry: Sendable {
        package let account: Account
        /// The player's name; empty where it has none.
        package let client: String
        package var track: Track
        package let startedAt: Int64
        /// When the player was last heard of.
        package let toldAt: Int64
        /// Nil for a player that tells only of beginnings and ends.
        package let progress: Progress?
    }

    package struct Progress: Sendable {
        package let state: PlaybackReport.State
        package let positionMs: Int64
        package let rate: Double
    }

    private let accounts: any AccountStore
    private let listening: any ListeningStore
    private let catalogue: any Catalogue
    private let sessions: PlaybackSessions

    /// Accounts that are looked at, and plays of each.
    private static let accountsMax = 100
    private static let recentMax = 20
    /// A play without an end is over so long after the end of its track.
    private static let graceMs: Int64 = 60_000

    package init(
        accounts: any AccountStore, listening: any ListeningStore, catalogue: any Catalogue,
        sessions: PlaybackSessions
    ) {
        self.accounts = accounts
        self.listening = listening
        self.catalogue = catalogue
        self.sessions = sessions
    }

    /// By account, then who was heard of last; one for each player.
    package func entries(now: Int64) async throws -> [Entry] {
        var entries: [Entry] = []
        for account in try await accounts.accounts().prefix(Self.accountsMax) where account.disabledAt == nil {
            entries += try await self.entries(of: account, now: now)
        }
        return entries
    }

    private func entries(of account: Account, now: Int64) async throws -> [Entry] {
        let shown = sessions.shown(account: account.id, now: now)
        let plays = try await listening.plays(
            account: account.id, listensOnly: false, page: PageRequest(limit: Self.recentMax)
        ).items.filter { !$0.isFinished }
        let tracks = try await catalogue.tracks(
            ids: Array(Set(shown.map(\.session.trackID) + plays.map(\.trackID))))
        let byID = Dictionary(tracks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var (entries, players): ([Entry], Set<String>) = ([], [])
        for (client, session) in shown {
            guard let track = byID[session.trackID] else { continue }
            players.insert(client)
            let progress = Progress(
                state: session.state, positionMs: session.positionMs(now: now), rate: session.rate)
            entries.append(
                Entry(
                    account: account, client: client, track: track, startedAt: session.startedAt,
                    toldAt: session.reportedAt, progress: progress))
        }
        for play in plays {
            guard let track = byID[play.trackID], Self.isRunning(play, track, now: now),
                players.insert(play.client ?? "").inserted
            else { continue }
            entries.append(
                Entry(
                    account: account, client: play.client ?? "", track: track, startedAt: play.startedAt,
                    toldAt: play.startedAt, progress: nil))
        }
        return entries
    }

    /// Whether it may go on still, as far as its beginning and the track's length tell.
    private static func isRunning(_ play: Play, _ track: Track, now: Int64) -> Bool {
        let lengthMs = Int64(track.analysis?.durationMs ?? track.properties.durationMs ?? 0)
        return play.startedAt / 1000 + lengthMs + graceMs >= now / 1000
    }
}
