import Domain
import UseCases

/// What is played, and was.
struct SubsonicPlays: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    private static let mediaTypes = ["song", "podcast"]
    /// Scrobbles of one call.
    private static let maxPlays = 500
    /// Accounts that are looked at for what plays now, and plays of each.
    private static let maxListeners = 100
    private static let maxRecent = 20
    /// A play without an end is over so long after the end of its track.
    private static let graceMs: Int64 = 60_000

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("scrobble", required: ["id"], handle: scrobble),
            SubsonicMethod(
                "reportPlayback", required: ["mediaId", "mediaType", "positionMs", "state"], handle: reportPlayback),
            SubsonicMethod("getNowPlaying", handle: nowPlaying),
        ]
    }

    // MARK: Telling

    private func scrobble(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let ids = try parameters.trackIDs("id")
        guard ids.count <= Self.maxPlays else { throw SubsonicError(.generic, "more than \(Self.maxPlays) plays") }
        let times = parameters.list("time")
        guard times.isEmpty || times.count == ids.count else {
            throw SubsonicError(.generic, "there are \(ids.count) ids and \(times.count) times")
        }
        let starts = try times.map(start)
        // All of them or none: a player sends the whole call again.
        let known = Set(try await services.catalogue.tracks(ids: Array(Set(ids))).map(\.id))
        guard ids.allSatisfy(known.contains) else { throw SubsonicError.notFound }
        let isOver = try parameters.flag("submission") ?? true
        for (index, id) in ids.enumerated() {
            try await report(
                PlayReport(
                    trackID: id, submission: isOver ? .finished : .started,
                    startedAt: starts.isEmpty ? nil : starts[index], client: clientName(call), isSubmitted: isOver),
                call)
        }
        return .nothing
    }

    /// Of milliseconds since the epoch.
    private func start(_ text: String) throws(SubsonicError) -> Int64 {
        let latest = services.clock() + PlayReport.maxAheadSeconds * 1_000_000
        guard let time = Int64(text), let start = Optional(time.multipliedReportingOverflow(by: 1000)),
            !start.overflow, (PlayReport.earliestStart...latest).contains(start.partialValue)
        else { throw .invalid("time", "milliseconds since 1970, after 2003 and not in the future") }
        return start.partialValue
    }

    private func clientName(_ call: SubsonicCall) -> String? {
        guard var name = call.client, !name.isEmpty else { return nil }
        while name.utf8.count > PlayReport.maxClientBytes { name.removeLast() }
        return name
    }

    private func report(_ report: PlayReport, _ call: SubsonicCall) async throws {
        let account = try call.account().id
        let play = try await services.listening.report(report, account: account)
        guard report.submission == .started else { return }
        services.sessions.leave(account: account, client: report.client, for: report.trackID)
        services.nowPlaying?.tell(play, account: account)
    }

    /// What players say again and again: see `PlaybackSessions`.
    private func reportPlayback(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let type = try parameters.require("mediaType")
        guard let state = PlaybackReport.State(rawValue: try parameters.require("state")) else {
            throw SubsonicError.invalid("state", "starting, playing, paused or stopped")
        }
        guard Self.mediaTypes.contains(type) else { throw SubsonicError.invalid("mediaType", "song or podcast") }
        guard type == "song" else { throw SubsonicError.notFound }
        let report = PlaybackReport(
            trackID: try parameters.trackID("mediaId"), state: state,
            positionMs: try parameters.integer("positionMs", to: PlayReport.maxPlayedMs) ?? 0,
            rate: try rate(parameters), isSilent: try parameters.flag("ignoreScrobble") ?? false,
            client: clientName(call))
        let account = try call.account().id
        let track = try await services.catalogue.track(id: report.trackID)
        let begun = try await services.sessions.take(
            report, account: account, durationMs: track.durationMs.map(Int64.init), store: services.listening,
            now: services.clock())
        if let begun { services.nowPlaying?.tell(begun, account: account) }
        if state == .playing { services.presence.note() }
        return .nothing
    }

    private func rate(_ parameters: SubsonicParameters) throws(SubsonicError) -> Double {
        guard let text = parameters.filled("playbackRate") else { return 1 }
        guard let rate = Double(text), rate.isFinite, rate > 0 else {
            throw .invalid("playbackRate", "a number above 0")
        }
        return rate
    }

    // MARK: Asking

    /// What players report, and what others began by `scrobble` or `/v1/plays` and did not end.
    private func nowPlaying(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let (caller, now) = (try call.account(), services.clock())
        var entries: [SubsonicNode] = []
        for account in try await services.accounts.accounts().prefix(Self.maxListeners) where account.disabledAt == nil
        {
            let sessions = services.sessions.shown(account: account.id, now: now)
            let plays = try await services.listening.plays(
                account: account.id, listensOnly: false, page: PageRequest(limit: Self.maxRecent)
            ).items.filter { !$0.isFinished }
            let tracks = try await services.catalogue.tracks(
                ids: Array(Set(sessions.map(\.session.trackID) + plays.map(\.trackID))))
            let byID = Dictionary(tracks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            var players: Set<String> = []
            for (client, session) in sessions {
                guard let track = byID[session.trackID] else { continue }
                players.insert(client)
                let place = Place(account: account, client: client, number: entries.count + 1)
                var node = try await entry(track, since: session.reportedAt, place, caller)
                node.set("state", session.state.rawValue)
                node.set("positionMs", session.positionMs(now: now))
                node.set("playbackRate", number: session.rate)
                entries.append(node)
            }
            for play in plays {
                guard let track = byID[play.trackID], isRunning(play, track), players.insert(play.client ?? "").inserted
                else { continue }
                let place = Place(account: account, client: play.client ?? "", number: entries.count + 1)
                entries.append(try await entry(track, since: play.startedAt, place, caller))
            }
        }
        var node = SubsonicNode()
        node.add("entry", .children(entries))
        return .node("nowPlaying", node)
    }

    private func isRunning(_ play: Play, _ track: Track) -> Bool {
        let endMs = play.startedAt / 1000 + Int64(track.durationMs ?? 0) + Self.graceMs
        return endMs >= services.clock() / 1000
    }

    /// Who plays, on what.
    private struct Place {
        let account: Account
        /// Empty where the player has no name.
        let client: String
        let number: Int
    }

    /// - Parameter since: When it was last heard of.
    private func entry(
        _ track: Track, since: Int64, _ place: Place, _ caller: SubsonicCaller
    ) async throws -> SubsonicNode {
        var node = try await shelf.songs([track], for: caller)[0]
        node.set("username", place.account.name)
        node.set("minutesAgo", max(0, services.clock() - since) / 60_000_000)
        node.set("playerId", Int64(place.number))
        if !place.client.isEmpty { node.set("playerName", place.client) }
        return node
    }
}
