/// What one service knows of a track, an album or an artist. Anything may be absent.
package struct OutsideFacts: Codable, Hashable, Sendable {
    /// As the service spells it.
    package var name: String?
    package var artist: String?
    package var musicBrainz = MusicBrainzIDs()
    /// The service's page about it.
    package var url: String?
    /// Plain text.
    package var summary: String?
    package var listeners: Int?
    package var plays: Int?
    package var durationMs: Int?
    /// Of the first release: ISO 8601 with the precision that is known.
    package var date: String?
    /// The heaviest first.
    package var tags: [Tag] = []
    /// The most similar first.
    package var similar: [Match] = []
    /// The widest first.
    package var images: [Image] = []
    /// How sure it is that this is what was asked for, 0...1; nil when the service decided by itself.
    package var confidence: Double?

    package init() {}

    package struct Tag: Codable, Hashable, Sendable {
        package var name: String
        /// 0...1, 1 for the heaviest; nil when the service does not say.
        package var weight: Double?

        package init(_ name: String, weight: Double? = nil) {
            self.name = name
            self.weight = weight
        }
    }

    package struct Match: Codable, Hashable, Sendable {
        package var name: String
        /// Of a track.
        package var artist: String?
        /// 0...1
        package var match: Double
        package var musicBrainzID: String?

        package init(_ name: String, artist: String? = nil, match: Double, musicBrainzID: String? = nil) {
            self.name = name
            self.artist = artist
            self.match = match
            self.musicBrainzID = musicBrainzID
        }

        enum CodingKeys: String, CodingKey {
            case name, artist, match
            case musicBrainzID = "musicbrainz_id"
        }
    }

    package struct Image: Codable, Hashable, Sendable {
        package var address: String
        /// Pixels; nil when nobody says.
        package var width: Int?

        package init(_ address: String, width: Int? = nil) {
            self.address = address
            self.width = width
        }
    }

    enum CodingKeys: String, CodingKey {
        case name, artist, url, summary, listeners, plays, date, tags, similar, images, confidence
        case musicBrainz = "musicbrainz"
        case durationMs = "duration_ms"
    }
}
