/// One play of a track, as a service that counts plays is told of it.
package struct Listen: Codable, Hashable, Sendable {
    package var artist: String
    package var title: String
    package var album: String?
    package var albumArtist: String?
    package var trackNumber: Int?
    package var durationMs: Int?
    /// MusicBrainz ids, as tagged.
    package var recordingID: String?
    package var releaseID: String?
    package var artistIDs: [String] = []
    package var isrc: String?
    /// When the playback began, in seconds since the epoch.
    package var startedAt: Int64

    package init(artist: String, title: String, startedAt: Int64) {
        self.artist = artist
        self.title = title
        self.startedAt = startedAt
    }

    enum CodingKeys: String, CodingKey {
        case artist, title, album, isrc
        case albumArtist = "album_artist"
        case trackNumber = "track_number"
        case durationMs = "duration_ms"
        case recordingID = "recording_id"
        case releaseID = "release_id"
        case artistIDs = "artist_ids"
        case startedAt = "started_at"
    }
}

/// What became of one listen that was submitted.
package enum ListenVerdict: Hashable, Sendable {
    case accepted
    /// The service will never take it: nothing is to be sent again.
    case ignored(String)
    /// To be sent again, when the failure's time has come.
    case retry(Failure)
    /// Nothing is to be sent before the account was connected anew; the listen is kept.
    case signInAgain(String)
}
