import Domain
import UseCases

/// What is played, and was.
struct SubsonicPlays: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    private static let mediaTypes = ["song", "podcast"]
    /// Scrobbles of one call.
    private static let maxPlays = 500

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
        try await services.take(report, account: call.account().id)
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

    private func nowPlaying(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let (caller, now) = (try call.account(), services.clock())
        var entries: [SubsonicNode] = []
        for found in try await services.playingNow.entries(now: now) {
            var node = try await shelf.songs([found.track], for: caller)[0]
            node.set("username", found.account.name)
            node.set("minutesAgo", max(0, now - found.toldAt) / 60_000_000)
            node.set("playerId", Int64(entries.count + 1))
            if !found.client.isEmpty { node.set("playerName", found.client) }
            if let progress = found.progress {
                node.set("state", progress.state.rawValue)
                node.set("positionMs", progress.positionMs)
                node.set("playbackRate", number: progress.rate)
            }
            entries.append(node)
        }
        var node = SubsonicNode()
        node.add("entry", .children(entries))
        return .node("nowPlaying", node)
    }
}
