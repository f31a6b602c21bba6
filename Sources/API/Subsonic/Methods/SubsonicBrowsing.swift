import Domain
import UseCases

/// What there is, from folders and artists down to songs.
struct SubsonicBrowsing: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("getMusicFolders", handle: musicFolders),
            SubsonicMethod("getIndexes", handle: indexes),
            SubsonicMethod("getMusicDirectory", required: ["id"], handle: directory),
            SubsonicMethod("getArtists", handle: artists),
            SubsonicMethod("getArtist", required: ["id"], handle: artist),
            SubsonicMethod("getAlbum", required: ["id"], handle: album),
            SubsonicMethod("getSong", required: ["id"], handle: song),
            SubsonicMethod("getGenres", handle: genres),
        ]
    }

    // MARK: Folders

    private func musicFolders(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        var node = SubsonicNode()
        let folders = try await services.browser.roots().map { root in
            var node = SubsonicNode()
            node.set("id", root.id)
            node.set("name", root.name)
            return node
        }
        node.add("musicFolder", .children(folders))
        return .node("musicFolders", node)
    }

    private func indexes(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let caller = try call.account()
        let modified = try await lastModifiedMs()
        var node = SubsonicNode()
        node.set("lastModified", modified)
        node.set("ignoredArticles", ArtistIndex.ignoredArticles.joined(separator: " "))
        if let since = try call.parameters.integer("ifModifiedSince"), since >= modified {
            node.add("index", .children([]))
            return .node("indexes", node)
        }
        let found = try await allArtists(rootID: call.parameters.rootID())
        let nodes = try await shelf.directories(found, for: caller)
        node.add("index", .children(ArtistIndex.nodes(found, nodes)))
        return .node("indexes", node)
    }

    /// When a scan last ended; milliseconds since the epoch.
    private func lastModifiedMs() async throws -> Int64 {
        let scans = try await services.scans.scans(PageRequest(limit: 1)).items
        return (scans.first.map { $0.finishedAt ?? services.clock() } ?? 0) / 1000
    }

    private func directory(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let caller = try call.account()
        let id = try call.parameters.id()
        var node = SubsonicNode()
        node.set("id", id.description)
        switch id {
        case .folder(let rootID):
            guard let root = try await services.browser.roots().first(where: { $0.id == rootID }) else {
                throw SubsonicError.notFound
            }
            node.set("name", root.name)
            let found = try await allArtists(rootID: rootID)
            node.add("child", .children(found.map(Self.folder)))
        case .artist(let artistID):
            let artist = try await services.catalogue.artist(id: artistID)
            node.set("name", artist.name)
            let albums = try await shelf.albums(shelf.albums(ofArtist: artistID), as: .directory, for: caller)
            let loose = try await looseTracks(ofArtist: artistID)
            node.add("child", .children(albums + (try await shelf.songs(loose, for: caller))))
        case .album(let albumID):
            let album = try await services.catalogue.album(id: albumID)
            node.set("name", album.title)
            let songs = try await shelf.songs(shelf.tracks(ofAlbum: albumID), for: caller)
            node.add("child", .children(songs))
        case .track, .playlist, .cover: throw SubsonicError.notFound
        }
        return .node("directory", node)
    }

    /// An artist in a music folder.
    private static func folder(_ artist: Artist) -> SubsonicNode {
        var node = SubsonicNode()
        let id = SubsonicID.artist(artist.id).description
        node.set("id", id)
        node.set("isDir", flag: true)
        node.set("title", artist.name)
        node.set("artist", artist.name)
        node.set("coverArt", id)
        return node
    }

    /// Songs on no album, which only their artist leads to.
    private func looseTracks(ofArtist id: Int64) async throws -> [Track] {
        try await shelf.all {
            try await services.catalogue.tracks(
                TrackFilter(artistID: id, state: .present, isOnNoAlbum: true), page: $0)
        }
    }

    // MARK: Artists, albums, songs

    private func artists(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let found = try await allArtists(rootID: call.parameters.rootID())
        let nodes = try await shelf.artists(found, for: call.account())
        var node = SubsonicNode()
        node.set("ignoredArticles", ArtistIndex.ignoredArticles.joined(separator: " "))
        node.add("index", .children(ArtistIndex.nodes(found, nodes)))
        return .node("artists", node)
    }

    private func allArtists(rootID: Int64?) async throws -> [Artist] {
        try await services.browser.artists(rootID: rootID, Piece(limit: ArtistIndex.artistsMax))
    }

    private func artist(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        guard case .artist(let id) = try call.parameters.id() else { throw SubsonicError.notFound }
        let caller = try call.account()
        let artist = try await services.catalogue.artist(id: id)
        var node = try await shelf.artists([artist], for: caller)[0]
        node.add("album", .children(try await shelf.albums(shelf.albums(ofArtist: id), for: caller)))
        return .node("artist", node)
    }

    private func album(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        guard case .album(let id) = try call.parameters.id() else { throw SubsonicError.notFound }
        let caller = try call.account()
        let album = try await services.catalogue.album(id: id)
        let tracks = try await shelf.tracks(ofAlbum: id)
        var node = try await shelf.albums([album], for: caller)[0]
        node.add("discTitles", .children(Self.discTitles(tracks)))
        node.add("song", .children(try await shelf.songs(tracks, for: caller)))
        return .node("album", node)
    }

    private static func discTitles(_ tracks: [Track]) -> [SubsonicNode] {
        var titles: [Int: String] = [:]
        for track in tracks {
            guard let title = track.metadata.extra["discsubtitle"]?.first else { continue }
            titles[track.metadata.discNumber ?? 1] = title
        }
        return titles.sorted { $0.key < $1.key }.map { disc, title in
            var node = SubsonicNode()
            node.set("disc", disc)
            node.set("title", title)
            return node
        }
    }

    private func song(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let track = try await services.catalogue.track(id: call.parameters.trackID())
        return .node("song", try await shelf.songs([track], for: call.account())[0])
    }

    private func genres(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let genres = try await services.browser.genres().map { genre in
            var node = SubsonicNode()
            node.set("songCount", genre.tracks)
            node.set("albumCount", genre.albums)
            node.add("value", .content(.text(genre.name)))
            return node
        }
        var node = SubsonicNode()
        node.add("genre", .children(genres))
        return .node("genres", node)
    }
}

extension ArtistIndex {
    /// - Parameter nodes: One for each artist.
    fileprivate static func nodes(_ artists: [Artist], _ nodes: [SubsonicNode]) -> [SubsonicNode] {
        let byID = Dictionary(zip(artists.map(\.id), nodes), uniquingKeysWith: { first, _ in first })
        return letters(artists).map { letter in
            var node = SubsonicNode()
            node.set("name", letter.name)
            node.add("artist", .children(letter.artists.compactMap { byID[$0.id] }))
            return node
        }
    }
}
