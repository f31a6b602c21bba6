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
}
