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

/// What somebody typed, as a query that the text index cannot misread.
enum SearchText {
    /// Words after these are not looked at.
    static let maxWords = 16
    static let maxBytes = 1000

    /// Every word in quotes and open at its end: `"bjork"* "joga"*`. Nil when there is no word.
    ///
    /// Only letters, digits and the marks on them get through, so no character has a meaning of its own.
    static func match(_ text: String) -> String? {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in NameKey.cut(text, toBytes: maxBytes).unicodeScalars {
            if isOfWord(scalar) {
                word.append(scalar)
            } else if !word.isEmpty {
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        guard !words.isEmpty else { return nil }
        return words.prefix(maxWords).map { "\"\($0)\"*" }.joined(separator: " ")
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
