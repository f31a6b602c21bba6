import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/plays`
struct PlayRoutes: Sendable {
    let services: APIServices

    private static let trackID = BodyField("track_id", Scalar<Int64>.id, isRequired: true, "What is played.")
    private static let submission = BodyField(
        "submission", Scalar<Play.Submission>.choice, isRequired: true,
        "started: it plays now. finished: it is over, at its end or before.")
    private static let startedAt = BodyField(
        "started_at", Scalar<Int64>.time,
        "When it began: the same track with the same beginning is the same play. When absent: now, or for what is finished "
            + "the play of this track that was begun last, else so long ago as it was heard.")
    private static let secondsPlayed = BodyField(
        "seconds_played", .number(0...Double(PlayReport.maxPlayedMs / 1000)),
        "How long it was heard; to its end when absent.")
    private static let client = BodyField("client", .text(1...PlayReport.maxClientBytes), "The player's name.")
    private static let listensOnly = Parameter(
        "listens", Scalar<Bool>.flag, "True: only plays that count as listens.")

    var routes: [Route] { [report, list] }

    private var report: Route {
        .json(
            .post, "/v1/plays", "reportPlay", "Say that a track plays, or has been played", access: .user,
            body: BodySpec(
                "NewPlay",
                [
                    .init(Self.trackID), .init(Self.submission), .init(Self.startedAt), .init(Self.secondsPlayed),
                    .init(Self.client),
                ]),
            answer: .play, "The play as it is known now.", problems: [.conflict, .insufficientStorage]
        ) { request in
            let (report, account) = (try report(request.body), try request.account())
            let play = try await Problem.naming("track_id") {
                try await services.listening.report(report, account: account)
            }
            if report.submission == .started {
                services.presence.note()
                services.sessions.leave(account: account, client: report.client, for: report.trackID)
                services.nowPlaying?.tell(play, account: account)
            }
            return play
        }
    }

    private func report(_ body: Body) throws(Problem) -> PlayReport {
        let startedAt = try body.optional(Self.startedAt)
        let latest = services.clock() + PlayReport.maxAheadSeconds * 1_000_000
        guard startedAt.map({ (PlayReport.earliestStart...latest).contains($0) }) ?? true else {
            throw .invalid("started_at lies before 2003 or more than an hour ahead")
        }
        let seconds = try body.optional(Self.secondsPlayed)
        return PlayReport(
            trackID: try body.require(Self.trackID), submission: try body.require(Self.submission),
            startedAt: startedAt, playedMs: seconds.flatMap { Int64(exactly: ($0 * 1000).rounded()) },
            client: try body.optional(Self.client))
    }

    private var list: Route {
        .json(
            .get, "/v1/plays", "listPlays", "List what one has played, newest first", access: .user,
            parameters: .paging + [ParameterSpec(Self.listensOnly)],
            answer: Shape<PlayedTrack>.playedTrack.page("PlayPage"), "One page of the history of the account that asks."
        ) { request in
            let (page, listensOnly) = (try request.page(), try request.optional(Self.listensOnly) ?? false)
            let account = try request.account()
            let plays = try await Problem.listing {
                try await services.listening.plays(account: account, listensOnly: listensOnly, page: page)
            }
            let tracks = try await services.catalogue.tracks(ids: plays.items.map(\.trackID))
            let byID = Dictionary(
                try await services.marked(tracks, for: request).map { ($0.id, $0) },
                uniquingKeysWith: { first, _ in first })
            return Page(
                items: plays.items.compactMap { play in byID[play.trackID].map { PlayedTrack(play: play, track: $0) } },
                nextCursor: plays.nextCursor)
        }
    }
}
