import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/tracks`, `/v1/search` and `/v1/library`
struct TrackRoutes: Sendable {
    let services: APIServices

    private static let maxAnswers = 100
    private static let defaultAnswers = 20
    private static let maxQueryLength = 200

    private static let albumID = Parameter("album_id", .id, "Only tracks of this album.")
    private static let artistID = Parameter("artist_id", .id, "Only tracks of this artist.")
    private static let path = Parameter(
        "path", Scalar<FilePath>.folder,
        "Only the track whose file this is, as `path` in an answer names it: percent-encoded, or bytes: and hex.")
    private static let sort = Parameter(
        "sort", Scalar<PersonalOrder>.choice,
        "By what the account that asks has done, the latest, most or best first; only tracks of which there is something "
            + "to tell. Every track in the order of its arrival when absent.")
    private static let query = Parameter(
        "q", .text(1...maxQueryLength), isRequired: true,
        "Words, or beginnings of words, of titles, artists, albums or genres.")
    private static let limit = Parameter(
        "limit", .integer(1...maxAnswers), "How many tracks at most; \(defaultAnswers) when absent.")

    var routes: [Route] {
        [list, show, search, totals]
    }

    private var list: Route {
        .json(
            .get, "/v1/tracks", "listTracks", "List tracks", access: .user,
            parameters: .paging + [
                ParameterSpec(Self.albumID), ParameterSpec(Self.artistID), ParameterSpec(Self.path),
                ParameterSpec(.starred), ParameterSpec(Self.sort),
            ],
            answer: Shape<Track>.track.page("TrackPage"), "One page of tracks."
        ) { request in
            let filter = TrackFilter(
                albumID: try request.optional(Self.albumID), artistID: try request.optional(Self.artistID),
                path: try request.optional(Self.path), starredBy: try request.starredBy())
            let page = try request.page()
            guard let order = try request.optional(Self.sort) else {
                let found = try await Problem.listing { try await services.catalogue.tracks(filter, page: page) }
                return try await services.marked(found, for: request)
            }
            return try await services.marked(try await sorted(order, filter, page, request.account()), for: request)
        }
    }

    private func sorted(
        _ order: PersonalOrder, _ filter: TrackFilter, _ page: PageRequest, _ account: Int64
    ) async throws -> Page<Track> {
        let ids = try await Problem.listing {
            try await services.listening.tracks(order, account: account, filter: filter, page: page)
        }
        return Page(items: try await services.catalogue.tracks(ids: ids.items), nextCursor: ids.nextCursor)
    }

    private var show: Route {
        .json(
            .get, "/v1/tracks/{id}", "getTrack", "Show a track", access: .user,
            parameters: [ParameterSpec(.id), ParameterSpec(EnrichmentRoutes.enrich)], answer: .singleTrack, "The track."
        ) { request in
            let found = try await services.catalogue.track(id: request.require(.id))
            var track = try await services.marked([found], for: request)[0]
            track.outside = try await services.findings(of: .track, track.id, request)
            return track
        }
    }

    private var search: Route {
        .json(
            .get, "/v1/search", "search", "Search the library", access: .user,
            parameters: [ParameterSpec(Self.query), ParameterSpec(Self.limit)],
            answer: Shape<Track>.track.page("TrackPage"), "Tracks, the best match first."
        ) { request in
            let limit = try request.optional(Self.limit) ?? Self.defaultAnswers
            let found = try await services.catalogue.search(try request.require(Self.query), limit: limit)
            return .whole(try await services.marked(found, for: request))
        }
    }

    private var totals: Route {
        .json(
            .get, "/v1/library", "libraryTotals", "Count what is in the library", access: .user, answer: .totals,
            "The totals."
        ) { _ in try await services.catalogue.totals() }
    }
}
