import Domain

/// Playlists of all accounts. What a reader may not read is not there for them: `notFound`; what they may read and not
/// change is `conflict` with a reason.
package protocol PlaylistStore: Sendable {
    /// By name. Nil: the reader's own and all public ones; else those of that account that the reader may read.
    func playlists(
        ownedBy owner: Int64?, for reader: PlaylistReader, page: PageRequest
    ) async throws -> Page<Playlist>
    /// The first of an account by name, for who chooses one: nothing of them is counted.
    func choices(ownedBy owner: Int64, limit: Int) async throws -> [PlaylistChoice]
    func playlist(id: Int64, for reader: PlaylistReader) async throws -> Playlist
    /// In order.
    func entries(
        ofPlaylist id: Int64, for reader: PlaylistReader, page: PageRequest
    ) async throws -> Page<PlaylistEntry>
    /// All of it, up to `Playlist.maxEntries`.
    func trackIDs(ofPlaylist id: Int64, for reader: PlaylistReader) async throws -> [Int64]

    /// Throws `notFound` for a track that is not in the library, `preconditionFailed` for what is no name, no comment or
    /// too much. So does `changePlaylist`.
    func createPlaylist(_ playlist: NewPlaylist, owner: Int64) async throws -> Playlist
    /// All of the change or none of it. Throws `conflict` when the playlist is not the one that `change.expected` tells
    /// of, `preconditionFailed` for positions that it does not have.
    func changePlaylist(id: Int64, _ change: PlaylistChange, by reader: PlaylistReader) async throws -> Playlist
    func deletePlaylist(id: Int64, by reader: PlaylistReader) async throws
}

/// A playlist that may be chosen.
package struct PlaylistChoice: Hashable, Sendable {
    package let id: Int64
    package let name: String

    package init(id: Int64, name: String) {
        self.id = id
        self.name = name
    }
}

package struct NewPlaylist: Hashable, Sendable {
    package var name: String
    package var comment: String
    package var isPublic: Bool
    package var trackIDs: [Int64]

    package init(name: String, comment: String = "", isPublic: Bool = false, trackIDs: [Int64] = []) {
        self.name = name
        self.comment = comment
        self.isPublic = isPublic
        self.trackIDs = trackIDs
    }
}

/// What is to be otherwise; nil stays as it is.
package struct PlaylistChange: Hashable, Sendable {
    package var name: String?
    package var comment: String?
    package var isPublic: Bool?
    package var edit: PlaylistEdit
    /// `changedAt` of the playlist as the sender knows it: positions mean nothing in another one. Nil takes any.
    package var expected: Int64?

    package init(
        name: String? = nil, comment: String? = nil, isPublic: Bool? = nil, edit: PlaylistEdit = PlaylistEdit(),
        expected: Int64? = nil
    ) {
        self.name = name
        self.comment = comment
        self.isPublic = isPublic
        self.edit = edit
        self.expected = expected
    }
}
