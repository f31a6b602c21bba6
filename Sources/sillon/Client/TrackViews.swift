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

    enum CodingKeys: String, CodingKey {
        case id, path, state, title, artist, artists, album, key
        case artistIDs = "artist_ids"
        case albumID = "album_id"
        case durationMs = "duration_ms"
        case tempoBpm = "tempo_bpm"
    }

    /// "Artist – Title"
    var name: String { artist.isEmpty ? title : "\(artist) – \(title)" }
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
