/// One time that an account heard a track, or has begun to.
package struct Play: Hashable, Sendable {
    package enum Submission: String, Codable, CaseIterable, Sendable {
        /// It plays now.
        case started
        /// It is over, at its end or before.
        case finished
    }

    package var id: Int64
    package var trackID: Int64
    /// Microseconds since the epoch.
    package var startedAt: Int64
    /// How long it was heard; nil while nobody has said.
    package var playedMs: Int64?
    /// The player's name.
    package var client: String?
    package var isFinished: Bool
    /// Whether it counts as a listen: by `ListenRule`, or because its player submitted it.
    package var counts: Bool

    package init(
        id: Int64, trackID: Int64, startedAt: Int64, playedMs: Int64?, client: String?, isFinished: Bool, counts: Bool
    ) {
        self.id = id
        self.trackID = trackID
        self.startedAt = startedAt
        self.playedMs = playedMs
        self.client = client
        self.isFinished = isFinished
        self.counts = counts
    }
}

/// What a player says of a play.
package struct PlayReport: Hashable, Sendable {
    package var trackID: Int64
    package var submission: Play.Submission
    /// Microseconds since the epoch; nil: now, or so long ago as it was heard.
    package var startedAt: Int64?
    package var playedMs: Int64?
    package var client: String?
    /// The player's word that it counts, however long the track is. Services outside are told by `ListenRule` alone.
    package var isSubmitted: Bool

    package init(
        trackID: Int64, submission: Play.Submission, startedAt: Int64? = nil, playedMs: Int64? = nil,
        client: String? = nil, isSubmitted: Bool = false
    ) {
        self.trackID = trackID
        self.submission = submission
        self.startedAt = startedAt
        self.playedMs = playedMs
        self.client = client
        self.isSubmitted = isSubmitted
    }

    /// Services take nothing from before 2003, and clocks of players are set wrong now and then.
    package static let earliestStart: Int64 = 1_041_379_200_000_000
    /// How far ahead of this machine's a player's clock may go.
    package static let maxAheadSeconds: Int64 = 3600
    /// A week: longer than any track.
    package static let maxPlayedMs: Int64 = 7 * 24 * 3_600_000
    package static let maxClientBytes = 100

    /// When the play began, as far as the report and the track tell.
    package func start(now: Int64, durationMs: Int64?) -> Int64 {
        if let startedAt { return startedAt }
        guard submission == .finished else { return now }
        return now - min(max(0, playedMs ?? durationMs ?? 0), Self.maxPlayedMs) * 1000
    }
}
