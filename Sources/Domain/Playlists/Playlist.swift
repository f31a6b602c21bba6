/// A list of tracks that an account made, or that was found as a file in the library. A track may stand in it twice.
package struct Playlist: Hashable, Sendable {
    package var id: Int64
    /// Who may change it; others read it when it is public.
    package var ownerID: Int64
    package var ownerName: String
    package var name: String
    /// Empty when there is none.
    package var comment: String
    package var isPublic: Bool
    /// Microseconds since the epoch. `changedAt` grows with every change.
    package var createdAt: Int64
    package var changedAt: Int64
    package var trackCount: Int
    /// Milliseconds over all entries whose length is known.
    package var durationMs: Int64
    /// Of the first entry that has a cover.
    package var coverHash: String?
    /// The file that it was imported from; nil for a playlist that people made.
    package var origin: PlaylistOrigin?

    package init(
        id: Int64, ownerID: Int64, ownerName: String, name: String, comment: String, isPublic: Bool, createdAt: Int64,
        changedAt: Int64, trackCount: Int, durationMs: Int64, coverHash: String? = nil, origin: PlaylistOrigin? = nil
    ) {
        self.id = id
        self.ownerID = ownerID
        self.ownerName = ownerName
        self.name = name
        self.comment = comment
        self.isPublic = isPublic
        self.createdAt = createdAt
        self.changedAt = changedAt
        self.trackCount = trackCount
        self.durationMs = durationMs
        self.coverHash = coverHash
        self.origin = origin
    }

    package static let maxEntries = 50_000
    /// Of one account.
    package static let maxPlaylists = 10_000
    /// In Unicode scalars, as the other.
    package static let maxNameLength = 256
    package static let maxCommentLength = 4096

    /// A name is one line of text with something in it.
    package static func isName(_ text: String) -> Bool {
        (1...maxNameLength).contains(text.unicodeScalars.count) && !text.allSatisfy(\.isWhitespace)
            && text.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && !(0x2028...0x2029).contains($0.value)
            }
    }

    package static func isComment(_ text: String) -> Bool {
        text.unicodeScalars.count <= maxCommentLength && !text.unicodeScalars.contains("\0")
    }
}

/// The playlist file that a playlist was imported from.
package struct PlaylistOrigin: Hashable, Sendable {
    package var path: FilePath
    /// What the file lists.
    package var entryCount: Int
    /// Entries of the file that the library does not have.
    package var missingCount: Int
    /// Microseconds since the epoch.
    package var importedAt: Int64
    /// True when people changed the playlist since: the file does not overwrite what they did.
    package var isEdited: Bool

    package init(path: FilePath, entryCount: Int, missingCount: Int, importedAt: Int64, isEdited: Bool) {
        self.path = path
        self.entryCount = entryCount
        self.missingCount = missingCount
        self.importedAt = importedAt
        self.isEdited = isEdited
    }
}

/// One place of a playlist; the first is 0.
package struct PlaylistEntry: Hashable, Sendable {
    package var position: Int
    package var trackID: Int64

    package init(position: Int, trackID: Int64) {
        self.position = position
        self.trackID = trackID
    }
}

/// Who asks for playlists.
package struct PlaylistReader: Hashable, Sendable {
    package var accountID: Int64
    /// An administrator reads and changes everybody's.
    package var isAdmin: Bool

    package init(accountID: Int64, isAdmin: Bool) {
        self.accountID = accountID
        self.isAdmin = isAdmin
    }

    package func mayRead(_ playlist: Playlist) -> Bool { playlist.isPublic || mayChange(playlist) }
    package func mayChange(_ playlist: Playlist) -> Bool { isAdmin || playlist.ownerID == accountID }
}
