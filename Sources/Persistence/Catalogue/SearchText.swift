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

    /// Case, width and accents are folded; only letters, digits and the marks on them get through, so no character
    /// has a meaning of its own to an engine.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in NameKey.order(text).unicodeScalars {
            if isOfWord(scalar) {
                word.append(scalar)
            } else if !word.isEmpty {
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }

    /// What somebody typed: every word is to begin a word of the track.
    static func query(_ text: String) -> [String] {
        Array(words(NameKey.cut(text, toBytes: maxBytes)).prefix(maxWords))
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark, .privateUse:
            true
        default: false
        }
    }
}
