import Domain

/// Playlist files of the library, as walks find them, and the playlists that are made of them.
package protocol PlaylistFileStore: Sendable {
    /// Files that are new or changed, whose walk is over and whose walk's files are in the catalogue.
    func duePlaylistFiles(limit: Int) async throws -> [FilePath]
    /// Keeps what was read: makes the playlist, or gives it the entries of the file. A playlist that people changed stays
    /// as they left it, one that they deleted stays away until its file changes. Idempotent; nothing happens when the file
    /// is due no more. The first administrator who can sign in owns it; without one the file stays due.
    func settle(_ file: FilePath, _ reading: PlaylistReading) async throws
    /// By folder and name.
    func playlistFiles(_ page: PageRequest) async throws -> Page<PlaylistFile>
    /// For each list of candidates the first that is a track of the library.
    func tracks(at candidates: [[FilePath]]) async throws -> [Int64?]
}

package enum PlaylistReading: Hashable, Sendable {
    /// - Parameters:
    ///   - facts: as the file was while it was read.
    ///   - places: for each entry, where it may lead.
    ///   - leftOut: entries that lead nowhere, or are too many.
    ///   - problem: for people, where not all of the file was taken.
    case read(facts: FileFacts, name: String, places: [[FilePath]], leftOut: Int = 0, problem: String? = nil)
    /// With a reason for people. It is tried again when the file changes, or the next scan meets it.
    case unreadable(String)
}

/// A playlist file that a scan met.
package struct PlaylistFile: Hashable, Sendable {
    package var path: FilePath
    /// Nil when there is none: not yet, not any more, or no entry is in the library.
    package var playlistID: Int64?
    package var entryCount: Int
    package var missingCount: Int
    /// Microseconds since the epoch.
    package var importedAt: Int64?
    /// True while it waits to be read.
    package var isDue: Bool
    package var problem: String?

    package init(
        path: FilePath, playlistID: Int64?, entryCount: Int, missingCount: Int, importedAt: Int64?, isDue: Bool,
        problem: String?
    ) {
        self.path = path
        self.playlistID = playlistID
        self.entryCount = entryCount
        self.missingCount = missingCount
        self.importedAt = importedAt
        self.isDue = isDue
        self.problem = problem
    }
}
