import Domain
import UseCases

/// `/library/albums/{id}`
struct AlbumPage: Sendable {
    let services: APIServices

    var routes: [Route] {
        [
            .page(
                "/library/albums/{id}", "albumPage", "Show an album with its tracks", access: .user,
                parameters: [ParameterSpec(.id), ParameterSpec(.cursor)], page)
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let id = try request.require(.id)
        let page = PageRequest(cursor: try request.optional(.cursor), limit: PageRequest.maxLimit)
        let album = try await services.marked([try await services.catalogue.album(id: id)], for: request)[0]
        let found = try await Problem.listing {
            try await services.catalogue.tracks(TrackFilter(albumID: id), page: page)
        }
        let tracks = try await services.marked(AlbumOrder.sorted(found.items), for: request)
        let said = try await services.said(of: .album, id)
        let collect = try await CollectForm(services: services).html(request, .album, id)
        return request.libraryPage(album.title) {
            HTML(.div, .named("head")) {
                Cover.html(album.coverHash, .large, alt: "Cover of \(album.title)")
                HTML(.div) { head(album, tracks) }
                HTML(.div, .named("more")) {
                    acts(album, tracks, request)
                    collect
                    facts(album).html
                }
            }
            discs(tracks)
            if let next = found.nextCursor {
                HTML(.p, .named("more")) { HTML.link("More tracks", LocalPath.album(id).with("cursor", next)) }
            }
            OutsideBox.html(said)
        }
    }

    private func head(_ album: Album, _ tracks: [Track]) -> HTML {
        let size = [
            album.year.map(String.init), Amount.count(album.trackCount, "track"),
            Amount.playingTime(milliseconds: album.durationMs),
        ]
        return HTML(.h1) { HTML(.bdi) { album.title } }
            + HTML(.p) { artist(of: album, tracks) }
            + HTML.hint(size.compactMap { $0 }.joined(separator: " · "))
    }

    private func acts(_ album: Album, _ tracks: [Track], _ request: APIRequest) -> HTML {
        HTML(.div, .named("actions")) {
            Player.all(tracks)
            Player.radio(.album, album.id)
            MarkForm.html(request, .album(album.id), album.mark)
        }
    }

    /// A link where a track says whose page it is.
    private func artist(of album: Album, _ tracks: [Track]) -> HTML {
        guard let name = album.artist else { return HTML(text: "Nobody is named as its artist.") }
        let credits = tracks.lazy.flatMap(\.credits).first { $0.name == name }
        return credits.map { HTML.link($0.name, .artist($0.id)) } ?? HTML(.bdi) { name }
    }

    private func facts(_ album: Album) -> Facts {
        var facts = Facts()
        facts.add("Loudness", album.measuredGain?.albumGainDb.map { "\(Amount.tenths(-18 - $0)) LUFS over all tracks" })
        facts.add("Cover", album.coverOrigin.map { "from \($0.source)" })
        facts.add(
            "MusicBrainz",
            album.musicBrainzID.map {
                OutsideBox.outside("https://musicbrainz.org/release/\($0)", as: "musicbrainz.org")
            })
        return facts
    }

    private func discs(_ tracks: [Track]) -> HTML {
        guard !tracks.isEmpty else { return HTML(.p) { "None of its tracks are here." } }
        let discs = Dictionary(grouping: tracks) { $0.metadata.discNumber ?? 1 }.sorted { $0.key < $1.key }
        return discs.reduce(HTML()) { html, disc in
            html + (discs.count > 1 ? HTML(.h2) { "Disc \(disc.key)" } : HTML()) + list(disc.value)
        }
    }

    private func list(_ tracks: [Track]) -> HTML {
        TrackList(tracks: tracks, number: \.metadata.trackNumber, about: { [$0.displayArtist] }).html
    }
}

/// Tracks as they are on their album.
enum AlbumOrder {
    /// By disc and number; those without a number come last, by their names.
    static func sorted(_ tracks: [Track]) -> [Track] {
        tracks.sorted { left, right in
            let (one, other) = (place(left), place(right))
            guard one == other else { return one < other }
            return left.path.bytes.lexicographicallyPrecedes(right.path.bytes)
        }
    }

    private static func place(_ track: Track) -> (Int, Int) {
        (track.metadata.discNumber ?? 1, track.metadata.trackNumber ?? .max)
    }
}

extension Track {
    /// Whom its tags name, with the numbers of their pages, where each name has one.
    var credits: [(name: String, id: Int64)] {
        metadata.artists.count == artistIDs.count ? Array(zip(metadata.artists, artistIDs)) : []
    }
}
