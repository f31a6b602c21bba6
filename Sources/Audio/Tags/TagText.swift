import CTagLib

/// Rules for single values: what a tag's text means, or nil when it means nothing.
enum TagText {
    /// Without NUL and surrounding white space; nil when nothing is left.
    static func clean(_ text: String) -> String? {
        let utf8 = text.utf8
        guard let first = utf8.first, let last = utf8.last else { return nil }
        // Most values are clean already, and no copy is made of them. Above ASCII, Unicode decides.
        let plain: (UInt8) -> Bool = { $0 > 0x20 && $0 < 0x7F }
        if plain(first), plain(last), !utf8.contains(0) { return text }
        let kept = text.unicodeScalars.filter { $0 != "\0" }
        let isBlank: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace || $0 == "\u{FEFF}" }
        guard let start = kept.firstIndex(where: { !isBlank($0) }), let end = kept.lastIndex(where: { !isBlank($0) })
        else { return nil }
        return String(String.UnicodeScalarView(kept[start...end]))
    }

    /// `7`, `07`, `7/12`, `7 of 12`. Numbers outside 1…65535 are absent.
    static func numberAndTotal(_ text: String) -> (number: Int?, total: Int?) {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "/" || $0 == "o" || $0 == "\\" }
        let number = parts.first.flatMap { count($0) }
        guard parts.count == 2 else { return (number, nil) }
        let total = parts[1].first == "f" ? parts[1].dropFirst() : parts[1]
        return (number, count(total))
    }

    static func count(_ text: some StringProtocol) -> Int? {
        guard let number = Int(trimmed(text)), (1...0xFFFF).contains(number) else { return nil }
        return number
    }

    /// A decimal number with an optional unit behind it; the decimal separator may be a comma.
    static func decimal(_ text: String, in range: ClosedRange<Double>) -> Double? {
        var digits: [UInt8] = []
        for byte in trimmed(text).utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): digits.append(byte)
            case UInt8(ascii: "+") where digits.isEmpty: continue
            case UInt8(ascii: ","): digits.append(UInt8(ascii: "."))
            default: return number(digits, in: range)
            }
        }
        return number(digits, in: range)
    }

    private static func number(_ digits: [UInt8], in range: ClosedRange<Double>) -> Double? {
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
        text.split { "/;, \0".contains($0) }.compactMap { part in
            let id = TagNames.lowercased(String(part))
            return isUUID(id) ? id : nil
        }
    }

    private static func isUUID(_ text: String) -> Bool {
        guard text.utf8.count == 36 else { return false }
        return text.utf8.enumerated().allSatisfy { index, byte in
            switch index {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default:
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
        }
    }

    /// ID3 writes genres as numbers of a fixed list: `17`, `(17)`, `(17)Rock`, `RX`, `CR`.
    static func genres(_ text: String) -> [String] {
        var found: [String] = []
        var rest = Substring(text)
        while rest.first == "(", !rest.hasPrefix("(("), let close = rest.firstIndex(of: ")") {
            guard let name = genre(rest[rest.index(after: rest.startIndex)..<close]) else { break }
            found.append(name)
            rest = rest[rest.index(after: close)...]
        }
        if rest.hasPrefix("((") { rest = rest.dropFirst() }
        guard let tail = clean(String(rest)) else { return found }
        let name = genre(Substring(tail)) ?? tail
        return found.contains(name) ? found : found + [name]
    }

    private static func genre(_ code: Substring) -> String? {
        if code == "RX" { return "Remix" }
        if code == "CR" { return "Cover" }
        guard let number = Int32(code), number >= 0, code.utf8.count <= 3 else { return nil }
        let name = String(cString: sillon_tag_genre(number))
        return name.isEmpty ? nil : name
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        clean(String(text)) ?? ""
    }
}
