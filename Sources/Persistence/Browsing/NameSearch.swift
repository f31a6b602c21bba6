import Domain

/// Finds artists and albums by their names: one pass over the folded names, which are few and short beside the tracks, so
/// that all of them are found, whatever else bears the words.
struct NameSearch {
    /// How well a name fits; the best first.
    private enum Fit: Int, CaseIterable {
        /// It is the name.
        case whole
        /// The name begins so.
        case beginning
        /// Each word begins a word of the name.
        case words
        /// Some words are in the name of the album's artist.
        case shared
    }

    /// The text as names are folded for their order.
    private let key: String
    /// Its words; none for a name such as "!!!".
    private let words: [String]
    /// What has to be in a name, for the engine to look for.
    private let needles: [String]

    /// Nil for a text with nothing in it.
    init?(_ text: String) {
        key = NameKey.order(NameKey.cut(text, toBytes: SearchText.maxBytes))
        words = SearchText.query(text)
        needles = words.isEmpty ? key.split(separator: " ").prefix(SearchText.maxWords).map(String.init) : words
        if needles.isEmpty { return nil }
    }

    // MARK: Who fits

    func artists(in scope: BrowsedScope, _ piece: Piece, _ connection: any Connection) throws -> [Int64] {
        try ids(artistNames(scope), piece, connection)
    }

    func albums(in scope: BrowsedScope, _ piece: Piece, _ connection: any Connection) throws -> [Int64] {
        try ids(albumNames(scope), piece, connection)
    }

    /// Only ids are held, of all that fit: which come first is known at the end.
    private func ids(_ names: Query, _ piece: Piece, _ connection: any Connection) throws -> [Int64] {
        var found: [Fit: [Int64]] = [:]
        try connection.forEach(names) { row in
            guard let id = row.int(0), let fit = fit(row.text(1) ?? "", artist: row.text(2) ?? "") else { return }
            found[fit, default: []].append(id)
        }
        return Array(Fit.allCases.flatMap { found[$0] ?? [] }.dropFirst(piece.offset).prefix(piece.limit))
    }

    private func fit(_ name: String, artist: String) -> Fit? {
        if name == key { return .whole }
        guard !words.isEmpty else {
            if name.utf8.starts(with: key.utf8) { return .beginning }
            return needles.allSatisfy { name.contains($0) } ? .words : .shared
        }
        let held = SearchText.split(name)
        if held == words { return .whole }
        if Self.begins(held, with: words) { return .beginning }
        if SearchText.isFound(words, in: held) { return .words }
        return SearchText.isFound(words, in: held + SearchText.split(artist)) ? .shared : nil
    }

    /// The last word may be half a word.
    private static func begins(_ held: [String], with words: [String]) -> Bool {
        guard let last = words.last, held.count >= words.count else { return false }
        return held.starts(with: words.dropLast()) && held[words.count - 1].utf8.starts(with: last.utf8)
    }

    // MARK: What is asked

    /// By way of the index that holds the names.
    func artistNames(_ scope: BrowsedScope) -> Query {
        var query: Query = "SELECT artist.id, artist.name_key, NULL FROM artist WHERE EXISTS (\(Self.tracks(scope)))"
        for needle in needles { query = query + " AND \(Self.holds("artist.name_key", needle, scope.dialect))" }
        return query + " ORDER BY artist.name_key, artist.id"
    }

    private static func tracks(_ scope: BrowsedScope) -> Query {
        """
        SELECT 1 FROM track_artist JOIN \(scope.present(on: "track_artist.track_id"))
        WHERE track_artist.artist_id = artist.id
        """
    }

    func albumNames(_ scope: BrowsedScope) -> Query {
        var query: Query = "SELECT album.id, album.title_key, album.artist_key FROM album WHERE \(scope.hasTrack)"
        for needle in needles {
            let (title, artist) = (
                Self.holds("album.title_key", needle, scope.dialect),
                Self.holds("album.artist_key", needle, scope.dialect)
            )
            query = query + " AND (\(title) OR \(artist))"
        }
        return query + " ORDER BY album.title_key, album.id"
    }

    /// No character has a meaning of its own, as it would in a pattern.
    private static func holds(_ column: Query, _ needle: String, _ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite: "instr(\(column), \(needle)) > 0"
        case .postgres: "strpos(\(column), \(needle)) > 0"
        }
    }
}

extension SearchText {
    /// Words of a text that is folded already.
    static func split(_ folded: String) -> [String] {
        folded.unicodeScalars.split { !isOfWord($0) }.map { String($0) }
    }

    /// Whether every word begins one of those that are held.
    static func isFound(_ words: [String], in held: [String]) -> Bool {
        words.allSatisfy { word in held.contains { $0.utf8.starts(with: word.utf8) } }
    }
}
