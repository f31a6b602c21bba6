import Domain
import UseCases

extension MemoryStore: LibraryBrowser {
    func roots() async throws -> [BrowsedRoot] {
        try await libraryRoots().enumerated().map { BrowsedRoot(id: Int64($0 + 1), path: $1) }
    }

    /// What was asked for is kept: the database's own tests see to the answers.
    func albums(_ list: AlbumList, of choice: AlbumChoice, _ piece: Piece) async throws -> [Album] {
        try perform { state in
            try Self.expect(root: choice.rootID, state)
            state.albumQuestions.append((list, choice))
            return Array(state.albums.dropFirst(piece.offset).prefix(piece.limit))
        }
    }

    func shuffledAlbums(of choice: AlbumChoice, seed: Int64?, page: PageRequest) async throws -> Page<Album> {
        try perform { state in
            state.albumQuestions.append((.random, choice))
            state.seeds.append(seed)
            return try MemoryStore.page(state.albums.reversed(), page)
        }
    }

    func shuffledTracks(_ filter: TrackFilter, seed: Int64?, page: PageRequest) async throws -> Page<Track> {
        try perform { state in
            state.seeds.append(seed)
            let tracks = state.tracks.filter { filter.genre.map($0.metadata.genres.contains) ?? true }
            return try MemoryStore.page(tracks.reversed(), page)
        }
    }

    private static func expect(root id: Int64?, _ state: State) throws {
        guard id.map({ (1...state.roots.count).contains(Int($0)) }) ?? true else {
            throw StoreError.notFound("there is no library root \(id ?? 0)")
        }
    }

    func artists(rootID: Int64?, _ piece: Piece) async throws -> [Artist] {
        try perform { state in
            try Self.expect(root: rootID, state)
            return Array(state.artists.dropFirst(piece.offset).prefix(piece.limit))
        }
    }

    func tracks(rootID: Int64?, _ piece: Piece) async throws -> [Track] {
        try perform { Array($0.tracks.dropFirst(piece.offset).prefix(piece.limit)) }
    }

    func tracks(ofGenre name: String, rootID: Int64?, _ piece: Piece) async throws -> [Track] {
        try perform { state in
            let tracks = state.tracks.filter { $0.metadata.genres.contains(name) }
            return Array(tracks.dropFirst(piece.offset).prefix(piece.limit))
        }
    }

    func randomTracks(_ choice: TrackChoice, count: Int) async throws -> [Track] {
        try perform { Array($0.tracks.prefix(count)) }
    }

    func searchTracks(_ text: String, rootID: Int64?, _ piece: Piece) async throws -> [Track] {
        _ = try perform { try Self.expect(root: rootID, $0) }
        return Array(try await search(text, limit: piece.end).dropFirst(piece.offset))
    }

    func searchArtists(_ text: String, rootID: Int64?, _ piece: Piece) async throws -> [Artist] {
        Array(try await searchNames(text, limit: piece.end).artists.dropFirst(piece.offset))
    }

    func searchAlbums(_ text: String, rootID: Int64?, _ piece: Piece) async throws -> [Album] {
        Array(try await searchNames(text, limit: piece.end).albums.dropFirst(piece.offset))
    }

    func these(_ kind: MarkKind, _ ids: [Int64], within rootID: Int64) async throws -> Set<Int64> { Set(ids) }

    func topTracks(ofArtist id: Int64, count: Int) async throws -> [Track] {
        try perform { state in Array(state.tracks.filter { $0.artistIDs.contains(id) }.prefix(count)) }
    }

    func genres() async throws -> [GenreTally] {
        try perform { state in
            let genres = Dictionary(grouping: state.tracks.flatMap(\.metadata.genres)) { $0 }
            return genres.map { GenreTally(name: $0, tracks: $1.count, albums: 1) }.sorted { $0.name < $1.name }
        }
    }
}
