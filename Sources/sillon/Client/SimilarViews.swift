struct SimilarView: Decodable, Sendable {
    struct Why: Decodable, Sendable {
        var distance: Shares?
        var rank: Int?
        var movedBy: String?
        var broken: [String]

        enum CodingKeys: String, CodingKey {
            case distance, rank, broken
            case movedBy = "moved_by"
        }
    }

    struct Shares: Decodable, Sendable {
        var timbre: Double
        var rhythm: Double
        var tonality: Double
        var loudness: Double
    }

    var score: Double
    var step: Double?
    var why: Why
    var track: TrackView

    /// "moved by artist_gap", "breaks keys"
    var rules: String? {
        let parts = [why.movedBy.map { "moved by \($0)" }] + why.broken.map { "breaks \($0)" }
        let text = parts.compactMap(\.self).joined(separator: ", ")
        return text.isEmpty ? nil : text
    }
}

struct RadioView: Decodable, Sendable {
    var items: [SimilarView]
    var seed: Int64
}
