/// The name of a file in the library, by a template: `{albumartist}/{album}/{track} {title}.{ext}`.
///
/// What comes from tags and from strangers becomes parts of names that every file system takes, and that lead nowhere else.
package struct LibraryName: Hashable, Sendable {
    package enum Field: String, CaseIterable, Sendable {
        case albumartist, artist, album, track, title, year, ext
    }

    private enum Piece: Hashable, Sendable {
        case text(String)
        case field(Field)
    }

    package static let defaultTemplate = "{albumartist}/{album}/{track} {title}.{ext}"
    /// Of one part; most file systems take 255, and a number may be added.
    package static let maxPartBytes = 200

    /// One for each folder, and for the file.
    private let parts: [[Piece]]

    /// Nil for a template with unknown fields, empty parts, or without `{title}` and `.{ext}` in its last part.
    package init?(template: String) {
        var parts: [[Piece]] = []
        for part in template.split(separator: "/", omittingEmptySubsequences: false) {
            guard let pieces = Self.pieces(part), !pieces.isEmpty else { return nil }
            parts.append(pieces)
        }
        guard let last = parts.last, last.contains(.field(.title)), last.last == .field(.ext) else { return nil }
        self.parts = parts
    }

    private static func pieces(_ text: Substring) -> [Piece]? {
        var (pieces, rest) = ([Piece](), text)
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}"),
                let field = Field(rawValue: String(rest[rest.index(after: open)..<close]))
            else { return nil }
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            pieces.append(.field(field))
            rest = rest[rest.index(after: close)...]
        }
        guard !rest.contains("}") else { return nil }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    /// Folders and file, each a name by itself.
    package func components(_ values: [Field: String]) -> [String] {
        parts.enumerated().map { place, pieces in
            let isFile = place == parts.count - 1
            let whole = pieces.map { piece in
                switch piece {
                case .text(let text): text
                case .field(let field): values[field].map(Self.harmless) ?? ""
                }
            }.joined()
            return isFile ? Self.fileName(whole, values[.ext] ?? "") : Self.part(whole, Self.maxPartBytes)
        }
    }

    /// The ending stays, however long the title is.
    private static func fileName(_ whole: String, _ ending: String) -> String {
        let ending = "." + part(ending, 16)
        let stem = whole.hasSuffix(ending) ? String(whole.dropLast(ending.count)) : whole
        return part(stem, maxPartBytes - ending.utf8.count) + ending
    }

    /// Characters that mean something to a file system, here or on the disk of another machine.
    private static let forbidden: Set<Unicode.Scalar> = ["/", "\\", ":", "*", "?", "\"", "<", ">", "|"]

    private static func harmless(_ text: String) -> String {
        // Scalar by scalar: a slash with an accent is one character, and its bytes are a slash all the same.
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    forbidden.contains(scalar) || scalar.properties.generalCategory == .control ? "_" : scalar
                }))
    }

    /// No hidden file, no `..`, nothing that Windows would cut off.
    private static func part(_ text: String, _ bytesMax: Int) -> String {
        var cut = text.drop { $0 == "." || $0.isWhitespace }
        while cut.utf8.count > bytesMax { cut.removeLast() }
        while let last = cut.last, last == "." || last.isWhitespace { cut.removeLast() }
        let words = cut.split(separator: " ").joined(separator: " ")
        return words.isEmpty ? "Unknown" : words
    }
}
