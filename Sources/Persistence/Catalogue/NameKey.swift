import Foundation

/// Folds names so that spellings of one name meet: `BJÖRK`, `Björk` in NFD and full-width `Ｂjörk` are one artist.
enum NameKey {
    /// Longer names are cut: a name is shown and compared, it is not a place to keep a book.
    static let maxNameBytes = 1000
    /// Longer keys are replaced by their hash, which an index can hold.
    static let maxKeyBytes = 200

    /// Case and width folded, NFC, inner blanks single. Empty when the name has nothing but blanks.
    static func identity(_ name: String) -> String {
        if let ascii = foldedASCII(name) { return ascii }
        let folded = name.folding(options: [.caseInsensitive, .widthInsensitive], locale: nil)
            .precomposedStringWithCanonicalMapping
        return folded.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// For order among people: as `identity`, and accents do not count.
    static func order(_ name: String) -> String {
        if let ascii = foldedASCII(name) { return ascii }
        return identity(name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil))
    }

    /// What is stored of a name: NFC, since strings that Swift calls equal must be equal bytes in the database; no NUL
    /// (text columns of other engines refuse it), blanks trimmed, of bounded length. Nil when nothing is left.
    static func clean(_ name: String?) -> String? {
        guard var name else { return nil }
        let isPlain = name.withUTF8 { $0.allSatisfy { $0 >= 0x20 && $0 < 0x80 } }
        if !isPlain || name.utf8.first == 0x20 || name.utf8.last == 0x20 {
            name.unicodeScalars.removeAll { $0.value == 0 }
            name = name.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
        }
        guard name.utf8.count > maxNameBytes else { return name.isEmpty ? nil : name }
        return cut(name, toBytes: maxNameBytes)
    }

    /// The longest prefix of whole scalars within the limit.
    static func cut(_ text: String, toBytes limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let utf8 = Array(text.utf8.prefix(limit + 1))
        var end = limit
        while end > 0, utf8[end] & 0b1100_0000 == 0b1000_0000 { end -= 1 }
        return String(decoding: utf8[..<end], as: UTF8.self)
    }

    /// Most names are ASCII, and Foundation's folding costs fifty times this loop.
    private static func foldedASCII(_ name: String) -> String? {
        var name = name
        return name.withUTF8 { utf8 -> String? in
            guard utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
            return String(unsafeUninitializedCapacity: utf8.count) { folded in
                var count = 0
                for byte in utf8 {
                    switch byte {
                    case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded[count] = byte | 0x20
                    case 0x09...0x0D, 0x20:
                        if count == 0 || folded[count - 1] == 0x20 { continue }
                        folded[count] = 0x20
                    default: folded[count] = byte
                    }
                    count += 1
                }
                if count > 0, folded[count - 1] == 0x20 { count -= 1 }
                return count
            }
        }
    }
}
