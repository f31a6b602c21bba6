import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/now-playing` and `/v1/plays/progress`
struct NowPlayingRoutes: Sendable {
    let services: APIServices

    private static let trackID = BodyField("track_id", Scalar<Int64>.id, isRequired: true, "What is played.")
    private static let state = BodyField(
        "state", Scalar<PlaybackReport.State>.choice, isRequired: true,
        "starting: it begins, or waits for bytes. stopped: it is over, at its end or before.")
    private static let positionMs = BodyField(
        "position_ms", .integer(0...Int(PlayReport.maxPlayedMs)), isRequired: true, "Within the track.")
    private static let rate = BodyField("rate", .number(PlaybackReport.rates), "How fast it plays; 1 when absent.")
    private static let isSilent = BodyField(
        "silent", Scalar<Bool>.flag, "True: it is shown as what plays, and counts as nothing.")
    private static let client = BodyField("client", .text(1...PlayReport.maxClientBytes), "The player's name.")

    var routes: [Route] { [list, report] }

    private var list: Route {
        .json(
            .get, "/v1/now-playing", "listNowPlaying", "List what all accounts play now", access: .user,
            answer: Shape<PlayingNow.Entry>.playingNow.page("NowPlayingPage"),
            "One for each player. One that tells only of beginnings and ends is left out a minute after its track would "
                + "have ended."
        ) { request in
            let entries = try await services.playingNow.entries(now: services.clock())
            return .whole(try await services.marked(entries, at: \.track, for: request))
        }
    }

    private var report: Route {
        Route(
            .post, "/v1/plays/progress", "reportProgress", "Say where a player is, again and again", access: .user,
            body: BodySpec(
                "NewProgress",
                [
                    .init(Self.trackID), .init(Self.state), .init(Self.positionMs), .init(Self.rate),
                    .init(Self.isSilent), .init(Self.client),
                ]),
            answers: [
                .init(
                    status: .noContent,
                    description:
                        "Known. The first word begins a play, the last ends it, and it counts by how far it got.",
                    content: [:])
            ],
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let body = request.body
            let report = PlaybackReport(
                trackID: try body.require(Self.trackID), state: try body.require(Self.state),
                positionMs: Int64(try body.require(Self.positionMs)), rate: try body.optional(Self.rate) ?? 1,
                isSilent: try body.optional(Self.isSilent) ?? false, client: try body.optional(Self.client))
            let account = try request.account()
            try await Problem.naming("track_id") { try await services.take(report, account: account) }
            return Response(status: .noContent)
        }
    }
}

extension APIServices {
    var playingNow: PlayingNow {
        PlayingNow(accounts: accounts, listening: listening, catalogue: catalogue, sessions: sessions)
    }

    /// What a player reports, by whichever door.
    func take(_ report: PlaybackReport, account: Int64) async throws {
        let track = try await catalogue.track(id: report.trackID)
        let begun = try await sessions.take(
            report, account: account, durationMs: track.durationMs.map(Int64.init), store: listening, now: clock())
        if let begun { nowPlaying?.tell(begun, account: account) }
        if report.state == .playing { presence.note() }
    }
}
