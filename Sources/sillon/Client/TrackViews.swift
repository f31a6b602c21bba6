struct TrackView: Decodable, Sendable {
    var id: Int64
    var path: String
    var state: String
    var title: String
    var artist: String
    var artists: [String]?
    var artistIDs: [Int64]?
    var album: String?
    var albumID: Int64?
    var durationMs: Int?
    var tempoBpm: Double?
    var key: String?
    /// Nil where the track is all of its file, and from an older server.
    var segment: SegmentView?

    struct SegmentView: Decodable, Sendable {
        var number: Int
    }

    enum CodingKeys: String, CodingKey {
        case id, path, state, title, artist, artists, album, key, segment
        case artistIDs = "artist_ids"
        case albumID = "album_id"
        case durationMs = "duration_ms"
        case tempoBpm = "tempo_bpm"
    }

    /// "Artist – Title"
    var name: String { artist.isEmpty ? title : "\(artist) – \(title)" }
    /// `Album.flac (part 3)`: to delete that file would be to delete its other parts, too.
    var place: String { segment.map { "\(path) (part \($0.number))" } ?? path }
    var tempo: String? { tempoBpm.map { Readable.decimal($0, 0) } }
    var length: String? { durationMs.map { Readable.length(milliseconds: $0) } }
}

struct TotalsView: Decodable, Sendable {
    var tracks: Int
    var missing: Int
    var albums: Int
    var artists: Int
    var analyzed: Int
    var vectorized: Int
    var stale: Int
    var rejected: Int
}

struct TextModelView: Decodable, Sendable {
    struct Space: Decodable, Sendable {
        var name: String
        var vectors: Int
    }

    var name: String
    var state: String
    var detail: String?
    var spaces: [Space]
}
