/// What the tags of one file say, normalised over all formats (Picard's mapping). Absent is nil or empty, never "".
package struct TrackMetadata: Hashable, Codable, Sendable {
    package var title: String?
    package var album: String?
    /// Each artist on its own; the first one sorts the track.
    package var artists: [String] = []
    /// The credit as written ("A feat. B"), when the file has one besides `artists`.
    package var artistCredit: String?
    package var albumArtists: [String] = []
    package var genres: [String] = []
    package var trackNumber: Int?
    package var trackTotal: Int?
    package var discNumber: Int?
    package var discTotal: Int?
    /// ISO 8601 with the precision the file has: `1997`, `1997-05`, `1997-05-21`.
    package var date: String?
    package var originalDate: String?
    package var isCompilation = false
    /// Beats per minute as tagged, not as measured.
    package var bpm: Double?
    package var key: String?
    package var musicBrainz = MusicBrainzIDs()
    package var replayGain = ReplayGain()
    /// Every other field by its canonical lower-case name (`composer`, `label`, `isrc`, `lyrics`, `artistsort` …).
    package var extra: [String: [String]] = [:]

    package init() {}

    package var year: Int? { Self.year(of: originalDate) ?? Self.year(of: date) }

    private static func year(of date: String?) -> Int? {
        guard let date, date.utf8.count >= 4 else { return nil }
        return Int(date.prefix(4))
    }

    enum CodingKeys: String, CodingKey {
        case title, album, artists, genres, date, bpm, key, extra
        case artistCredit = "artist_credit"
        case albumArtists = "album_artists"
        case trackNumber = "track_number"
        case trackTotal = "track_total"
        case discNumber = "disc_number"
        case discTotal = "disc_total"
        case originalDate = "original_date"
        case isCompilation = "compilation"
        case musicBrainz = "musicbrainz"
        case replayGain = "replaygain"
    }
}

package struct MusicBrainzIDs: Hashable, Codable, Sendable {
    package var recording: String?
    package var releaseTrack: String?
    package var release: String?
    package var releaseGroup: String?
    package var work: String?
    package var artists: [String] = []
    package var albumArtists: [String] = []

    package init() {}

    enum CodingKeys: String, CodingKey {
        case recording, release, work, artists
        case releaseTrack = "release_track"
        case releaseGroup = "release_group"
        case albumArtists = "album_artists"
    }
}

/// ReplayGain 2 values; R128 tags of Opus are converted to the same reference (−18 LUFS).
package struct ReplayGain: Hashable, Codable, Sendable {
    package var trackGainDb: Double?
    package var albumGainDb: Double?
    /// Linear, 1 is full scale; may exceed 1.
    package var trackPeak: Double?
    package var albumPeak: Double?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case trackGainDb = "track_gain_db"
        case albumGainDb = "album_gain_db"
        case trackPeak = "track_peak"
        case albumPeak = "album_peak"
    }
}
