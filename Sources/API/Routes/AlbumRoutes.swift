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
                parameters: .paging + [ParameterSpec(Self.artistID)], answer: Shape<Album>.album.page("AlbumPage"),
                "One page of albums."
            ) { request in
                let page = try request.page()
                let artistID = try request.optional(Self.artistID)
                return try await Problem.listing {
                    try await services.catalogue.albums(artistID: artistID, page: page)
                }
            },
            .json(
                .get, "/v1/albums/{id}", "getAlbum", "Show an album", access: .user, parameters: [ParameterSpec(.id)],
                answer: .album, "The album."
            ) { try await services.catalogue.album(id: $0.require(.id)) },
            .json(
                .get, "/v1/artists", "listArtists", "List artists by name", access: .user, parameters: .paging,
                answer: Shape<Artist>.artist.page("ArtistPage"), "One page of artists."
            ) { request in
                let page = try request.page()
                return try await Problem.listing { try await services.catalogue.artists(page) }
            },
            .json(
                .get, "/v1/artists/{id}", "getArtist", "Show an artist", access: .user,
                parameters: [ParameterSpec(.id)], answer: .artist, "The artist."
            ) { try await services.catalogue.artist(id: $0.require(.id)) },
        ]
    }
}
