import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/playlists`
struct PlaylistRoutes: Sendable {
    let services: APIServices

    private static let nameScalar = Scalar<String>.text(1...Playlist.maxNameLength)
    private static let trackList = Scalar<[Int64]>.list(of: Scalar<Int64>.id, max: Playlist.maxEntries)

    private static let name = BodyField("name", nameScalar, isRequired: true, "One line of text.")
    private static let newName = BodyField("name", nameScalar, "One line of text.")
    private static let comment = BodyField("comment", .text(0...Playlist.maxCommentLength), "None when absent.")
    private static let newComment = BodyField("comment", .text(0...Playlist.maxCommentLength), "Empty takes it away.")
    private static let isPublic = BodyField("public", Scalar<Bool>.flag, "True: every account may read it.")
    private static let tracks = BodyField("track_ids", trackList, "In order; a track may come twice.")
    private static let someTracks = BodyField(
        "track_ids", trackList, isRequired: true, "In order; a track may come twice.")
    private static let positions = BodyField(
        "positions", Scalar<[Int]>.list(of: .integer(0...Playlist.maxEntries - 1), max: Playlist.maxEntries),
        isRequired: true, "Of the entries that go, as they are before any of them goes; the first is 0.")
    private static let version = BodyField(
        "version", Scalar<Int64>.id, "Of the playlist as the client knows it; 409 when it is another one by now.")
    private static let owner = Parameter("owner", Scalar<Int64>.id, "Only those of this account.")

    private static let problems: [HTTPResponse.Status] = [.conflict, .insufficientStorage]

    var routes: [Route] {
        [list, create, show, change, delete, entries, add, replace, remove, PlaylistExport(services: services).route]
    }

    private var list: Route {
        .json(
            .get, "/v1/playlists", "listPlaylists", "List one's own playlists and the public ones", access: .user,
            parameters: .paging + [ParameterSpec(Self.owner)], answer: Shape<Playlist>.playlist.page("PlaylistPage"),
            "One page, by name."
        ) { request in
            let (owner, page, reader) = (try request.optional(Self.owner), try request.page(), try request.reader())
            return try await Problem.listing {
                try await services.playlists.playlists(ownedBy: owner, for: reader, page: page)
            }
        }
    }

    private var create: Route {
        .json(
            .post, "/v1/playlists", "createPlaylist", "Make a playlist", access: .user,
            body: BodySpec(
                "NewPlaylist", [.init(Self.name), .init(Self.comment), .init(Self.isPublic), .init(Self.tracks)]),
            status: .created, answer: .playlist, "The playlist.",
            location: { (made: Playlist) in "/v1/playlists/\(made.id)" },
            problems: Self.problems
        ) { request in
            let playlist = NewPlaylist(
                name: try request.body.require(Self.name), comment: try request.body.optional(Self.comment) ?? "",
                isPublic: try request.body.optional(Self.isPublic) ?? false,
                trackIDs: try request.body.optional(Self.tracks) ?? [])
            try Self.check(name: playlist.name)
            let owner = try request.account()
            return try await Problem.naming("track_ids") {
                try await services.playlists.createPlaylist(playlist, owner: owner)
            }
        }
    }

    private var show: Route {
        .json(
            .get, "/v1/playlists/{id}", "getPlaylist", "Show a playlist", access: .user,
            parameters: [ParameterSpec(.id)], answer: .playlist, "The playlist, without its tracks."
        ) { request in
            try await services.playlists.playlist(id: try request.require(.id), for: try request.reader())
        }
    }

    private var change: Route {
        .json(
            .patch, "/v1/playlists/{id}", "changePlaylist", "Rename a playlist, or show it to others", access: .user,
            parameters: [ParameterSpec(.id)],
            body: BodySpec("PlaylistChange", [.init(Self.newName), .init(Self.newComment), .init(Self.isPublic)]),
            answer: .playlist, "The playlist as it is now.", problems: Self.problems
        ) { request in
            let name = try request.body.optional(Self.newName)
            try Self.check(name: name)
            let change = PlaylistChange(
                name: name, comment: try request.body.optional(Self.newComment),
                isPublic: try request.body.optional(Self.isPublic))
            return try await self.change(request, change)
        }
    }

    private var delete: Route {
        Route(
            .delete, "/v1/playlists/{id}", "deletePlaylist", "Delete a playlist", access: .user,
            parameters: [ParameterSpec(.id)],
            answers: [.init(status: .noContent, description: "It is gone; its tracks are not.", content: [:])],
            problems: Self.problems
        ) { request in
            let (id, reader) = (try request.require(.id), try request.reader())
            try await requireChangeable(id, reader)
            try await services.playlists.deletePlaylist(id: id, by: reader)
            return Response(status: .noContent)
        }
    }

    private var entries: Route {
        .json(
            .get, "/v1/playlists/{id}/tracks", "listPlaylistTracks", "List the tracks of a playlist", access: .user,
            parameters: [ParameterSpec(.id)] + .paging, answer: Shape<ListedTrack>.listedTrack.page("ListedTrackPage"),
            "One page, in order. Tracks whose file is missing are there, too."
        ) { request in
            let (id, page, reader) = (try request.require(.id), try request.page(), try request.reader())
            _ = try await services.playlists.playlist(id: id, for: reader)
            let entries = try await Problem.listing {
                try await services.playlists.entries(ofPlaylist: id, for: reader, page: page)
            }
            return Page(
                items: try await services.listed(entries.items, for: request), nextCursor: entries.nextCursor)
        }
    }

    private var add: Route {
        edit(
            .post, "/v1/playlists/{id}/tracks", "addPlaylistTracks", "Add tracks to the end of a playlist",
            BodySpec("PlaylistAddition", [.init(Self.someTracks), .init(Self.version)])
        ) { PlaylistEdit(added: try $0.require(Self.someTracks)) }
    }

    private var replace: Route {
        edit(
            .put, "/v1/playlists/{id}/tracks", "replacePlaylistTracks",
            "Give a playlist other tracks, or another order",
            BodySpec("PlaylistReplacement", [.init(Self.someTracks), .init(Self.version)])
        ) { PlaylistEdit(replacement: try $0.require(Self.someTracks)) }
    }

    private var remove: Route {
        edit(
            .post, "/v1/playlists/{id}/tracks/remove", "removePlaylistTracks", "Take entries out of a playlist",
            BodySpec("PlaylistRemoval", [.init(Self.positions), .init(Self.version)])
        ) { PlaylistEdit(removed: try $0.require(Self.positions)) }
    }

    private func edit(
        _ method: HTTPRequest.Method, _ path: String, _ name: String, _ summary: String, _ body: BodySpec,
        _ read: @escaping @Sendable (Body) throws -> PlaylistEdit
    ) -> Route {
        .json(
            method, path, name, summary, access: .user, parameters: [ParameterSpec(.id)], body: body,
            answer: .playlist, "The playlist as it is now.", problems: Self.problems
        ) { request in
            let edit = try read(request.body)
            return try await change(
                request, PlaylistChange(edit: edit, expected: try request.body.optional(Self.version)))
        }
    }

    private func change(_ request: APIRequest, _ change: PlaylistChange) async throws -> Playlist {
        let (id, reader) = (try request.require(.id), try request.reader())
        try await requireChangeable(id, reader)
        // The playlist was there: what is not found now is a track.
        return try await Problem.naming("track_ids") {
            try await services.playlists.changePlaylist(id: id, change, by: reader)
        }
    }

    private func requireChangeable(_ id: Int64, _ reader: PlaylistReader) async throws {
        let playlist = try await services.playlists.playlist(id: id, for: reader)
        guard reader.mayChange(playlist) else { throw Problem(.forbidden, "only its owner may change a playlist") }
    }

    private static func check(name: String?) throws(Problem) {
        guard name.map(Playlist.isName) ?? true else { throw .invalid("name must be one line that is not blank") }
    }
}

extension APIRequest {
    /// Whose playlists are meant.
    func reader() throws(Problem) -> PlaylistReader {
        PlaylistReader(accountID: try account(), isAdmin: token?.role == .admin)
    }
}

extension APIServices {
    /// With their tracks, as the account that asks has marked them.
    func listed(_ entries: [PlaylistEntry], for request: APIRequest) async throws -> [ListedTrack] {
        let tracks = try await catalogue.tracks(ids: Set(entries.map(\.trackID)).sorted())
        let byID = Dictionary(
            try await marked(tracks, for: request).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return entries.compactMap { entry in
            byID[entry.trackID].map { ListedTrack(position: entry.position, track: $0) }
        }
    }
}
