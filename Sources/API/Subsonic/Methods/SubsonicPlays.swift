import Domain
import UseCases

/// What is played, and was.
struct SubsonicPlays: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    private static let states = ["starting", "playing", "paused", "stopped"]
    private static let mediaTypes = ["song", "podcast"]
    /// Scrobbles of one call.
    private static let maxPlays = 500
    /// Accounts that are looked at for what plays now, and plays of each.
    private static let maxListeners = 100
    private static let maxRecent = 20
    /// A play without an end is over so long after the end of its track.
    private static let graceMs: Int64 = 60_000
    private static let againMs: Int64 = 10_000

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
                    startedAt: starts.isEmpty ? nil : starts[index], client: clientName(call)), call)
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

    @discardableResult
    private func report(_ report: PlayReport, _ call: SubsonicCall) async throws -> Play {
        let account = try call.account().id
        let play = try await services.listening.report(report, account: account)
        if report.submission == .started { services.nowPlaying?.tell(play, account: account) }
        return play
    }

    /// What players say again and again: the first word begins the play, the last ends it, and how far it got decides
    /// whether it counts.
    private func reportPlayback(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let (state, type) = (try parameters.require("state"), try parameters.require("mediaType"))
        guard Self.states.contains(state) else {
            throw SubsonicError.invalid("state", "starting, playing, paused or stopped")
        }
        guard Self.mediaTypes.contains(type) else { throw SubsonicError.invalid("mediaType", "song or podcast") }
        guard type == "song" else { throw SubsonicError.notFound }
        let id = try parameters.trackID("mediaId")
        let position = try parameters.integer("positionMs", to: PlayReport.maxPlayedMs) ?? 0
        let rate = try rate(parameters)
        let isSilent = try parameters.flag("ignoreScrobble") ?? false
        let recent = try await recentPlays(of: id, call)
        let known = recent.first { !$0.isFinished }
        if state == "stopped" {
            // Told twice, since the answer was lost.
            let start = began(position, rate)
            guard known != nil || !recent.contains(where: { abs($0.startedAt - start) < Self.againMs * 1000 }) else {
                return .nothing
            }
            let report = PlayReport(
                trackID: id, submission: .finished, startedAt: known?.startedAt ?? began(position, rate),
                playedMs: isSilent ? 0 : position, client: clientName(call))
            try await self.report(report, call)
        } else if known.map({ state == "starting" && isAnother($0, position) }) ?? true {
            let report = PlayReport(
                trackID: id, submission: .started, startedAt: began(position, rate), client: clientName(call))
            try await self.report(report, call)
        }
        return .nothing
    }

    /// The same track begins again, as opposed to the same play being told of twice.
    private func isAnother(_ play: Play, _ positionMs: Int64) -> Bool {
        services.clock() / 1000 - play.startedAt / 1000 > positionMs + Self.againMs
    }

    private func rate(_ parameters: SubsonicParameters) throws(SubsonicError) -> Double {
        guard let text = parameters.filled("playbackRate") else { return 1 }
        guard let rate = Double(text), rate.isFinite, rate > 0 else {
            throw .invalid("playbackRate", "a number above 0")
        }
        return rate
    }

    private func began(_ positionMs: Int64, _ rate: Double) -> Int64 {
        let agoMs = min(Double(positionMs) / rate, Double(PlayReport.maxPlayedMs))
        return services.clock() - Int64(agoMs * 1000)
    }

    /// The newest plays of this track by this player that are not long over: several players may use one account.
    private func recentPlays(of trackID: Int64, _ call: SubsonicCall) async throws -> [Play] {
        let newest = try await services.listening.plays(
            account: call.account().id, listensOnly: false, page: PageRequest(limit: Self.maxRecent)
        ).items.filter { $0.trackID == trackID && $0.client == clientName(call) }
        guard !newest.isEmpty else { return [] }
        let track = try await services.catalogue.track(id: trackID)
        return newest.filter { isRunning($0, track) }
    }

    // MARK: Asking

    private func nowPlaying(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let caller = try call.account()
        var entries: [SubsonicNode] = []
        for account in try await services.accounts.accounts().prefix(Self.maxListeners) where account.disabledAt == nil
        {
            let plays = try await services.listening.plays(
                account: account.id, listensOnly: false, page: PageRequest(limit: Self.maxRecent)
            ).items.filter { !$0.isFinished }
            let tracks = try await services.catalogue.tracks(ids: plays.map(\.trackID))
            var players: Set<String> = []
            for play in plays {
                guard let track = tracks.first(where: { $0.id == play.trackID }), isRunning(play, track),
                    players.insert(play.client ?? "").inserted
                else { continue }
                entries.append(try await entry(play, track, account, caller, number: entries.count + 1))
            }
        }
        var node = SubsonicNode()
        node.add("entry", .children(entries))
        return .node("nowPlaying", node)
    }

    private func isRunning(_ play: Play, _ track: Track) -> Bool {
        let lengthMs = Int64(track.analysis?.durationMs ?? track.properties.durationMs ?? 0)
        let endMs = play.startedAt / 1000 + lengthMs + Self.graceMs
        return endMs >= services.clock() / 1000
    }

    private func entry(
        _ play: Play, _ track: Track, _ account: Account, _ caller: SubsonicCaller, number: Int
    ) async throws -> SubsonicNode {
        var node = try await shelf.songs([track], for: caller)[0]
        node.set("username", account.name)
        node.set("minutesAgo", max(0, services.clock() - play.startedAt) / 60_000_000)
        node.set("playerId", Int64(number))
        node.set("playerName", play.client)
        return node
    }
}
