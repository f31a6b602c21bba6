import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/library/playlists/{id}`
struct PlaylistPage: Sendable {
    let services: APIServices

    private static let name = BodyField("name", .text(1...Playlist.maxNameLength), "One line of text.")
    private static let isPublic = BodyField("public", .text(0...5), "true: every account may read it.")
    private static let position = BodyField("position", .text(1...10), "Which place goes; the first is 0.")
    private static let version = BodyField("version", .text(1...20), "Of the playlist that was seen.")
    private static let kind = BodyField("kind", Scalar<MarkKind>.choice, isRequired: true, "A track, album or artist.")
    private static let id = BodyField("id", .text(1...20), isRequired: true, "Which one.")
    private static let playlist = BodyField("playlist", .text(0...20), "Which playlist; a new one when empty.")

    var routes: [Route] {
        [
            .page(
                "/library/playlists/{id}", "playlistPage", "Show a playlist with its tracks", access: .user,
                parameters: [ParameterSpec(.id), ParameterSpec(.cursor)], page),
            form(
                "/library/playlists/{id}", "changePlaylistOnPage", "Change a playlist, from a page",
                [
                    .init(Self.name), .init(Self.isPublic), .init(Self.position),
                    .init(Self.version),
                ], hasID: true, change),
            form(
                "/library/playlists/{id}/delete", "deletePlaylistOnPage", "Delete a playlist, from a page", [],
                hasID: true
            ) { request in
                try await services.playlists.deletePlaylist(
                    id: try request.require(.id), by: try request.reader())
                return .seeOther(LibraryView(.playlists).path)
            },
            form(
                "/library/playlists", "collectOnPage", "Put something into a playlist, from a page",
                [.init(Self.kind), .init(Self.id), .init(Self.playlist), .init(Self.name)], hasID: false, collect),
        ]
    }

    private func form(
        _ path: String, _ name: String, _ summary: String, _ fields: [BodySpec.Member], hasID: Bool,
        _ handle: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Route {
        Route(
            .post, path, name, summary, access: .user, parameters: hasID ? [ParameterSpec(.id)] : [],
            body: BodySpec(name.prefix(1).uppercased() + name.dropFirst(), as: .form, fields + [.init(Body.csrf)]),
            bodyLimit: Body.maxFormBytes, answers: [Route.redirect],
            problems: [.notFound, .conflict, .insufficientStorage], handle: handle
        ).asPage()
    }

    // MARK: How it looks

    private func page(_ request: APIRequest) async throws -> WebPage {
        let (id, reader) = (try request.require(.id), try request.reader())
        let page = PageRequest(cursor: try request.optional(.cursor), limit: PageRequest.maxLimit)
        let playlist = try await services.playlists.playlist(id: id, for: reader)
        let found = try await Problem.listing {
            try await services.playlists.entries(ofPlaylist: id, for: reader, page: page)
        }
        let listed = try await services.listed(found.items, for: request)
        let mayChange = reader.mayChange(playlist)
        return request.libraryPage(playlist.name) {
            HTML(.div, .named("head")) {
                Cover.html(playlist.coverHash, .large, alt: "Cover of its first track")
                HTML(.div) { head(playlist) }
                HTML(.div, .named("more")) {
                    HTML(.div, .named("actions")) {
                        Player.all(listed.map(\.track))
                        HTML(.a, .href(.export(ofPlaylist: playlist.id)), .named("button quiet")) { "Export as M3U8" }
                    }
                    if mayChange { change(playlist, request) }
                }
            }
            list(listed, playlist, mayChange, request)
            if let next = found.nextCursor {
                HTML(.p, .named("more")) { HTML.link("More tracks", LocalPath.playlist(id).with("cursor", next)) }
            }
        }
    }

    private func head(_ playlist: Playlist) -> HTML {
        let size = [
            Amount.count(playlist.trackCount, "track"), Amount.playingTime(milliseconds: Int(playlist.durationMs)),
            "by \(playlist.ownerName)", playlist.isPublic ? "everybody may read it" : nil,
        ]
        return HTML(.h1) { HTML(.bdi) { playlist.name } }
            + (playlist.comment.isEmpty ? HTML() : HTML(.p) { playlist.comment })
            + HTML.hint(size.compactMap { $0 }.joined(separator: " · "))
            + (playlist.origin.map(origin) ?? HTML())
    }

    private func origin(_ origin: PlaylistOrigin) -> HTML {
        let missing =
            origin.missingCount == 0
            ? "" : "; \(origin.missingCount) of its \(origin.entryCount) entries are not in the library"
        return HTML.hint("From \(origin.path.display)\(missing)")
    }

    private func list(_ listed: [ListedTrack], _ playlist: Playlist, _ mayChange: Bool, _ request: APIRequest) -> HTML {
        HTML(.ol, .named("tracks")) {
            for entry in listed {
                HTML(.li) {
                    Player.link(entry.track)
                    TrackList.what(
                        entry.track, [entry.track.displayArtist, entry.track.metadata.album ?? ""], note: nil)
                    if mayChange {
                        request.form(.playlist(playlist.id)) {
                            HTML.hidden("position", "\(entry.position)")
                            HTML.hidden("version", "\(playlist.changedAt)")
                            HTML(.button, .init(.type, "submit"), .named("plain")) {
                                "Remove"
                                HTML(.span, .named("unseen")) { " \(entry.track.displayTitle)" }
                            }
                        }
                    }
                }
            }
        }
    }

    private func change(_ playlist: Playlist, _ request: APIRequest) -> HTML {
        HTML(.details) {
            HTML(.summary) { "Rename, show to others or delete" }
            request.form(.playlist(playlist.id)) {
                HTML(
                    .input, .init(.name, "name"), .init(.value, playlist.name), .init(.required),
                    .init(.maxlength, "\(Playlist.maxNameLength)"), .init(.ariaLabel, "Name"))
                HTML(.select, .init(.name, "public"), .init(.ariaLabel, "Who may read it")) {
                    for (value, text) in [("false", "Only its owner reads it"), ("true", "Everybody may read it")] {
                        value == "\(playlist.isPublic)"
                            ? HTML(.option, .init(.value, value), .init(.selected)) { text }
                            : HTML(.option, .init(.value, value)) { text }
                    }
                }
                HTML.submit("Save")
            }
            request.form(.deletion(ofPlaylist: playlist.id)) { HTML.submit("Delete this playlist") }
        }
    }

    // MARK: What the forms do

    @Sendable private func change(_ request: APIRequest) async throws -> Response {
        let (id, body) = (try request.require(.id), request.body)
        var change = PlaylistChange(name: try body.optional(Self.name))
        change.isPublic = try body.optional(Self.isPublic).map { $0 == "true" }
        if let place = try body.optional(Self.position) {
            guard let place = Int(place), let version = Int64(try body.require(Self.version)) else {
                throw Problem.invalid("position and version must be numbers")
            }
            change.edit = PlaylistEdit(removed: [place])
            change.expected = version
        }
        _ = try await services.playlists.changePlaylist(id: id, change, by: try request.reader())
        return .seeOther(.playlist(id))
    }

    @Sendable private func collect(_ request: APIRequest) async throws -> Response {
        let (body, account) = (request.body, try request.account())
        guard let id = Int64(try body.require(Self.id)), id > 0 else { throw Problem.invalid("id must be a number") }
        let tracks = try await services.playable(try body.require(Self.kind), id)
        let text = try body.optional(Self.playlist) ?? ""
        if let playlist = Int64(text) {
            let change = PlaylistChange(edit: PlaylistEdit(added: tracks))
            _ = try await services.playlists.changePlaylist(id: playlist, change, by: try request.reader())
            return .seeOther(.playlist(playlist))
        }
        let name = try body.optional(Self.name) ?? "New playlist"
        let made = try await services.playlists.createPlaylist(
            NewPlaylist(name: name, trackIDs: tracks), owner: account)
        return .seeOther(.playlist(made.id))
    }
}

/// What puts a track, an album or an artist's music into the queue, or into a playlist.
struct CollectForm: Sendable {
    let services: APIServices

    /// More are found on their own page.
    private static let maxPlaylists = 100

    func html(_ request: APIRequest, _ kind: MarkKind, _ id: Int64) async throws -> HTML {
        let own = try await services.playlists.choices(ownedBy: request.account(), limit: Self.maxPlaylists)
        return HTML(.details, .named("collect")) {
            HTML(.summary) { "Queue or playlist" }
            HTML(.div, .named("actions")) {
                queue(request, kind, id, .next, "Play next")
                queue(request, kind, id, .add, "Add to queue")
                request.form("/library/playlists", class: "keep") {
                    HTML.hidden("kind", kind.rawValue)
                    HTML.hidden("id", "\(id)")
                    HTML(.select, .init(.name, "playlist"), .init(.ariaLabel, "Playlist")) {
                        for playlist in own {
                            HTML(.option, .init(.value, "\(playlist.id)")) { playlist.name }
                        }
                        HTML(.option, .init(.value, "")) { "A new playlist" }
                    }
                    HTML.submit("Add to playlist")
                }
            }
        }
    }

    private func queue(
        _ request: APIRequest, _ kind: MarkKind, _ id: Int64, _ act: QueuePage.Act, _ label: String
    ) -> HTML {
        request.form("/library/queue") {
            HTML.hidden("act", act.rawValue)
            HTML.hidden("kind", kind.rawValue)
            HTML.hidden("id", "\(id)")
            HTML.submit(label)
        }
    }
}
