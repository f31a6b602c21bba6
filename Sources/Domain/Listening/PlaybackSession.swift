/// What a player says of where it is in a track.
package struct PlaybackReport: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// It begins, or begins anew, and may wait for bytes: its time stands still.
        case starting
        case playing, paused
        case stopped
    }

    package var trackID: Int64
    package var state: State
    package var positionMs: Int64
    /// How fast it plays; 1 is as recorded.
    package var rate: Double
    /// It is shown as what plays, and counts as nothing.
    package var isSilent: Bool
    /// The player's name.
    package var client: String?

    package init(
        trackID: Int64, state: State, positionMs: Int64, rate: Double = 1, isSilent: Bool = false,
        client: String? = nil
    ) {
        self.trackID = trackID
        self.state = state
        self.positionMs = min(max(0, positionMs), PlayReport.maxPlayedMs)
        self.rate = rate.isFinite ? min(max(rate, Self.rates.lowerBound), Self.rates.upperBound) : 1
        self.isSilent = isSilent
        self.client = client
    }

    /// What is slower or faster is taken for these.
    package static let rates = 0.05...20.0
}

/// One play of a track, as its player tells of it again and again.
package struct PlaybackSession: Hashable, Sendable {
    package let trackID: Int64
    /// When the play began, which it is known by; microseconds since the epoch, as all times here.
    package let startedAt: Int64
    /// Nil where nobody knows.
    package let durationMs: Int64?
    package private(set) var state: PlaybackReport.State
    package private(set) var rate: Double
    package private(set) var reportedAt: Int64
    private var reportedPositionMs: Int64
    /// How long it has played by the clock of this server.
    private var heardMs: Int64 = 0

    /// A player is listened to for so long after the end of its track. Source: OpenSubsonic, `reportPlayback`.
    private static let patienceMs: Int64 = 30 * 60_000
    /// One that plays and is not heard of is shown for so long after the end of its track.
    private static let graceMs: Int64 = 60_000
    /// A player that goes back by less than this has not begun anew.
    private static let slackMs: Int64 = 10_000

    /// - Parameter startedAt: Of a play that is known already.
    package init(_ report: PlaybackReport, startedAt: Int64? = nil, durationMs: Int64?, now: Int64) {
        trackID = report.trackID
        let agoMs = min(Int64(Double(report.positionMs) / report.rate), PlayReport.maxPlayedMs)
        self.startedAt = startedAt ?? now - agoMs * 1000
        self.durationMs = durationMs
        state = report.state
        rate = report.rate
        reportedAt = now
        reportedPositionMs = report.positionMs
    }

    /// Where it is, as far as its last report tells.
    package func positionMs(now: Int64) -> Int64 {
        guard state == .playing else { return reportedPositionMs }
        let position = reportedPositionMs + Int64(Double(max(0, now - reportedAt) / 1000) * rate)
        return min(position, max(durationMs ?? .max, reportedPositionMs))
    }

    /// Whether the report is of this play; else it is of another one of the same track.
    package func isContinued(by report: PlaybackReport, now: Int64) -> Bool {
        guard report.trackID == trackID, !isOver(now: now) else { return false }
        switch (state, report.state) {
        case (_, .stopped): return true
        case (.stopped, .starting): return false
        case (.stopped, _), (_, .starting): return !isBack(report.positionMs, now: now)
        // It was moved within the track.
        default: return true
        }
    }

    private func isBack(_ positionMs: Int64, now: Int64) -> Bool {
        let expected = self.positionMs(now: now)
        return positionMs + Self.slackMs < expected || positionMs < expected / 2
    }

    package mutating func take(_ report: PlaybackReport, now: Int64) {
        heardMs = min(heardMs + max(0, positionMs(now: now) - reportedPositionMs), PlayReport.maxPlayedMs)
        state = report.state
        rate = report.rate
        reportedAt = max(reportedAt, now)
        reportedPositionMs = report.positionMs
    }

    /// How long the track was heard: as far as it got, or as long as it took where it went back.
    package var playedMs: Int64 { max(heardMs, reportedPositionMs) }

    /// Nobody is listened to any more: half an hour after the track would have ended, had it played on.
    package func isOver(now: Int64) -> Bool { now > endsAt + Self.patienceMs * 1000 }

    /// Whether it is to be shown among what plays.
    package func isShown(now: Int64) -> Bool {
        switch state {
        case .stopped: false
        case .playing: now <= endsAt + Self.graceMs * 1000
        case .starting, .paused: !isOver(now: now)
        }
    }

    /// When the track ends if it plays on from the last report.
    private var endsAt: Int64 {
        let leftMs = max(0, (durationMs ?? 0) - reportedPositionMs)
        return reportedAt + Int64(Double(leftMs) / rate) * 1000
    }
}
