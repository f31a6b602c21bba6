import Domain
import Foundation

/// Artists under the letters that their names begin with.
package enum ArtistIndex {
    package struct Letter: Sendable {
        /// `A`, or `#` for what begins with none.
        package let name: String
        package var artists: [Artist]

        package init(name: String, artists: [Artist]) {
            self.name = name
            self.artists = artists
        }
    }

    /// More than a library has; they are all in one answer.
    package static let artistsMax = 100_000
    /// Words that do not count at the beginning of a name.
    package static let ignoredArticles = ["The", "An", "A", "Die", "Das", "Ein", "Eine", "Les", "Le", "La"]
    private static let articles = ignoredArticles.map { $0.lowercased() }
    private static let others = "#"

    package static func letters(_ artists: [Artist]) -> [Letter] {
        let named = artists.map { (name: sortName($0), artist: $0) }
        return Dictionary(grouping: named) { letter($0.name) }.map { letter, under in
            Letter(name: letter, artists: under.sorted { $0.name < $1.name }.map(\.artist))
        }.sorted { $0.name < $1.name }
    }

    private static func sortName(_ artist: Artist) -> String {
        let name = (artist.sortName ?? artist.name).lowercased()
        guard let blank = name.firstIndex(of: " "), articles.contains(String(name[..<blank])) else { return name }
        return String(name[name.index(after: blank)...])
    }

    private static func letter(_ name: String) -> String {
        guard let first = name.first, first.isLetter else { return others }
        let base = String(first).decomposedStringWithCanonicalMapping.unicodeScalars.first
        return base.map { String(Character($0)).uppercased() } ?? others
    }
}
