import Domain
import UseCases

/// `/library`: albums, artists, tracks and genres, and what a search finds.
struct LibraryPage: Sendable {
    let services: APIServices

    private static let pageLength = 48
    private static let artistPageLength = 100
    private static let genrePageLength = 200
    /// Of tracks that a search finds.
    private static let maxHits = 50
    /// Of albums and artists that it finds.
    private static let maxNames = 12

    var routes: [Route] {
        [
            .page(
                "/library", "libraryPage", "Look around and search in the library", access: .user,
                parameters: LibraryView.parameters, page)
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let view = try LibraryView(query: request)
        let content = view.words == nil ? try await shelf(view, request) : try await hits(view, request)
        return request.libraryPage("Library") {
            HTML(.h1) { "Library" }
            form(view)
            tabs(view)
            content
        }
    }

    // MARK: Where to look

    private func form(_ view: LibraryView) -> HTML {
        HTML(.form, .init(.method, "get"), .action(.library), .named("search"), .init(.role, "search")) {
            HTML(
                .input, .init(.type, "search"), .init(.name, "q"), .init(.value, view.words ?? ""),
                .init(.placeholder, "Titles, artists, albums, genres"), .init(.ariaLabel, "Search the library"),
                .init(.maxlength, "200"), .init(.autocomplete, "off"), .init(.spellcheck, "false"))
            HTML.submit("Search", isPlain: false)
        }
    }

    private func tabs(_ view: LibraryView) -> HTML {
        HTML(.nav, .named("tabs"), .init(.ariaLabel, "Shelves")) {
            for shelf in LibraryView.Shelf.allCases {
                choice(shelf.rawValue.titled, LibraryView(shelf), isChosen: view.words == nil && shelf == view.shelf)
            }
        }
    }

    private func choice(_ title: String, _ view: LibraryView, isChosen: Bool) -> HTML {
        isChosen
            ? HTML(.a, .href(view.path), .init(.ariaCurrent, "page")) { title } : HTML(.a, .href(view.path)) { title }
    }

    private func choices(_ label: String, _ links: [HTML]) -> HTML {
        HTML(.nav, .named("choices"), .init(.ariaLabel, label)) { links.reduce(HTML(), +) }
    }

    // MARK: Shelves

    private func shelf(_ view: LibraryView, _ request: APIRequest) async throws -> HTML {
        switch view.shelf {
        case .albums: try await albums(view, request)
        case .artists: try await artists(view, request)
        case .tracks: try await tracks(view, request)
        case .genres: try await genres(view)
        case .playlists: try await playlists(view, request)
        }
    }

    private func playlists(_ view: LibraryView, _ request: APIRequest) async throws -> HTML {
        let page = PageRequest(cursor: view.cursor, limit: Self.genrePageLength)
        let reader = try request.reader()
        let found = try await Problem.listing {
            try await services.playlists.playlists(ownedBy: nil, for: reader, page: page)
        }
        guard !found.items.isEmpty || view.cursor != nil else {
            return HTML(.p) {
                "There are none yet. The pages of tracks, albums and the play queue have a way to make one."
            }
        }
        return HTML(.ul, .named("names")) {
            for playlist in found.items {
                HTML(.li) {
                    HTML(.a, .href(.playlist(playlist.id))) { HTML(.bdi) { playlist.name } }
                    HTML(.span, .named("hint")) {
                        " \(Amount.count(playlist.trackCount, "track"))"
                            + (playlist.ownerID == reader.accountID ? "" : " · \(playlist.ownerName)")
                    }
                }
            }
        } + more(found.nextCursor, view)
    }

    private func albums(_ view: LibraryView, _ request: APIRequest) async throws -> HTML {
        let page = PageRequest(cursor: view.cursor, limit: Self.pageLength)
        let account = view.isStarred ? try request.account() : nil
        let found = try await Problem.listing {
            view.order == .newest
                ? try await services.catalogue.newestAlbums(starredBy: account, page: page)
                : try await services.catalogue.albums(artistID: nil, starredBy: account, page: page)
        }
        let albums = try await services.marked(found, for: request)
        let orders = LibraryView.Order.allCases.map { order in
            choice(
                order == .newest ? "Newest first" : "By title", view.changed { $0.order = order },
                isChosen: order == view.order)
        }
        return choices("Order", orders + [stars(view)])
            + (albums.items.isEmpty ? try await nothing(view, "albums") : AlbumCards.html(albums.items))
            + more(albums.nextCursor, view)
    }

    private func artists(_ view: LibraryView, _ request: APIRequest) async throws -> HTML {
        let page = PageRequest(cursor: view.cursor, limit: Self.artistPageLength)
        let account = view.isStarred ? try request.account() : nil
        let found = try await Problem.listing {
            try await services.catalogue.artists(starredBy: account, from: view.start, page)
        }
        return letters(view) + choices("Which", [stars(view)])
            + (found.items.isEmpty ? try await nothing(view, "artists") : ArtistLines.html(found.items))
            + more(found.nextCursor, view)
    }

    private func tracks(_ view: LibraryView, _ request: APIRequest) async throws -> HTML {
        let page = PageRequest(cursor: view.cursor, limit: Self.pageLength)
        let filter = TrackFilter(starredBy: view.isStarred ? try request.account() : nil)
        let found = try await Problem.listing { try await services.catalogue.tracks(filter, page: page) }
        let tracks = try await services.marked(found, for: request)
        return choices("Which", [stars(view)])
            + (tracks.items.isEmpty
                ? try await nothing(view, "tracks")
                : HTML(.div, .named("actions")) { Player.all(tracks.items) } + TrackList(tracks: tracks.items).html)
            + more(tracks.nextCursor, view)
    }

    private func genres(_ view: LibraryView) async throws -> HTML {
        let page = PageRequest(cursor: view.cursor, limit: Self.genrePageLength)
        let found = try await Problem.listing { try await services.catalogue.genres(page) }
        guard !found.items.isEmpty else { return try await nothing(view, "genres") }
        return HTML(.ul, .named("names")) {
            for genre in found.items {
                HTML(.li) {
                    HTML(.a, .href(.search(genre.name))) { HTML(.bdi) { genre.name } }
                    HTML(.span, .named("hint")) { " \(Amount.count(genre.trackCount, "track"))" }
                }
            }
        } + more(found.nextCursor, view)
    }

    private func letters(_ view: LibraryView) -> HTML {
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(Unicode.Scalar($0)) }
        let all = choice("All", view.changed { $0.start = nil }, isChosen: view.start == nil)
        return HTML(.nav, .named("choices letters"), .init(.ariaLabel, "Artists from a letter on")) {
            all
            for letter in letters {
                choice(letter, view.changed { $0.start = letter }, isChosen: view.start == letter)
            }
        }
    }

    private func stars(_ view: LibraryView) -> HTML {
        choice("★ Starred", view.changed { $0.isStarred.toggle() }, isChosen: view.isStarred)
    }

    private func more(_ cursor: String?, _ view: LibraryView) -> HTML {
        guard let cursor else { return HTML() }
        return HTML(.p, .named("more")) {
            HTML(.a, .href(view.path.with("cursor", cursor)), .named("button quiet"), .init(.rel, "next")) { "More" }
        }
    }

    /// Why a list is empty, and what to do about it.
    private func nothing(_ view: LibraryView, _ noun: String) async throws -> HTML {
        if view.isStarred { return HTML(.p) { "You have starred no \(noun). Their pages have a star to press." } }
        if view.start != nil || view.cursor != nil { return HTML(.p) { "There are no more \(noun)." } }
        let tracks = try await services.catalogue.tracks(TrackFilter(), page: PageRequest(limit: 1))
        guard tracks.items.isEmpty else { return HTML(.p) { "The tags of the library name no \(noun)." } }
        let hasRoots = try await !services.scans.libraryRoots().isEmpty
        return HTML(.section, .named("box"), .init(.ariaLabel, "What to do")) {
            HTML(.p) { HTML(.strong) { "The library is empty." } }
            HTML(.p) {
                if hasRoots {
                    "Its folders have not been read yet, or hold no music: "
                    HTML.link("start a scan, or see how far it is", "/")
                    "."
                } else {
                    "Tell it where the music is; from a shell, "
                    HTML(.code) { "sillon scan FOLDER" }
                    " makes a folder a part of the library and reads it."
                }
            }
        }
    }

    // MARK: What a search finds

    private func hits(_ view: LibraryView, _ request: APIRequest) async throws -> HTML {
        let words = view.words ?? ""
        async let named = services.catalogue.searchNames(words, limit: Self.maxNames)
        let found = try await services.catalogue.search(words, limit: Self.maxHits)
        let (names, tracks) = (try await named, try await services.marked(found, for: request))
        guard !tracks.isEmpty || !names.albums.isEmpty || !names.artists.isEmpty else {
            return HTML(.p, .init(.role, "status")) {
                "Nothing is called “\(words)”. A search takes beginnings of words; accents and case do not count."
            }
        }
        return HTML(.div, .id("hits")) {
            if !names.artists.isEmpty { HTML(.h2) { "Artists" } + ArtistLines.html(names.artists) }
            if !names.albums.isEmpty { HTML(.h2) { "Albums" } + AlbumCards.html(names.albums) }
            if !tracks.isEmpty { hits(tracks) }
        }
    }

    private func hits(_ tracks: [Track]) -> HTML {
        HTML(.div, .named("heading")) {
            HTML(.h2) { "Tracks" }
            Player.all(tracks)
        } + TrackList(tracks: tracks).html
            + (tracks.count < Self.maxHits
                ? HTML() : HTML.hint("These are the \(Self.maxHits) best matches; one more word finds fewer."))
    }
}

/// Artists with what there is of them.
enum ArtistLines {
    static func html(_ artists: [Artist]) -> HTML {
        HTML(.ul, .named("names")) {
            for artist in artists {
                HTML(.li) {
                    HTML(.a, .href(.artist(artist.id))) { HTML(.bdi) { artist.name } }
                    HTML(.span, .named("hint")) { " \(Amount.count(artist.trackCount, "track"))" }
                }
            }
        }
    }
}

extension APIRequest {
    /// A page of the library, with what plays music at its foot: beside the content, which changes while it plays.
    /// - Parameter track: What plays without a script.
    func libraryPage(_ title: String, playing track: Track? = nil, @HTMLBuilder content: () -> HTML) -> WebPage {
        webPage(title, place: .library, scripts: ["player.js"], styles: ["library.css"]) {
            HTML(.main, .named("wide library")) { content() }
            Player.html(track, for: token?.accountID)
        }
    }
}
