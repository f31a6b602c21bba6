/// A name of an album, without what stands in brackets about one edition of it: that names the same album.
struct AlbumTitle: Hashable, Sendable {
    /// As they are written, folded.
    let words: [String]
    /// Numbers as digits, without articles.
    private let key: [String]

    init(_ name: String) {
        let all = NameLikeness.words(name)
        let bare = Self.withoutEditions(all)
        words = bare.isEmpty ? all.filter(NameLikeness.isSpoken) : bare
        key = words.filter { !Self.articles.contains($0) }.map(Self.plain)
    }

    /// Spelled nearly alike, word by word, with the same numbers: "Volume 1" and "Volume 2" are two albums, and so are
    /// "Live in Paris" and "Live in Rome".
    func isSame(as other: AlbumTitle) -> Bool {
        if key == other.key { return true }
        guard !key.isEmpty, !other.key.isEmpty else { return false }
        if key.joined() == other.key.joined() { return true }
        let (left, right) = (Self.rest(of: key, without: other.key), Self.rest(of: other.key, without: key))
        // Half of the words or more are the same ones.
        guard left.count == right.count, left.count * 2 <= key.count else { return false }
        return zip(left, right).allSatisfy(Self.isSpelledAlike)
    }

    private static let articles: Set = ["a", "an", "the"]
    /// Of pairs of letters, in common.
    private static let leastLikeness = 0.6

    private static func isSpelledAlike(_ left: String, _ right: String) -> Bool {
        Int(left) == nil && Int(right) == nil && NameLikeness.ofWords([left], [right]) >= leastLikeness
    }

    private static func rest(of words: [String], without others: [String]) -> [String] {
        var others = others
        return words.filter { word in
            guard let place = others.firstIndex(of: word) else { return true }
            others.remove(at: place)
            return false
        }
    }

    // MARK: Brackets

    /// What a bracket says of a pressing, not of the music. Volumes, colours and places make another album.
    private static let editions: Set = [
        "anniversary", "bonus", "cd", "clean", "collector", "collectors", "deluxe", "digital", "disc", "disk",
        "edition", "expanded", "explicit", "flac", "hd", "japan", "japanese", "limited", "mono", "mp3", "reissue",
        "release", "remaster", "remastered", "special", "standard", "stereo", "super", "version", "vinyl", "web",
    ]
    private static let fillers: Set = ["bit", "in", "khz", "kbps", "the", "track", "tracks", "with"]
    private static let years = 1900...2100

    private static func withoutEditions(_ all: [String]) -> [String] {
        var words: [String] = []
        var group: [String]?
        func close() {
            if let group, !tellsEdition(group) { words += group }
            group = nil
        }
        for word in all {
            switch word {
            case "(":
                close()
                group = []
            case ")": close()
            default: if group == nil { words.append(word) } else { group?.append(word) }
            }
        }
        close()
        return words
    }

    private static func tellsEdition(_ words: [String]) -> Bool {
        guard let first = words.first else { return true }
        if words.count == 1, let number = Int(first) { return years.contains(number) }
        return words.contains(where: editions.contains)
            && words.allSatisfy { editions.contains($0) || fillers.contains($0) || $0.first?.isNumber == true }
    }

    // MARK: Numbers

    private static let roman = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
    private static let spoken = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    private static let short = ["vol": "volume", "pt": "part", "no": "number"]

    private static func plain(_ word: String) -> String {
        if let place = roman.firstIndex(of: word) ?? spoken.firstIndex(of: word) { return "\(place + 1)" }
        return short[word] ?? word
    }
}
