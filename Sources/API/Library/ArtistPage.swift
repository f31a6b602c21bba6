import Domain
import UseCases

/// `/library/artists/{id}`
struct ArtistPage: Sendable {
    let services: APIServices

    private static let albumsMax = 48
    private static let tracksMax = 50
    private static let albums = Parameter("albums", Parameter.cursor.scalar, "Where the list of albums goes on.")

    var routes: [Route] {
        [
            .page(
                "/library/artists/{id}", "artistPage", "Show an artist with albums and tracks", access: .user,
                parameters: [ParameterSpec(.id), ParameterSpec(.cursor), ParameterSpec(Self.albums)], page)
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let id = try request.require(.id)
        let albumsPage = PageRequest(cursor: try request.optional(Self.albums), limit: Self.albumsMax)
        let tracksPage = PageRequest(cursor: try request.optional(.cursor), limit: Self.tracksMax)
        let artist = try await services.marked([try await services.catalogue.artist(id: id)], for: request)[0]
        let albums = try await Problem.listing {
            try await services.catalogue.albums(artistID: id, page: albumsPage)
        }
        let found = try await Problem.listing {
            try await services.catalogue.tracks(TrackFilter(artistID: id), page: tracksPage)
        }
        let tracks = try await services.marked(found, for: request)
        let said = try await services.said(of: .artist, id)
        return request.libraryPage(artist.name) {
            head(artist, tracks.items, request)
            if !albums.items.isEmpty {
                HTML(.h2) { "Albums" }
                AlbumCards.html(albums.items)
            }
            more("More albums", albums.nextCursor.map { LocalPath.artist(id).with("albums", $0) })
            HTML(.h2) { "Tracks" }
            TrackList(tracks: tracks.items).html
            more("More tracks", tracks.nextCursor.map { LocalPath.artist(id).with("cursor", $0) })
            OutsideBox.html(said)
        }
    }

    private func head(_ artist: Artist, _ tracks: [Track], _ request: APIRequest) -> HTML {
        HTML(.h1) { HTML(.bdi) { artist.name } }
            + HTML.hint(
                "\(Amount.count(artist.albumCount, "album")) · \(Amount.count(artist.trackCount, "track"))")
            + HTML(.div, .named("actions")) {
                Player.all(tracks)
                Player.radio(.artist, artist.id)
                MarkForm.html(request, .artist(artist.id), artist.mark)
            } + facts(artist)
    }

    private func facts(_ artist: Artist) -> HTML {
        var facts = Facts()
        facts.add("Sorted as", artist.sortName)
        facts.add(
            "MusicBrainz",
            artist.musicBrainzID.map {
                OutsideBox.outside("https://musicbrainz.org/artist/\($0)", as: "musicbrainz.org")
            })
        return facts.isEmpty ? HTML() : facts.html
    }

    private func more(_ title: String, _ path: LocalPath?) -> HTML {
        guard let path else { return HTML() }
        return HTML(.p, .named("more")) { HTML(.a, .href(path), .named("button quiet"), .init(.rel, "next")) { title } }
    }
}
