import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/albums` and `/v1/artists`
struct AlbumRoutes: Sendable {
    let services: APIServices

    private static let artistID = Parameter("artist_id", .id, "Only albums of this artist.")

    var routes: [Route] {
        [
            .json(
                .get, "/v1/albums", "listAlbums", "List albums by title", access: .user,
                parameters: .paging + [ParameterSpec(Self.artistID), ParameterSpec(.starred)],
                answer: Shape<Album>.album.page("AlbumPage"),
                "One page of albums."
            ) { request in
                let page = try request.page()
                let (artistID, starredBy) = (try request.optional(Self.artistID), try request.starredBy())
                let found = try await Problem.listing {
                    try await services.catalogue.albums(artistID: artistID, starredBy: starredBy, page: page)
                }
                return try await services.marked(found, for: request)
            },
            .json(
                .get, "/v1/albums/{id}", "getAlbum", "Show an album", access: .user, parameters: [ParameterSpec(.id)],
                answer: .album, "The album."
            ) { try await services.marked([services.catalogue.album(id: $0.require(.id))], for: $0)[0] },
            .json(
                .get, "/v1/artists", "listArtists", "List artists by name", access: .user,
                parameters: .paging + [ParameterSpec(.starred)], answer: Shape<Artist>.artist.page("ArtistPage"),
                "One page of artists."
            ) { request in
                let page = try request.page()
                let starredBy = try request.starredBy()
                let found = try await Problem.listing {
                    try await services.catalogue.artists(starredBy: starredBy, page)
                }
                return try await services.marked(found, for: request)
            },
            .json(
                .get, "/v1/artists/{id}", "getArtist", "Show an artist", access: .user,
                parameters: [ParameterSpec(.id)], answer: .artist, "The artist."
            ) { try await services.marked([services.catalogue.artist(id: $0.require(.id))], for: $0)[0] },
        ]
    }
}
