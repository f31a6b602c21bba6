import Foundation

/// The words of one track in the text index.
struct SearchDocument {
    let title: String
    let artist: String
    let album: String
    let genre: String

    /// Longer texts are cut: they would swell the index and nobody looks for their end.
    static let maxFieldBytes = 4000

    init(_ derivation: TrackDerivation) {
        title = derivation.title ?? ""
        album = derivation.album?.title ?? ""
        genre = Self.joined(derivation.genres)
        var names = [derivation.artist].compactMap { $0 }
        for credit in derivation.artists + derivation.albumArtists where !names.contains(credit.name) {
            names.append(credit.name)
        }
        artist = Self.joined(names)
    }

    private static func joined(_ names: [String]) -> String {
        guard names.count > 1 else { return names.first ?? "" }
        return NameKey.cut(names.joined(separator: " "), toBytes: maxFieldBytes)
    }
}

/// Words of texts, folded and split the same way for the text index of either engine and for what somebody typed.
enum SearchText {
    /// Words after these are not looked at.
    static let maxWords = 16
    static let maxBytes = 1000

    /// The words of a text with one blank between them. Case, width and accents are folded; only letters, digits and
    /// the marks on them get through, so no character has a meaning of its own to an engine.
    static func folded(_ text: String) -> String {
        if let ascii = foldedASCII(text) { return ascii }
        var folded = String.UnicodeScalarView()
        var isGap = false
        for scalar in NameKey.order(text).unicodeScalars {
            guard isOfWord(scalar) else {
                isGap = true
                continue
            }
            if isGap, !folded.isEmpty { folded.append(" ") }
            isGap = false
            folded.append(scalar)
        }
        return String(folded)
    }

    static func words(_ text: String) -> [String] {
        folded(text).split(separator: " ").map(String.init)
    }

    /// What somebody typed: every word is to begin a word of the track.
    static func query(_ text: String) -> [String] {
        Array(words(NameKey.cut(text, toBytes: maxBytes)).prefix(maxWords))
    }

    /// Most text is ASCII, and looking up what kind of character each is costs twenty times this loop.
    private static func foldedASCII(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { utf8 -> String? in
            guard utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
            return String(unsafeUninitializedCapacity: utf8.count) { folded in
                var count = 0
                var isGap = false
                for byte in utf8 {
                    switch byte {
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "a")...UInt8(ascii: "z"):
                        if isGap, count > 0 {
                            folded[count] = UInt8(ascii: " ")
                            count += 1
                        }
                        isGap = false
                        folded[count] = byte | 0x20  // digits have this bit already
                        count += 1
                    default: isGap = true
                    }
                }
                return count
            }
        }
    }

    static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Most are these, and need not be looked up.
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
        case 0..<0x80: return false
        default: break
        }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark, .privateUse:
            true
        default: false
        }
    }
}
