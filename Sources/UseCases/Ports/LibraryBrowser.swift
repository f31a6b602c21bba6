import Domain

/// The library in lists whose places have numbers, as music players ask for it: only what has a file that is there.
///
/// A `rootID` narrows a list to a library root; throws `notFound` for one that there is not.
package protocol LibraryBrowser: Sendable {
    /// By id.
    func roots() async throws -> [BrowsedRoot]
    /// Their gain is not looked up.
    func albums(_ list: AlbumList, of choice: AlbumChoice, _ piece: Piece) async throws -> [Album]
    /// By chance; pages of one seed are of one order, and the cursor carries the seed on. Nil: any seed. Throws
    /// `preconditionFailed` for a cursor of another seed. Their gain is not looked up.
    func shuffledAlbums(of choice: AlbumChoice, seed: Int64?, page: PageRequest) async throws -> Page<Album>
    /// By name.
    func artists(rootID: Int64?, _ piece: Piece) async throws -> [Artist]
    /// In the order in which they came; the last piece takes no longer than the first.
    func tracks(rootID: Int64?, _ piece: Piece) async throws -> [Track]
    /// In the order in which they came.
    func tracks(ofGenre name: String, rootID: Int64?, _ piece: Piece) async throws -> [Track]
    /// As many as there are, up to `count`, none twice.
    func randomTracks(_ choice: TrackChoice, count: Int) async throws -> [Track]
    /// As `shuffledAlbums`.
    func shuffledTracks(_ filter: TrackFilter, seed: Int64?, page: PageRequest) async throws -> Page<Track>
    /// The best match first; see `Catalogue.search`.
    func searchTracks(_ text: String, rootID: Int64?, _ piece: Piece) async throws -> [Track]
    /// By words of the name: who is called exactly so, then those whose name begins so, then others; among equals by name.
    /// Pieces go on to the end.
    func searchArtists(_ text: String, rootID: Int64?, _ piece: Piece) async throws -> [Artist]
    /// As `searchArtists`, by the title; then those of which some words are in the name of the artist.
    func searchAlbums(_ text: String, rootID: Int64?, _ piece: Piece) async throws -> [Album]
    /// Those of these tracks, albums or artists that have a file in the root.
    func these(_ kind: MarkKind, _ ids: [Int64], within rootID: Int64) async throws -> Set<Int64>
    /// The artist's tracks that are heard most, by all accounts, then the best rated.
    func topTracks(ofArtist id: Int64, count: Int) async throws -> [Track]
    /// By name.
    func genres() async throws -> [GenreTally]
}

extension LibraryBrowser {
    package func albums(_ list: AlbumList, rootID: Int64?, _ piece: Piece) async throws -> [Album] {
        try await albums(list, of: AlbumChoice(rootID: rootID), piece)
    }
}

/// A library root, as players know it.
package struct BrowsedRoot: Hashable, Sendable {
    package var id: Int64
    package var path: FilePath

    package init(id: Int64, path: FilePath) {
        self.id = id
        self.path = path
    }

    /// The folder's own name.
    package var name: String { String(decoding: path.lastComponent, as: UTF8.self) }
}
