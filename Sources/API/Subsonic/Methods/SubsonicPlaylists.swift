import Domain
import UseCases

/// Playlists of the account, and those that others let everybody read.
struct SubsonicPlaylists: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("getPlaylists", handle: list),
            SubsonicMethod("getPlaylist", required: ["id"]) { call in
                let id = try call.parameters.playlistID("id")
                let playlist = try await services.playlists.playlist(id: id, for: call.account().reader)
                return .node("playlist", try await whole(playlist, call))
            },
            SubsonicMethod("createPlaylist", handle: create),
            SubsonicMethod("updatePlaylist", required: ["playlistId"], handle: update),
            SubsonicMethod("deletePlaylist", required: ["id"]) { call in
                let id = try call.parameters.playlistID("id")
                try await Self.changing {
                    try await services.playlists.deletePlaylist(id: id, by: call.account().reader)
                }
                return .nothing
            },
        ]
    }

    private func list(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let caller = try call.account()
        var owner: Int64?
        if let name = call.parameters.filled("username") {
            do {
                owner = try await services.accounts.account(named: name).id
            } catch StoreError.notFound {
                // As one who lets nobody read a playlist: names of accounts are not to be found out here.
                return .node("playlists", Self.list([], for: caller))
            }
        }
        let playlists = try await shelf.all { page in
            try await services.playlists.playlists(ownedBy: owner, for: caller.reader, page: page)
        }
        return .node("playlists", Self.list(playlists, for: caller))
    }

    private static func list(_ playlists: [Playlist], for caller: SubsonicCaller) -> SubsonicNode {
        var list = SubsonicNode()
        list.add("playlist", .children(playlists.map { node($0, for: caller) }))
        return list
    }

    private func create(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let (parameters, caller) = (call.parameters, try call.account())
        let tracks = try parameters.trackIDs("songId")
        if parameters.filled("playlistId") != nil {
            let id = try parameters.playlistID("playlistId")
            let change = PlaylistChange(
                name: parameters.filled("name"), edit: PlaylistEdit(replacement: tracks))
            let playlist = try await Self.changing {
                try await services.playlists.changePlaylist(id: id, change, by: caller.reader)
            }
            return .node("playlist", try await whole(playlist, call))
        }
        guard let name = parameters.filled("name") else { throw SubsonicError.missing("name or playlistId") }
        let playlist = try await services.playlists.createPlaylist(
            NewPlaylist(name: name, trackIDs: tracks), owner: caller.id)
        return .node("playlist", try await whole(playlist, call))
    }

    private func update(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let id = try parameters.playlistID("playlistId")
        let removed = try parameters.list("songIndexToRemove").map { text throws(SubsonicError) in
            guard let index = Int(text), index >= 0 else {
                throw .invalid("songIndexToRemove", "an integer not below 0")
            }
            return index
        }
        // Before the places: what changes in between is told by it.
        let expected =
            removed.isEmpty
            ? nil : try await services.playlists.playlist(id: id, for: call.account().reader).changedAt
        let places = try await places(removed, inPlaylist: id, call)
        let change = PlaylistChange(
            name: parameters.filled("name"), comment: parameters.text("comment"),
            isPublic: try parameters.flag("public"),
            edit: PlaylistEdit(removed: places, added: try parameters.trackIDs("songIdToAdd")), expected: expected)
        try await Self.changing {
            _ = try await services.playlists.changePlaylist(id: id, change, by: call.account().reader)
        }
        return .nothing
    }

    /// Where entries stand in the list as it is kept: players count those alone that they were shown.
    private func places(_ shown: [Int], inPlaylist id: Int64, _ call: SubsonicCall) async throws -> [Int] {
        guard !shown.isEmpty else { return [] }
        let caller = try call.account()
        let ids = try await services.playlists.trackIDs(ofPlaylist: id, for: caller.reader)
        let entries = try await shelf.entries(ids, for: caller)
        return try shown.map { index in
            guard entries.indices.contains(index) else {
                throw SubsonicError.invalid("songIndexToRemove", "the place of a song, from 0 to \(entries.count - 1)")
            }
            return entries[index].place
        }
    }

    /// What one may read and not change is a conflict to the store.
    private static func changing<Value>(_ change: () async throws -> Value) async throws -> Value {
        do {
            return try await change()
        } catch StoreError.conflict(let text) {
            throw SubsonicError(.notAuthorized, text)
        }
    }

    private func whole(_ playlist: Playlist, _ call: SubsonicCall) async throws -> SubsonicNode {
        let caller = try call.account()
        let ids = try await services.playlists.trackIDs(ofPlaylist: playlist.id, for: caller.reader)
        let entries = try await shelf.entries(ids, for: caller)
        // What is missing now is neither shown nor counted.
        var shown = playlist
        shown.trackCount = entries.count
        shown.durationMs = Int64(entries.reduce(0) { $0 + $1.durationMs })
        var node = Self.node(shown, for: caller)
        node.add("entry", .children(entries.map(\.node)))
        return node
    }

    private static func node(_ playlist: Playlist, for caller: SubsonicCaller) -> SubsonicNode {
        var node = SubsonicNode()
        node.set("id", SubsonicID.playlist(playlist.id).description)
        node.set("name", playlist.name)
        if !playlist.comment.isEmpty { node.set("comment", playlist.comment) }
        node.set("owner", playlist.ownerName)
        node.set("public", flag: playlist.isPublic)
        node.set("songCount", playlist.trackCount)
        node.set("duration", (playlist.durationMs + 500) / 1000)
        node.set("created", time: playlist.createdAt)
        node.set("changed", time: playlist.changedAt)
        node.set("coverArt", playlist.coverHash.map { SubsonicID.cover($0).description })
        node.set("readonly", flag: !caller.reader.mayChange(playlist))
        return node
    }
}
