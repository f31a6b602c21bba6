import Domain
import UseCases

extension MemoryStore: LibraryBrowser {
    func roots() async throws -> [BrowsedRoot] {
        try await libraryRoots().enumerated().map { BrowsedRoot(id: Int64($0 + 1), path: $1) }
    }

    func albums(_ list: AlbumList, rootID: Int64?, _ piece: Piece) async throws -> [Album] {
        try perform { Array($0.albums.dropFirst(piece.offset).prefix(piece.limit)) }
    }

    func artists(rootID: Int64?, _ piece: Piece) async throws -> [Artist] {
        try perform { Array($0.artists.dropFirst(piece.offset).prefix(piece.limit)) }
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
        Array(try await search(text, limit: piece.end).dropFirst(piece.offset))
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

    func genres() async throws -> [GenreTally] { [] }
}
