import Domain
import UseCases

/// Albums and artists by words of their names. The text index is one of tracks: what is looked at are the albums and
/// artists of those that match best.
extension DatabaseCatalogue {
    /// Tracks whose albums and artists are looked at.
    private static let maxNamedTracks = 500

    package func searchNames(_ text: String, limit: Int) async throws -> NamesFound {
        let words = SearchText.query(text)
        guard limit > 0, !words.isEmpty else { return NamesFound() }
        return try await database.read { try Self.names(words, limit: limit, $0) }
    }

    /// - Parameter folders: Ids of those in which tracks count; nil for all.
    static func names(
        _ words: [String], within folders: Query? = nil, limit: Int, _ connection: any Connection
    ) throws -> NamesFound {
        let query = SearchText.search(
            words, in: .names, within: folders, limit: maxNamedTracks, connection.dialect)
        let tracks = try connection.all(query) { $0.int(0) ?? 0 }
        guard !tracks.isEmpty else { return NamesFound() }
        let albums = try owners(albumNames(tracks, connection.dialect), of: tracks, words, connection)
        let artists = try owners(artistNames(tracks, connection.dialect), of: tracks, words, connection)
        return NamesFound(
            albums: try Self.albums(Array(albums.prefix(limit)), connection),
            artists: try Self.artists(Array(artists.prefix(limit)), connection))
    }

    static func albumNames(_ tracks: [Int64], _ dialect: Dialect) -> Query {
        """
        SELECT track.id, album.id, album.title, album.artist FROM track JOIN album ON album.id = track.album_id
        WHERE track.id \(.among(tracks, dialect))
        """
    }

    static func artistNames(_ tracks: [Int64], _ dialect: Dialect) -> Query {
        """
        SELECT track_artist.track_id, artist.id, artist.name, NULL
        FROM track_artist JOIN artist ON artist.id = track_artist.artist_id
        WHERE track_artist.track_id \(.among(tracks, dialect)) ORDER BY track_artist.role, track_artist.position
        """
    }

    /// Those whose name holds the words, in the order of the tracks.
    private static func owners(
        _ query: Query, of tracks: [Int64], _ words: [String], _ connection: any Connection
    ) throws -> [Int64] {
        var known: [Int64: Bool] = [:]
        var found: [Int64: [Int64]] = [:]
        try connection.forEach(query) { row in
            guard let track = row.int(0), let owner = row.int(1) else { return }
            let fits =
                known[owner] ?? SearchText.isFound(words, in: "\(row.text(2) ?? "") \(row.text(3) ?? "")")
            known[owner] = fits
            if fits { found[track, default: []].append(owner) }
        }
        var seen: Set<Int64> = []
        return tracks.flatMap { found[$0] ?? [] }.filter { seen.insert($0).inserted }
    }

    /// In this order; their gain is not looked up.
    static func albums(_ ids: [Int64], _ connection: any Connection) throws -> [Album] {
        let query: Query = "SELECT \(albumColumns) FROM album WHERE id \(.among(ids, connection.dialect))"
        return try connection.all(query, album).inOrder(of: ids, by: \.id)
    }

    private static func artists(_ ids: [Int64], _ connection: any Connection) throws -> [Artist] {
        let query: Query = "SELECT \(artistColumns) FROM artist WHERE id \(.among(ids, connection.dialect))"
        return try connection.all(query, artist).inOrder(of: ids, by: \.id)
    }
}

extension SearchText {
    /// Whether every word begins a word of the text.
    static func isFound(_ query: [String], in text: String) -> Bool {
        let held = words(text)
        return query.allSatisfy { word in held.contains { $0.utf8.starts(with: word.utf8) } }
    }
}

extension Array {
    fileprivate func inOrder(of ids: [Int64], by id: KeyPath<Element, Int64>) -> [Element] {
        let known = Dictionary(map { ($0[keyPath: id], $0) }) { first, _ in first }
        return ids.compactMap { known[$0] }
    }
}
