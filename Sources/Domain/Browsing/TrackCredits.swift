/// Who made a track, and the album that it is on, in the order of the tags.
package struct TrackCredits: Hashable, Sendable {
    package struct Artist: Hashable, Sendable {
        package var id: Int64
        /// As the library calls the artist.
        package var name: String

        package init(id: Int64, name: String) {
            self.id = id
            self.name = name
        }
    }

    package var artists: [Artist]
    package var albumArtists: [Artist]

    package init(artists: [Artist] = [], albumArtists: [Artist] = []) {
        self.artists = artists
        self.albumArtists = albumArtists
    }

    package static let none = TrackCredits()
}

/// The track that speaks for its album, and when the album came.
package struct AlbumOpening: Hashable, Sendable {
    package var trackID: Int64
    /// Microseconds since the epoch.
    package var addedAt: Int64

    package init(trackID: Int64, addedAt: Int64) {
        self.trackID = trackID
        self.addedAt = addedAt
    }
}
