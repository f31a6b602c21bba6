import Domain
import UseCases

/// `LibraryBrowser` on the database.
package struct DatabaseLibraryBrowser: LibraryBrowser {
    let database: any Database
    let random: @Sendable () -> UInt64

    package func roots() async throws -> [BrowsedRoot] {
        try await database.read { connection in try Self.roots(connection) }
    }

    package func artists(rootID: Int64?, _ piece: Piece) async throws -> [Artist] {
        try await database.read { connection in
            let scope = try BrowsedScope(rootID, connection)
            let rows = try connection.all(Self.artistList(scope, piece)) { row in
                Artist(
                    id: row.int(0) ?? 0, name: row.text(1) ?? "", sortName: row.text(2),
                    trackCount: Int(clamping: row.int(4) ?? 0), albumCount: Int(clamping: row.int(5) ?? 0),
                    musicBrainzID: row.text(3))
            }
            return rows
        }
    }

    package func tracks(rootID: Int64?, _ piece: Piece) async throws -> [Track] {
        try await database.read { connection in
            let scope = try BrowsedScope(rootID, connection)
            return try Self.tracks(Self.trackList(scope, piece), connection)
        }
    }

    package func tracks(ofGenre name: String, rootID: Int64?, _ piece: Piece) async throws -> [Track] {
        try await database.read { connection in
            let scope = try BrowsedScope(rootID, connection)
            return try Self.tracks(Self.genreTracks(NameKey.identity(name), scope, piece), connection)
        }
    }

    package func searchTracks(_ text: String, rootID: Int64?, _ piece: Piece) async throws -> [Track] {
        let words = SearchText.query(text)
        guard !words.isEmpty, piece.limit > 0 else { return [] }
        return try await database.read { connection in
            let scope = try BrowsedScope(rootID, connection)
            return try Self.tracks(
                SearchText.search(words, within: scope.folders, piece, connection.dialect), connection)
        }
    }

    package func searchArtists(_ text: String, rootID: Int64?, _ piece: Piece) async throws -> [Artist] {
        try await database.read { connection in
            let scope = try BrowsedScope(rootID, connection)
            guard piece.limit > 0, let search = NameSearch(text) else { return [] }
            return try DatabaseCatalogue.artists(
                search.artists(in: scope, piece, connection), in: scope, connection)
        }
    }

    package func searchAlbums(_ text: String, rootID: Int64?, _ piece: Piece) async throws -> [Album] {
        try await database.read { connection in
            let scope = try BrowsedScope(rootID, connection)
            guard piece.limit > 0, let search = NameSearch(text) else { return [] }
            return try DatabaseCatalogue.albums(search.albums(in: scope, piece, connection), connection)
        }
    }

    package func these(_ kind: MarkKind, _ ids: [Int64], within rootID: Int64) async throws -> Set<Int64> {
        guard !ids.isEmpty else { return [] }
        return try await database.read { connection in
            let scope = try BrowsedScope(rootID, connection)
            return Set(try connection.all(scope.kept(kind, of: ids)) { $0.int(0) ?? 0 })
        }
    }

    package func topTracks(ofArtist id: Int64, count: Int) async throws -> [Track] {
        try await database.read { connection in
            try Self.tracks(Self.topTracks(ofArtist: id, count, connection.dialect), connection)
        }
    }

    package func genres() async throws -> [GenreTally] {
        try await database.read { connection in
            try connection.all(Self.genreList(connection.dialect)) { row in
                GenreTally(
                    name: row.text(0) ?? "", tracks: Int(clamping: row.int(1) ?? 0),
                    albums: Int(clamping: row.int(2) ?? 0))
            }
        }
    }

    static func roots(_ connection: any Connection) throws -> [BrowsedRoot] {
        try connection.all("SELECT id, path FROM library_root ORDER BY id") { row in
            BrowsedRoot(id: row.int(0) ?? 0, path: FilePath(bytes: row.bytes(1) ?? []))
        }
    }

    /// The tracks whose ids the query answers, in its order.
    static func tracks(_ ids: Query, _ connection: any Connection) throws -> [Track] {
        try DatabaseCatalogue.tracks(try connection.all(ids) { $0.int(0) ?? 0 }, connection)
    }
}

/// What a list is of: the whole library, or what lies in one of its roots.
struct BrowsedScope {
    let dialect: Dialect
    /// Nil where nothing lies outside.
    private let root: FilePath?

    /// Throws `notFound` for a root that there is not.
    init(_ rootID: Int64?, _ connection: any Connection) throws {
        dialect = connection.dialect
        guard let rootID else {
            root = nil
            return
        }
        let roots = try DatabaseLibraryBrowser.roots(connection)
        guard let found = roots.first(where: { $0.id == rootID }) else {
            throw StoreError.notFound("there is no library root \(rootID)")
        }
        root = roots.count == 1 ? nil : found.path
    }

    /// `track` with those only whose file is there, by way of the index that holds them. Conditions may follow.
    var present: Query {
        guard let root else { return presentTrack + " WHERE track.state = 0" }
        return """
            track JOIN folder ON folder.id = track.folder_id
            WHERE track.state = 0 AND \(CatalogueRows.isFolder(in: root, dialect))
            """
    }

    /// As `present`, joined to rows that name tracks: `on` says by which column.
    func present(on column: Query) -> Query {
        guard let root else { return presentTrack + " ON track.id = \(column) AND track.state = 0" }
        return """
            track ON track.id = \(column) AND track.state = 0
            JOIN folder ON folder.id = track.folder_id AND \(CatalogueRows.isFolder(in: root, dialect))
            """
    }

    /// SQLite takes rows for cheaper than they are: tags stand in them.
    private var presentTrack: Query { Self.presentTrack(dialect) }
    static func presentTrack(_ dialect: Dialect) -> Query {
        dialect == .sqlite ? "track INDEXED BY track_present" : "track"
    }

    /// The ids of the folders within; nil where all are.
    var folders: Query? {
        root.map { "SELECT folder.id FROM folder WHERE \(CatalogueRows.isFolder(in: $0, dialect))" }
    }

    /// Condition on `album`: it has a track that is there.
    var hasTrack: Query {
        let tracks: Query = "SELECT 1 FROM track WHERE track.album_id = album.id AND track.state = 0"
        guard let folders else { return "EXISTS (\(tracks))" }
        return "EXISTS (\(tracks) AND track.folder_id IN (\(folders)))"
    }

    /// Those of these that have a track within.
    func kept(_ kind: MarkKind, of ids: [Int64]) -> Query {
        switch kind {
        case .track: "SELECT track.id FROM \(present) AND track.id \(.among(ids, dialect))"
        case .album: "SELECT album.id FROM album WHERE album.id \(.among(ids, dialect)) AND \(hasTrack)"
        case .artist:
            """
            SELECT DISTINCT track_artist.artist_id FROM track_artist JOIN \(present(on: "track_artist.track_id"))
            WHERE track_artist.artist_id \(.among(ids, dialect))
            """
        }
    }
}
