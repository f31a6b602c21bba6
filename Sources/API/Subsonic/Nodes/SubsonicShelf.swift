import Domain
import UseCases

/// Makes what players show of tracks, albums and artists, with all that has to be looked up beside them.
struct SubsonicShelf: Sendable {
    let services: APIServices

    // MARK: Songs

    func songs(_ tracks: [Track], for caller: SubsonicCaller) async throws -> [SubsonicNode] {
        guard !tracks.isEmpty else { return [] }
        let roots = try await services.scans.libraryRoots()
        var nodes: [SubsonicNode] = []
        for part in tracks.parts(of: Self.maxAtOnce) {
            let ids = part.map(\.id)
            let marks = try await services.listening.marks(of: .track, ids: ids, account: caller.id)
            let credits = try await services.credits.credits(ofTracks: ids)
            nodes += part.map { track in
                SongNode(track: track, credits: credits[track.id] ?? .none, mark: marks[track.id], roots: roots).node
            }
        }
        return nodes
    }

    /// The entries of a list that can be played, with their places in it: a player shows nothing that it cannot play.
    func entries(_ ids: [Int64], for caller: SubsonicCaller) async throws -> [ListEntry] {
        var entries: [ListEntry] = []
        for places in Array(ids.indices).parts(of: Self.maxAtOnce) {
            let tracks = try await services.catalogue.tracks(ids: Array(Set(places.map { ids[$0] })))
                .filter { $0.state == .present }
            let nodes = Dictionary(
                zip(tracks.map(\.id), try await songs(tracks, for: caller)), uniquingKeysWith: { first, _ in first })
            let lengths = Dictionary(
                tracks.map { ($0.id, $0.durationMs ?? 0) }, uniquingKeysWith: { first, _ in first })
            entries += places.compactMap { place in
                nodes[ids[place]].map { ListEntry(place: place, node: $0, durationMs: lengths[ids[place]] ?? 0) }
            }
        }
        return entries
    }

    /// In the order of the ids; what is not in the library any more is left out.
    func songs(ids: [Int64], for caller: SubsonicCaller) async throws -> [SubsonicNode] {
        try await entries(ids, for: caller).map(\.node)
    }

    /// Rows that one question names.
    static let maxAtOnce = 500

    // MARK: Albums

    enum AlbumForm: Sendable {
        case album
        /// As a folder of songs, for players that know nothing of albums.
        case directory
    }

    func albums(
        _ albums: [Album], as form: AlbumForm = .album, for caller: SubsonicCaller
    ) async throws -> [SubsonicNode] {
        var nodes: [SubsonicNode] = []
        for part in albums.parts(of: Self.maxAtOnce) { nodes += try await some(part, as: form, for: caller) }
        return nodes
    }

    private func some(
        _ albums: [Album], as form: AlbumForm, for caller: SubsonicCaller
    ) async throws -> [SubsonicNode] {
        let ids = albums.map(\.id)
        let marks = try await services.listening.marks(of: .album, ids: ids, account: caller.id)
        let heard = try await services.listening.heard(ofAlbums: ids, account: caller.id)
        let openings = try await services.credits.openings(ofAlbums: ids)
        let firsts = openings.values.map(\.trackID)
        let credits = try await services.credits.credits(ofTracks: firsts)
        let tracks = Dictionary(
            try await services.catalogue.tracks(ids: firsts).map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first })
        return albums.map { album in
            let opening = openings[album.id]
            let node = AlbumNode(
                album: album, mark: marks[album.id], heard: heard[album.id] ?? .never, addedAt: opening?.addedAt ?? 0,
                first: opening.flatMap { tracks[$0.trackID] },
                credits: opening.flatMap { credits[$0.trackID] } ?? .none)
            return form == .album ? node.node : node.directory
        }
    }

    // MARK: Artists

    func artists(_ artists: [Artist], for caller: SubsonicCaller) async throws -> [SubsonicNode] {
        let marks = try await marks(of: artists, for: caller)
        return artists.map { ArtistNode(artist: $0, mark: marks[$0.id]).node }
    }

    /// As folders of albums.
    func directories(_ artists: [Artist], for caller: SubsonicCaller) async throws -> [SubsonicNode] {
        let marks = try await marks(of: artists, for: caller)
        return artists.map { ArtistNode(artist: $0, mark: marks[$0.id]).directory }
    }

    private func marks(of artists: [Artist], for caller: SubsonicCaller) async throws -> [Int64: Mark] {
        var marks: [Int64: Mark] = [:]
        for part in artists.parts(of: Self.maxAtOnce) {
            let some = try await services.listening.marks(of: .artist, ids: part.map(\.id), account: caller.id)
            marks.merge(some) { first, _ in first }
        }
        return marks
    }

    // MARK: Whole lists

    /// All albums of an artist.
    func albums(ofArtist id: Int64) async throws -> [Album] {
        try await all { try await services.catalogue.albums(artistID: id, page: $0) }
    }

    /// All songs of an album whose file is there, in their order on it.
    func tracks(ofAlbum id: Int64) async throws -> [Track] {
        let tracks = try await all {
            try await services.catalogue.tracks(TrackFilter(albumID: id, state: .present), page: $0)
        }
        return tracks.sorted { Self.place($0) < Self.place($1) }
    }

    private static func place(_ track: Track) -> (Int, Int, String) {
        (track.metadata.discNumber ?? 1, track.metadata.trackNumber ?? .max, track.displayTitle)
    }

    /// Pages of a list that one answer holds whole.
    private static let maxPages = 200

    func all<Item>(_ page: (PageRequest) async throws -> Page<Item>) async throws -> [Item] {
        var items: [Item] = []
        var cursor: String?
        for _ in 0..<Self.maxPages {
            let found = try await page(PageRequest(cursor: cursor, limit: PageRequest.maxLimit))
            items += found.items
            cursor = found.nextCursor
            if cursor == nil { break }
        }
        return items
    }
}

/// An entry of a playlist or a queue, as a player gets it.
struct ListEntry: Sendable {
    /// In the list as it is kept, with what is missing now.
    let place: Int
    let node: SubsonicNode
    let durationMs: Int
}

extension Track {
    /// As it was heard, or else as the file says.
    var durationMs: Int? { analysis?.durationMs ?? properties.durationMs }
}

extension Array {
    func parts(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min(count, $0 + size)]) }
    }
}
