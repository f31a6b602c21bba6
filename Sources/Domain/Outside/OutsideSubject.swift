/// What a service outside is asked about: names and ids as the library has them.
package enum OutsideSubject: Hashable, Sendable {
    case track(TrackQuestion)
    case album(AlbumQuestion)
    case artist(ArtistQuestion)

    /// The raw value is its name in the database.
    package enum Kind: String, Codable, CaseIterable, Sendable {
        case track, album, artist
    }

    package var kind: Kind {
        switch self {
        case .track: .track
        case .album: .album
        case .artist: .artist
        }
    }
}

package struct TrackQuestion: Codable, Hashable, Sendable {
    package var artist: String
    package var title: String
    package var album: String?
    package var durationMs: Int?
    package var isrc: String?
    /// MusicBrainz ids, as tagged.
    package var recordingID: String?
    package var releaseID: String?

    package init(
        artist: String, title: String, album: String? = nil, durationMs: Int? = nil, isrc: String? = nil,
        recordingID: String? = nil, releaseID: String? = nil
    ) {
        self.artist = artist
        self.title = title
        self.album = album
        self.durationMs = durationMs
        self.isrc = isrc
        self.recordingID = recordingID
        self.releaseID = releaseID
    }

    enum CodingKeys: String, CodingKey {
        case artist, title, album, isrc
        case durationMs = "duration_ms"
        case recordingID = "recording_id"
        case releaseID = "release_id"
    }
}

package struct AlbumQuestion: Codable, Hashable, Sendable {
    /// Nil for a compilation of many.
    package var artist: String?
    package var title: String
    package var year: Int?
    package var trackCount: Int?
    /// MusicBrainz ids, as tagged.
    package var releaseID: String?
    package var releaseGroupID: String?

    package init(
        artist: String?, title: String, year: Int? = nil, trackCount: Int? = nil, releaseID: String? = nil,
        releaseGroupID: String? = nil
    ) {
        self.artist = artist
        self.title = title
        self.year = year
        self.trackCount = trackCount
        self.releaseID = releaseID
        self.releaseGroupID = releaseGroupID
    }

    enum CodingKeys: String, CodingKey {
        case artist, title, year
        case trackCount = "track_count"
        case releaseID = "release_id"
        case releaseGroupID = "release_group_id"
    }
}

package struct ArtistQuestion: Codable, Hashable, Sendable {
    package var name: String
    /// A MusicBrainz id, as tagged.
    package var artistID: String?

    package init(name: String, artistID: String? = nil) {
        self.name = name
        self.artistID = artistID
    }

    enum CodingKeys: String, CodingKey {
        case name
        case artistID = "artist_id"
    }
}
