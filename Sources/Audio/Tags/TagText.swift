import CTagLib

/// Rules for single values: what a tag's text means, or nil when it means nothing. Works on UTF-8, because walking by
/// characters costs more than all the rest of reading a tag.
enum TagText {
    /// Without NUL and surrounding white space; nil when nothing is left.
    static func clean(_ text: String) -> String? {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let last = scalars.last else { return nil }
        // Most values are clean already, and no copy is made of them.
        if !isBlank(first), !isBlank(last), !holdsNUL(text) { return text }
        let kept = scalars.filter { $0 != "\0" }
        guard let start = kept.firstIndex(where: { !isBlank($0) }), let end = kept.lastIndex(where: { !isBlank($0) })
        else { return nil }
        return String(kept[start...end])
    }

    private static func holdsNUL(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { $0.contains(0) }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value <= 0x20 }
        return scalar.properties.isWhitespace || scalar == "\u{FEFF}"
    }

    /// `7`, `07`, `7/12`, `7 of 12`. Numbers outside 1…65535 are absent.
    static func numberAndTotal(_ text: String) -> (number: Int?, total: Int?) {
        if let number = integer(text.utf8[...]) { return ((1...0xFFFF).contains(number) ? number : nil, nil) }
        let parts = text.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == UInt8(ascii: "/") }
        if parts.count == 2 { return (count(parts[0]), count(parts[1])) }
        let words = text.utf8.split(maxSplits: 3) { $0 == UInt8(ascii: " ") }
        guard words.count == 3, words[1].elementsEqual("of".utf8) else { return (count(text), nil) }
        return (count(words[0]), count(words[2]))
    }

    static func count(_ text: String) -> Int? { count(text.utf8[...]) }

    private static func count(_ text: Substring.UTF8View) -> Int? {
        guard let number = integer(trimmed(text)), (1...0xFFFF).contains(number) else { return nil }
        return number
    }

    /// Decimal digits only, at most nine of them.
    static func integer(_ text: Substring.UTF8View) -> Int? {
        guard (1...9).contains(text.count) else { return nil }
        var number = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        guard let start = text.firstIndex(where: { $0 > 0x20 }), let end = text.lastIndex(where: { $0 > 0x20 }) else {
            return text.prefix(0)
        }
        return text[start...end]
    }

    /// A decimal number with an optional unit behind it; the decimal separator may be a comma.
    static func decimal(_ text: String, in range: ClosedRange<Double>) -> Double? {
        var digits: [UInt8] = []
        scan: for byte in trimmed(text.utf8[...]) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): digits.append(byte)
            case UInt8(ascii: "+") where digits.isEmpty: continue
            case UInt8(ascii: ","): digits.append(UInt8(ascii: "."))
            default: break scan
            }
        }
        guard let number = Double(String(decoding: digits, as: UTF8.self)), range.contains(number) else { return nil }
        return number
    }

    static func flag(_ text: String) -> Bool {
        switch TagNames.lowercased(text) {
        case "1", "true", "yes": true
        default: false
        }
    }

    /// Lower-case identifiers; ID3v2.3 joins several with a slash.
    static func musicBrainzIDs(_ text: String) -> [String] {
        // Nearly every value is one identifier as it should be written, and no copy is made of it.
        if isUUID(text) { return [text] }
        return text.utf8.split(whereSeparator: separators.contains).compactMap { part in
            let id = TagNames.lowercased(String(Substring(part)))
            return isUUID(id) ? id : nil
        }
    }

    private static let separators = Array("/;, ".utf8)

    private static func isUUID(_ text: String) -> Bool {
        guard text.utf8.count == 36 else { return false }
        var text = text
        return text.withUTF8 { utf8 in
            utf8.indices.allSatisfy { index in
                switch index {
                case 8, 13, 18, 23: utf8[index] == UInt8(ascii: "-")
                default:
                    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(utf8[index])
                        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(utf8[index])
                }
            }
        }
    }

    /// ID3 writes genres as numbers of a fixed list: `17`, `(17)`, `(17)Rock`, `RX`, `CR`.
    static func genres(_ text: String) -> [String] {
        var found: [String] = []
        var rest = text.utf8[...]
        let open = UInt8(ascii: "("), close = UInt8(ascii: ")")
        while rest.first == open, rest.dropFirst().first != open, let end = rest.firstIndex(of: close) {
            guard let name = genre(rest[rest.index(after: rest.startIndex)..<end]) else { break }
            found.append(name)
            rest = rest[rest.index(after: end)...]
        }
        // Two parentheses stand for one in the text.
        if rest.first == open, rest.dropFirst().first == open { rest = rest.dropFirst() }
        guard let tail = clean(String(Substring(rest))) else { return found }
        let name = genre(tail.utf8[...]) ?? tail
        return found.contains(name) ? found : found + [name]
    }

    private static func genre(_ code: Substring.UTF8View) -> String? {
        if code.elementsEqual("RX".utf8) { return "Remix" }
        if code.elementsEqual("CR".utf8) { return "Cover" }
        guard code.count <= 3, let number = integer(code) else { return nil }
        let name = String(cString: sillon_tag_genre(Int32(number)))
        return name.isEmpty ? nil : name
    }
}
