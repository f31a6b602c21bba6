/// Plausible names for a generated library. Every artist and album is distinct; titles repeat as they do in life.
struct CorpusNames {
    let artist: String
    let album: String
    private let year: Int
    private let genre: String
    private let releaseID: String
    private let artistID: String

    init(album number: Int, artist artistNumber: Int, random: inout SeededRandom) {
        let words = CorpusNames.adjectives.count
        let adjective = CorpusNames.adjectives[artistNumber % words]
        let noun = CorpusNames.nouns[artistNumber / words % CorpusNames.nouns.count]
        let round = artistNumber / (words * CorpusNames.nouns.count)
        artist = "The \(adjective) \(noun)" + (round > 0 ? " \(round + 1)" : "")
        let title = "\(random.pick(CorpusNames.adjectives)) \(random.pick(CorpusNames.nouns))"
        album = "\(title) (\(number + 1))"
        year = 1960 + Int(random.next() % 65)
        genre = random.pick(["Rock", "Jazz", "Electronic", "Folk", "Classical", "Hip-Hop", "Pop", "Metal", "Chanson"])
        releaseID = CorpusNames.identifier(kind: 1, number)
        artistID = CorpusNames.identifier(kind: 2, artistNumber)
    }

    func tags(number: Int, of total: Int, random: inout SeededRandom) -> TrackTags {
        var tags = TrackTags()
        tags.title = "\(random.pick(CorpusNames.openings)) \(random.pick(CorpusNames.nouns))"
        tags.artists = [artist]
        tags.album = album
        tags.albumArtist = artist
        tags.trackNumber = number
        tags.trackTotal = total
        tags.date = "\(year)"
        tags.genres = [genre]
        tags.releaseID = releaseID
        tags.artistIDs = [artistID]
        tags.albumArtistID = artistID
        tags.recordingID = CorpusNames.identifier(kind: 3, Int(truncatingIfNeeded: random.next() >> 16))
        return tags
    }

    private static func identifier(kind: Int, _ number: Int) -> String {
        let hex = String(number & 0xFFFF_FFFF_FFFF, radix: 16)
        return "5111000\(kind)-0000-4000-8000-" + String(repeating: "0", count: 12 - hex.count) + hex
    }

    private static let adjectives = [
        "Silver", "Hollow", "Northern", "Électrique", "Velvet", "Broken", "Golden", "Quiet", "Burning", "Paper",
        "Midnight", "Crooked", "Blue", "Distant", "Wilde", "Second", "Amber", "Frozen", "Lucky", "Slow",
    ]
    private static let nouns = [
        "Rivers", "Engines", "Lanterns", "Meadows", "Satellites", "Sparrows", "Cathedrals", "Mirrors", "Harbours",
        "Machines", "Orchards", "Shadows", "Letters", "Garçons", "Mountains", "Bridges", "Clocks", "Foxes", "Radios",
        "Windows",
    ]
    private static let openings = [
        "Song for the", "Under the", "All Our", "Never the", "Counting", "A Week of", "Goodbye to the", "Après les",
        "Over the", "Between", "Return of the", "Some",
    ]
}
