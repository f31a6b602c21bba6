/// How a sheet cuts one file, and what it says of the parts.
package struct SheetCut: Hashable, Codable, Sendable {
    package var album: SheetAlbum
    /// By number, none twice; each begins behind the one before.
    package var parts: [SheetPart]

    package init(album: SheetAlbum = SheetAlbum(), parts: [SheetPart]) {
        self.album = album
        self.parts = parts
    }

    /// Of a file that no sheet cuts: it is one track.
    package static let none = SheetCut(parts: [])

    /// As many as a sheet can number.
    package static let maxParts = 99
    /// Longer than any file that holds music.
    package static let maxUs: Int64 = 48 * 3600 * 1_000_000

    /// Nil when the parts are in order. What comes from elsewhere is asked before it is believed.
    package var problem: String? {
        guard parts.count <= Self.maxParts else { return "it has more than \(Self.maxParts) tracks" }
        var before: SheetPart?
        for part in parts {
            guard (1...Self.maxParts).contains(part.number) else { return "there is no track number \(part.number)" }
            guard (0...Self.maxUs).contains(part.beginUs) else { return "track \(part.number) begins nowhere" }
            if let end = part.endUs, end <= part.beginUs || end > Self.maxUs {
                return "track \(part.number) ends before it begins"
            }
            if let before {
                guard part.number > before.number else {
                    return "track \(part.number) comes behind track \(before.number)"
                }
                guard let end = before.endUs, end <= part.beginUs else {
                    return "track \(part.number) begins before track \(before.number) ends"
                }
            }
            before = part
        }
        return nil
    }

    /// The same of a file that is so long: a part that begins behind its end does not belong to it.
    package func problem(inFileOf durationMs: Int?) -> String? {
        guard let durationMs, let last = parts.last, last.beginUs >= Int64(durationMs) * 1000 else { return problem }
        return problem ?? "track \(last.number) begins behind the end of the file"
    }
}

/// What a sheet says of all that it lists.
package struct SheetAlbum: Hashable, Codable, Sendable {
    package var title: String?
    package var artist: String?
    package var songwriter: String?
    package var genre: String?
    package var date: String?
    package var catalog: String?
    package var discNumber: Int?
    package var discTotal: Int?
    package var gainDb: Double?
    package var peak: Double?
    /// The number of the last track of the sheet, which may be that of another file.
    package var trackTotal: Int?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case title, artist, songwriter, genre, date, catalog, peak
        case discNumber = "disc_number"
        case discTotal = "disc_total"
        case gainDb = "gain_db"
        case trackTotal = "track_total"
    }
}

/// One track of a sheet.
package struct SheetPart: Hashable, Codable, Sendable {
    package var number: Int
    package var beginUs: Int64
    /// Nil: to the end of the file.
    package var endUs: Int64?
    package var title: String?
    package var artist: String?
    package var songwriter: String?
    package var isrc: String?
    package var gainDb: Double?
    package var peak: Double?

    package init(number: Int, beginUs: Int64, endUs: Int64? = nil) {
        self.number = number
        self.beginUs = beginUs
        self.endUs = endUs
    }

    package var segment: Segment? {
        Stretch(beginUs: beginUs, endUs: endUs).map { Segment(number: number, stretch: $0) }
    }

    enum CodingKeys: String, CodingKey {
        case number, title, artist, songwriter, isrc, peak
        case beginUs = "begin_us"
        case endUs = "end_us"
        case gainDb = "gain_db"
    }
}
