import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/albums` and `/v1/artists`
struct AlbumRoutes: Sendable {
    let services: APIServices

    private static let sort = Parameter(
        "sort", Scalar<AlbumSort>.choice,
        "Only albums that have a file. year: those that have one, backwards where year_from is after year_to. "
            + "recently_played and the following are by what the account that asks has done, the latest, most or best "
            + "first; only albums of which there is something to tell. By title when absent.")

    var routes: [Route] {
        [
            .json(
                .get, "/v1/albums", "listAlbums", "List albums", access: .user,
                parameters: .paging + [ParameterSpec(BrowsingParameters.artistID), ParameterSpec(.starred)]
                    + BrowsingParameters.filters + [ParameterSpec(Self.sort), ParameterSpec(BrowsingParameters.seed)],
                answer: Shape<Album>.album.page("AlbumPage"), "One page of albums."
            ) { request in
                try await services.marked(try await albums(request), for: request)
            },
            .json(
                .get, "/v1/albums/{id}", "getAlbum", "Show an album", access: .user,
                parameters: [ParameterSpec(.id), ParameterSpec(EnrichmentRoutes.enrich)], answer: .singleAlbum,
                "The album."
            ) { request in
                let found = try await services.catalogue.album(id: request.require(.id))
                var album = try await services.marked([found], for: request)[0]
                album.outside = try await services.findings(of: .album, album.id, request)
                return album
            },
            .json(
                .get, "/v1/artists", "listArtists", "List artists by name", access: .user,
                parameters: .paging + [ParameterSpec(.starred), ParameterSpec(BrowsingParameters.rootID)],
                answer: Shape<Artist>.artist.page("ArtistPage"),
                "One page of artists; with root_id and starred, a page may have fewer than fit."
            ) { request in
                try await services.marked(try await artists(request), for: request)
            },
            .json(
                .get, "/v1/artists/{id}", "getArtist", "Show an artist", access: .user,
                parameters: [ParameterSpec(.id), ParameterSpec(EnrichmentRoutes.enrich)], answer: .singleArtist,
                "The artist."
            ) { request in
                let found = try await services.catalogue.artist(id: request.require(.id))
                var artist = try await services.marked([found], for: request)[0]
                artist.outside = try await services.findings(of: .artist, artist.id, request)
                return artist
            },
        ]
    }

    private func albums(_ request: APIRequest) async throws -> Page<Album> {
        let (page, order) = (try request.page(), try request.optional(Self.sort))
        let years = try BrowsingParameters.years(request, mayGoBack: order == .year)
        let seed = try BrowsingParameters.seed(request, isRandom: order == .random)
        var choice = AlbumChoice(
            artistID: try request.optional(BrowsingParameters.artistID),
            genre: try request.optional(BrowsingParameters.genre), starredBy: try request.starredBy(),
            rootID: try request.optional(BrowsingParameters.rootID))
        if order != .year { (choice.firstYear, choice.lastYear) = years }
        let (chosen, account) = (choice, try request.account())
        if order == .random {
            return try await Problem.listing {
                try await services.browser.shuffledAlbums(of: chosen, seed: seed, page: page)
            }
        }
        // The list of old, which has albums without files, too.
        if order == nil, chosen == AlbumChoice(artistID: chosen.artistID, starredBy: chosen.starredBy) {
            return try await Problem.listing {
                try await services.catalogue.albums(
                    artistID: chosen.artistID, starredBy: chosen.starredBy, page: page)
            }
        }
        let (place, list) = (try PlacedPage(page), (order ?? .name).list(account: account, years: years))
        return try await Problem.listing {
            place.page(try await services.browser.albums(list, of: chosen, place.piece))
        }
    }

    private func artists(_ request: APIRequest) async throws -> Page<Artist> {
        let (page, starredBy) = (try request.page(), try request.starredBy())
        guard let rootID = try request.optional(BrowsingParameters.rootID) else {
            return try await Problem.listing { try await services.catalogue.artists(starredBy: starredBy, page) }
        }
        guard starredBy != nil else {
            let place = try PlacedPage(page)
            return try await Problem.listing {
                place.page(try await services.browser.artists(rootID: rootID, place.piece))
            }
        }
        return try await Problem.listing {
            let found = try await services.catalogue.artists(starredBy: starredBy, page)
            let within = try await services.browser.these(.artist, found.items.map(\.id), within: rootID)
            return Page(items: found.items.filter { within.contains($0.id) }, nextCursor: found.nextCursor)
        }
    }
}
