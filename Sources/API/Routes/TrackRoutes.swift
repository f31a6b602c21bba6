import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/tracks` and `/v1/library`
struct TrackRoutes: Sendable {
    let services: APIServices

    private static let albumID = Parameter("album_id", .id, "Only tracks of this album.")
    private static let path = Parameter(
        "path", Scalar<FilePath>.folder,
        "Only the track whose file this is, as `path` in an answer names it: percent-encoded, or bytes: and hex.")
    private static let sort = Parameter(
        "sort", Scalar<TrackSort>.choice,
        "By what the account that asks has done, the latest, most or best first; only tracks of which there is something "
            + "to tell. random: only tracks whose file is there. Every track in the order of its arrival when absent.")

    var routes: [Route] {
        [list, show, totals]
    }

    private var list: Route {
        .json(
            .get, "/v1/tracks", "listTracks", "List tracks", access: .user,
            parameters: .paging + [
                ParameterSpec(Self.albumID), ParameterSpec(BrowsingParameters.artistID), ParameterSpec(Self.path),
                ParameterSpec(.starred), ParameterSpec(Self.sort), ParameterSpec(BrowsingParameters.seed),
            ] + BrowsingParameters.filters,
            answer: Shape<Track>.track.page("TrackPage"), "One page of tracks."
        ) { request in
            try await services.marked(try await tracks(request), for: request)
        }
    }

    private func tracks(_ request: APIRequest) async throws -> Page<Track> {
        let (page, filter) = (try request.page(), try filter(request))
        switch try request.optional(Self.sort) {
        case .personal(let order):
            _ = try BrowsingParameters.seed(request, isRandom: false)
            return try await sorted(order, filter, page, request.account())
        case .random:
            let seed = try BrowsingParameters.seed(request, isRandom: true)
            return try await Problem.listing {
                try await services.browser.shuffledTracks(filter, seed: seed, page: page)
            }
        case nil:
            _ = try BrowsingParameters.seed(request, isRandom: false)
            return try await Problem.listing { try await services.catalogue.tracks(filter, page: page) }
        }
    }

    private func filter(_ request: APIRequest) throws(Problem) -> TrackFilter {
        let years = try BrowsingParameters.years(request)
        return TrackFilter(
            albumID: try request.optional(Self.albumID), artistID: try request.optional(BrowsingParameters.artistID),
            path: try request.optional(Self.path), starredBy: try request.starredBy(),
            genre: try request.optional(BrowsingParameters.genre), firstYear: years.first, lastYear: years.last,
            rootID: try request.optional(BrowsingParameters.rootID))
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

    private var totals: Route {
        .json(
            .get, "/v1/library", "libraryTotals", "Count what is in the library", access: .user, answer: .totals,
            "The totals."
        ) { _ in try await services.catalogue.totals() }
    }
}
