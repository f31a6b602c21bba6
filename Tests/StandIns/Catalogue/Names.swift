import Foundation

/// How names are compared.
enum Names {
    /// Without regard to case.
    static func key(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased().precomposedStringWithCanonicalMapping
    }

    /// - Parameter isLoose: accents and punctuation do not matter either.
    static func key(_ text: String, isLoose: Bool) -> String { isLoose ? loose(text) : key(text) }

    static func loose(_ text: String) -> String {
        let plain = text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        let words = plain.unicodeScalars.split { !CharacterSet.alphanumerics.contains($0) }
        return words.map { String(Substring($0)) }.joined(separator: " ")
    }
}

extension Catalogue {
    /// - Parameter isLoose: accents and punctuation do not matter.
    func artist(named name: String, isLoose: Bool) -> Artist? {
        let wanted = Names.key(name, isLoose: isLoose)
        return artists.first { Names.key($0.name, isLoose: isLoose) == wanted }
    }

    /// A song by its whole credit or by any of its artists.
    func recording(named title: String, by artist: String, isLoose: Bool) -> Recording? {
        let wanted = (Names.key(title, isLoose: isLoose), Names.key(artist, isLoose: isLoose))
        return recordings.first { recording in
            Names.key(recording.title, isLoose: isLoose) == wanted.0
                && recording.names.contains { Names.key($0, isLoose: isLoose) == wanted.1 }
        }
    }

    func release(named title: String, by artist: String, isLoose: Bool) -> Release? {
        let wanted = (Names.key(title, isLoose: isLoose), Names.key(artist, isLoose: isLoose))
        return releases.first { release in
            Names.key(release.title, isLoose: isLoose) == wanted.0
                && release.names.contains { Names.key($0, isLoose: isLoose) == wanted.1 }
        }
    }
}
