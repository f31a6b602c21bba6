import Domain
import UseCases

/// Albums and artists by their names.
extension DatabaseCatalogue {
    /// Artists of one folded name that are looked at.
    private static let maxNamesakes = 50

    package func searchNames(_ text: String, limit: Int) async throws -> NamesFound {
        guard limit > 0, let search = NameSearch(text) else { return NamesFound() }
        return try await database.read { connection in
            let scope = try BrowsedScope(nil, connection)
            return NamesFound(
                albums: try Self.albums(search.albums(in: scope, Piece(limit: limit), connection), connection),
                artists: try Self.artists(
                    search.artists(in: scope, Piece(limit: limit), connection), in: scope, connection))
        }
    }

    package func artist(named name: String) async throws -> Artist? {
        guard let name = NameKey.clean(name) else { return nil }
        let identity = NameKey.identity(name)
        return try await database.read { connection in
            let namesakes = try connection.all(Self.namesakes(of: name), Self.artist)
            // Some were told apart by their ids at MusicBrainz: the one of whom there is most is meant.
            return namesakes.filter { $0.trackCount > 0 && NameKey.identity($0.name) == identity }
                .max { ($0.name == name ? 1 : 0, $0.trackCount) < ($1.name == name ? 1 : 0, $1.trackCount) }
        }
    }

    static func namesakes(of name: String) -> Query {
        """
        SELECT \(artistColumns) FROM artist WHERE name_key = \(NameKey.order(name)) ORDER BY id LIMIT \(maxNamesakes)
        """
    }

    /// In this order; their gain is not looked up.
    static func albums(_ ids: [Int64], _ connection: any Connection) throws -> [Album] {
        let query: Query = "SELECT \(albumColumns) FROM album WHERE id \(.among(ids, connection.dialect))"
        return try connection.all(query, album).inOrder(of: ids, by: \.id)
    }

    /// In this order, with what the scope has of them.
    static func artists(_ ids: [Int64], in scope: BrowsedScope, _ connection: any Connection) throws -> [Artist] {
        let query: Query = """
            SELECT artist.id, artist.name, artist.sort_name, artist.musicbrainz_id, count(DISTINCT track.id),
                count(DISTINCT track.album_id)
            FROM track_artist JOIN \(scope.present(on: "track_artist.track_id"))
            JOIN artist ON artist.id = track_artist.artist_id
            WHERE track_artist.artist_id \(.among(ids, connection.dialect)) GROUP BY artist.id
            """
        return try connection.all(query, artist).inOrder(of: ids, by: \.id)
    }
}

extension Array {
    fileprivate func inOrder(of ids: [Int64], by id: KeyPath<Element, Int64>) -> [Element] {
        let known = Dictionary(map { ($0[keyPath: id], $0) }) { first, _ in first }
        return ids.compactMap { known[$0] }
    }
}
