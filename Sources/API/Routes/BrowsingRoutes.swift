import Domain
import HTTPTypes
import UseCases

/// Genres, roots, and what artists are: `/v1/genres`, `/v1/library/roots`, `/v1/artists/…`
struct BrowsingRoutes: Sendable {
    let services: APIServices

    private static let maxAnswers = 500
    private static let defaultTracks = 50
    private static let maxArtists = 100
    private static let defaultArtists = 20

    private static let trackLimit = Parameter(
        "limit", .integer(1...maxAnswers), "How many tracks at most; \(defaultTracks) when absent.")
    private static let artistLimit = Parameter(
        "limit", .integer(1...maxArtists), "How many artists at most; \(defaultArtists) when absent.")

    var routes: [Route] { [genres, roots, index, topTracks, similarArtists] }

    private var genres: Route {
        .json(
            .get, "/v1/genres", "listGenres", "List genres by name", access: .user, parameters: .paging,
            answer: Shape<GenreTally>.genre.page("GenrePage"), "One page of genres; only those that a file has."
        ) { request in
            let place = try PlacedPage(request.page())
            return place.page(of: try await services.browser.genres())
        }
    }

    private var roots: Route {
        .json(
            .get, "/v1/library/roots", "listLibraryRoots", "List the library roots by number, to narrow lists to one",
            access: .user, answer: Shape<BrowsedRoot>.browsedRoot.page("BrowsedRootPage"),
            "All roots; only administrators see their paths, in `/v1/roots`."
        ) { _ in .whole(try await services.browser.roots()) }
    }

    private var index: Route {
        .json(
            .get, "/v1/artists/index", "indexArtists", "List artists under the letters that they begin with",
            access: .user, parameters: [ParameterSpec(BrowsingParameters.rootID)], answer: .artistIndex,
            "All artists that have a file, in one answer: \(ArtistIndex.artistsMax) at most."
        ) { request in
            let rootID = try request.optional(BrowsingParameters.rootID)
            let artists = try await Problem.listing {
                try await services.browser.artists(rootID: rootID, Piece(limit: ArtistIndex.artistsMax))
            }
            return ArtistIndex.letters(try await services.marked(artists, for: request))
        }
    }

    private var topTracks: Route {
        .json(
            .get, "/v1/artists/{id}/top-tracks", "topTracks", "List the tracks of an artist that are heard most",
            access: .user, parameters: [ParameterSpec(.id), ParameterSpec(Self.trackLimit)],
            answer: Shape<Track>.track.page("TrackPage"),
            "By listens of all accounts, then by the best rating; only tracks whose file is there."
        ) { request in
            let artist = try await services.catalogue.artist(id: request.require(.id))
            let count = try request.optional(Self.trackLimit) ?? Self.defaultTracks
            let found = try await services.browser.topTracks(ofArtist: artist.id, count: count)
            return .whole(try await services.marked(found, for: request))
        }
    }

    private var similarArtists: Route {
        .json(
            .get, "/v1/artists/{id}/similar-artists", "similarArtists", "List artists that are like an artist",
            access: .user, parameters: [ParameterSpec(.id), ParameterSpec(Self.artistLimit)],
            answer: Shape<SimilarArtist>.similarArtist.page("SimilarArtistPage"),
            "Artists of this library that services outside call similar, or where they know of none, those that sound so."
        ) { request in
            let artist = try await services.catalogue.artist(id: request.require(.id))
            let count = try request.optional(Self.artistLimit) ?? Self.defaultArtists
            let findings = try await services.enrichment?.findings(of: .artist, id: artist.id) ?? []
            let found = try await services.similarArtists.similar(to: artist, findings: findings, count: count)
            let artists = try await services.marked(found.map(\.artist), for: request)
            return .whole(
                zip(found, artists).map { SimilarArtist(artist: $1, match: $0.match, source: $0.source) })
        }
    }
}

extension APIServices {
    var similarArtists: SimilarArtists { SimilarArtists(catalogue: catalogue, similarity: similarity) }
}
