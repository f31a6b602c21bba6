import Domain
import HTTPTypes
import UseCases

/// By words: `/v1/search`, `/v1/search/albums` and `/v1/search/artists`
struct SearchRoutes: Sendable {
    let services: APIServices

    private static let maxAnswers = 100
    private static let defaultAnswers = 20
    private static let maxQueryLength = 200

    private static let query = Parameter(
        "q", .text(1...maxQueryLength), isRequired: true,
        "Words, or beginnings of words, of titles, artists, albums or genres.")
    private static let name = Parameter(
        "q", .text(1...maxQueryLength), isRequired: true, "Words, or beginnings of words, of the name.")
    private static let limit = Parameter(
        "limit", .integer(1...maxAnswers), "How many at most; \(defaultAnswers) when absent.")
    private static let narrowing = [
        ParameterSpec(limit), ParameterSpec(.cursor), ParameterSpec(BrowsingParameters.rootID),
    ]

    var routes: [Route] { [tracks, albums, artists] }

    private var tracks: Route {
        .json(
            .get, "/v1/search", "search", "Search the library", access: .user,
            parameters: [ParameterSpec(Self.query)] + Self.narrowing,
            answer: Shape<Track>.track.page("TrackPage"), "Tracks, the best match first."
        ) { request in
            let (query, rootID) = (try request.require(Self.query), try request.optional(BrowsingParameters.rootID))
            let place = try Self.place(request)
            let found = try await Problem.listing {
                place.page(try await services.browser.searchTracks(query, rootID: rootID, place.piece))
            }
            return try await services.marked(found, for: request)
        }
    }

    private var albums: Route {
        .json(
            .get, "/v1/search/albums", "searchAlbums", "Search the names of albums", access: .user,
            parameters: [ParameterSpec(Self.name)] + Self.narrowing,
            answer: Shape<Album>.album.page("AlbumPage"), "Albums, the best match first."
        ) { request in
            let (name, rootID) = (try request.require(Self.name), try request.optional(BrowsingParameters.rootID))
            let place = try Self.place(request)
            let found = try await Problem.listing {
                place.page(try await services.browser.searchAlbums(name, rootID: rootID, place.piece))
            }
            return try await services.marked(found, for: request)
        }
    }

    private var artists: Route {
        .json(
            .get, "/v1/search/artists", "searchArtists", "Search the names of artists", access: .user,
            parameters: [ParameterSpec(Self.name)] + Self.narrowing,
            answer: Shape<Artist>.artist.page("ArtistPage"), "Artists, the best match first."
        ) { request in
            let (name, rootID) = (try request.require(Self.name), try request.optional(BrowsingParameters.rootID))
            let place = try Self.place(request)
            let found = try await Problem.listing {
                place.page(try await services.browser.searchArtists(name, rootID: rootID, place.piece))
            }
            return try await services.marked(found, for: request)
        }
    }

    private static func place(_ request: APIRequest) throws(Problem) -> PlacedPage {
        try PlacedPage(
            PageRequest(cursor: try request.optional(.cursor), limit: try request.optional(limit) ?? defaultAnswers))
    }
}
