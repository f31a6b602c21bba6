import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/library/queue`: what the account plays next, on whichever player.
struct QueuePage: Sendable {
    let services: APIServices

    private static let act = BodyField("act", Scalar<Act>.choice, isRequired: true, "What is to be done.")
    private static let kind = BodyField("kind", Scalar<MarkKind>.choice, "Of what is added: a track or an album.")
    private static let id = BodyField("id", .text(1...20), "Which one.")
    private static let position = BodyField("position", .text(1...10), "Which place goes, or moves; the first is 0.")
    private static let track = BodyField("track", .text(1...20), "The track that was there.")
    private static let cursor = BodyField("cursor", .text(1...10), "Of the page that was seen.")
    private static let name = BodyField("name", .text(1...Playlist.maxNameLength), "Of the playlist to make.")

    enum Act: String, CaseIterable, Sendable {
        case add, next, remove, clear, keep
        /// Changes places with the track before, or behind.
        case up, down
    }

    var routes: [Route] {
        [
            .page(
                "/library/queue", "playQueuePage", "Show what plays next", access: .user,
                parameters: [ParameterSpec(.cursor)], page),
            Route(
                .post, "/library/queue", "changePlayQueueOnPage", "Change what plays next, from a page", access: .user,
                body: BodySpec(
                    "PlayQueueOnPage", as: .form,
                    [
                        .init(Self.act), .init(Self.kind), .init(Self.id), .init(Self.position), .init(Self.track),
                        .init(Self.cursor), .init(Self.name), .init(Body.csrf),
                    ]), bodyLimit: Body.maxFormBytes, answers: [Route.redirect],
                problems: [.notFound, .conflict, .insufficientStorage], handle: change
            ).asPage(),
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let queue = try await services.playQueues.playQueue(account: request.account())
        let ids = queue?.trackIDs ?? []
        // Without a page of its own it begins where it plays: what was heard is not what one looks for.
        let cursor = try request.optional(.cursor)
        guard let start = Int(cursor ?? "\(queue?.currentIndex ?? 0)"), start >= 0 else {
            throw Problem.badRequest("the cursor is not one of this list")
        }
        let places = Array(min(start, ids.count)..<min(start + PageRequest.maxLimit, ids.count))
        let tracks = try await services.catalogue.tracks(ids: places.map { ids[$0] })
        let byID = Dictionary(
            try await services.marked(tracks, for: request).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
        )
        let lines = places.compactMap { place in byID[ids[place]].map { (place, $0) } }
        return request.libraryPage("Play queue") {
            HTML(.h1) { "Play queue" }
            if let queue {
                HTML.hint(
                    "\(Amount.count(ids.count, "track")); changed by \(queue.changedBy.isEmpty ? "a player" : queue.changedBy)"
                )
                acts(request)
                list(lines, of: queue, cursor, request)
                more(places.first ?? 0, places.last.map { $0 + 1 } ?? 0, of: ids.count)
            } else {
                HTML(.p) {
                    "Nothing is in it. Whatever is played on a page, or by one of your other players, is shown here."
                }
            }
        }
    }

    private func acts(_ request: APIRequest) -> HTML {
        HTML(.div, .named("actions")) {
            request.form("/library/queue", class: "keep") {
                HTML.hidden("act", Act.keep.rawValue)
                HTML(
                    .input, .init(.name, "name"), .init(.required), .init(.maxlength, "\(Playlist.maxNameLength)"),
                    .init(.placeholder, "Name of a playlist"), .init(.ariaLabel, "Name of a playlist"))
                HTML.submit("Keep as playlist")
            }
            request.form("/library/queue") {
                HTML.hidden("act", Act.clear.rawValue)
                HTML.submit("Clear")
            }
        }
    }

    private func list(
        _ lines: [(place: Int, track: Track)], of queue: PlayQueue, _ cursor: String?, _ request: APIRequest
    ) -> HTML {
        HTML(.ol, .named("tracks")) {
            for line in lines {
                HTML(.li) {
                    Player.link(line.track, place: line.place)
                    TrackList.what(
                        line.track, [line.track.displayArtist, line.track.metadata.album ?? ""],
                        note: line.place == queue.currentIndex ? HTML(text: "Here it plays, or goes on.") : nil)
                    request.form("/library/queue") {
                        HTML.hidden("position", "\(line.place)")
                        HTML.hidden("track", "\(line.track.id)")
                        if let cursor { HTML.hidden("cursor", cursor) }
                        if Self.mayMove(line.place, to: line.place - 1, in: queue) { button(.up, "Up", line.track) }
                        if Self.mayMove(line.place, to: line.place + 1, in: queue) {
                            button(.down, "Down", line.track)
                        }
                        button(.remove, "Remove", line.track)
                    }
                }
            }
        }
    }

    /// What plays stays where it is: nothing that is yet to come slips behind it by a step.
    private static func mayMove(_ place: Int, to other: Int, in queue: PlayQueue) -> Bool {
        queue.trackIDs.indices.contains(other) && place != queue.currentIndex && other != queue.currentIndex
    }

    private func button(_ act: Act, _ label: String, _ track: Track) -> HTML {
        HTML(
            .button, .init(.type, "submit"), .init(.name, "act"), .init(.value, act.rawValue), .named("plain")
        ) {
            label
            HTML(.span, .named("unseen")) { " \(track.displayTitle)" }
        }
    }

    private func more(_ start: Int, _ end: Int, of count: Int) -> HTML {
        HTML(.p, .named("more")) {
            if start > 0 {
                HTML.link("Before", LocalPath.queue.with("cursor", "\(max(0, start - PageRequest.maxLimit))"))
                " "
            }
            if end < count { HTML.link("More", LocalPath.queue.with("cursor", "\(end)")) }
        }
    }

    // MARK: What the forms do

    @Sendable private func change(_ request: APIRequest) async throws -> Response {
        do {
            return try await changeOnce(request)
        } catch StoreError.conflict {
            // A player told where it is meanwhile: the queue that it left is the one that is changed.
            return try await changeOnce(request)
        }
    }

    private func changeOnce(_ request: APIRequest) async throws -> Response {
        let (body, account) = (request.body, try request.account())
        let act = try body.require(Self.act)
        let queue = try await services.playQueues.playQueue(account: account)
        var ids = queue?.trackIDs ?? []
        var current = queue?.currentIndex ?? 0
        switch act {
        case .add: ids += try await tracks(body)
        case .next: ids.insert(contentsOf: try await tracks(body), at: min(current + 1, ids.count))
        case .clear: ids = []
        case .up, .down:
            let place = try place(body, in: ids)
            let other = act == .up ? place - 1 : place + 1
            guard ids.indices.contains(other) else { throw Problem.invalid("there is no place to move it to") }
            ids.swapAt(place, other)
            if current == place { current = other } else if current == other { current = place }
        case .remove:
            let place = try place(body, in: ids)
            ids.remove(at: place)
            if place < current || current == ids.count { current = max(0, current - 1) }
        case .keep:
            let made = NewPlaylist(name: try body.require(Self.name), trackIDs: ids)
            return .seeOther(.playlist(try await services.playlists.createPlaylist(made, owner: account).id))
        }
        let isWhere =
            queue.map { ids.indices.contains(current) && ids[current] == $0.trackIDs[$0.currentIndex] } ?? false
        try await services.playQueues.savePlayQueue(
            NewPlayQueue(
                trackIDs: ids, currentIndex: current, positionMs: isWhere ? queue?.positionMs ?? 0 : 0,
                client: "Sillon in a browser", expected: queue?.changedAt ?? 0), account: account)
        let cursor = try body.optional(Self.cursor).flatMap { Int($0) }
        return .seeOther(cursor.map { LocalPath.queue.with("cursor", "\($0)") } ?? .queue)
    }

    /// A player may have gone on meanwhile: another track than the one that was seen stays.
    private func place(_ body: Body, in ids: [Int64]) throws -> Int {
        let place = Int(try body.require(Self.position)) ?? -1
        guard ids.indices.contains(place), String(ids[place]) == (try body.require(Self.track)) else {
            throw Problem(.conflict, "the queue is another one by now")
        }
        return place
    }

    private func tracks(_ body: Body) async throws -> [Int64] {
        guard let kind = try body.optional(Self.kind), let id = Int64(try body.require(Self.id)), id > 0 else {
            throw Problem.invalid("kind and id must say what is added")
        }
        return try await services.playable(kind, id)
    }
}

extension APIServices {
    /// The tracks of what one may put into a list, in their order.
    func playable(_ kind: MarkKind, _ id: Int64) async throws -> [Int64] {
        switch kind {
        case .track: return [try await catalogue.track(id: id).id]
        case .album:
            _ = try await catalogue.album(id: id)
            let page = PageRequest(limit: PageRequest.maxLimit)
            let tracks = try await catalogue.tracks(TrackFilter(albumID: id, state: .present), page: page).items
            return AlbumOrder.sorted(tracks).map(\.id)
        case .artist: return try await browser.topTracks(ofArtist: id, count: PageRequest.maxLimit).map(\.id)
        }
    }
}
