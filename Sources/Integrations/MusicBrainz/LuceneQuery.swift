/// A query of MusicBrainz's search: `recording:"First Light" AND artist:"Marled Field"`.
struct LuceneQuery: Sendable {
    private var parts: [String] = []

    /// Characters of a phrase; what comes after is left out.
    private static let phraseMax = 300
    private static let special = Set("+-&|!(){}[]^\"~*?:\\/")

    init() {}

    var text: String { parts.joined(separator: " AND ") }

    mutating func add(_ field: String, phrase: String) {
        parts.append("\(field):\"\(Self.escape(phrase))\"")
    }

    mutating func add(_ field: String, from low: Int, to high: Int) {
        parts.append("\(field):[\(low) TO \(high)]")
    }

    /// Every character that means something to Lucene stands for itself; control characters are blanks.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text.prefix(phraseMax) {
            if special.contains(character) { escaped.append("\\") }
            escaped.append(character.unicodeScalars.contains { $0.value < 0x20 } ? " " : character)
        }
        return escaped
    }
}
