import Domain

/// What one transaction of the catalogue keeps in hand: ids looked up once, and sums that are written at its end.
struct CatalogueBatch {
    let connection: any Connection
    /// Microseconds since the epoch.
    let now: Int64
    var tally = TallyBatch()
    private var folders: [FilePath: Int64] = [:]
    private var artists: [String: Int64] = [:]
    private var albums: [String: Int64] = [:]
    private var genres: [String: Int64] = [:]
    private var places: [FilePath: AlbumPlace] = [:]
    private var hasRejections: Bool?
    private var covers: [String: Int64] = [:]
    private var cacheHits: Int64 = 0
    /// By track; nil takes the track out of the text index.
    private var documents: [Int64: SearchDocument?] = [:]
    /// Tracks that have no row in the text index yet.
    var newTracks: Set<Int64> = []

    init(connection: any Connection, now: Int64) {
        self.connection = connection
        self.now = now
    }

    mutating func folderID(_ path: FilePath) throws -> Int64 {
        if let id = folders[path] { return id }
        let id = try CatalogueRows.folderID(path, connection) ?? insertFolder(path)
        folders[path] = id
        return id
    }

    /// What a track contributes. Files come folder by folder, so the folder's hash is computed once.
    mutating func derivation(of metadata: TrackMetadata, in folder: FilePath) -> TrackDerivation {
        let place = places[folder] ?? AlbumPlace(folder: folder)
        places[folder] = place
        return TrackDerivation(place: place, metadata: metadata)
    }

    /// Takes a file off the list of refused ones. Most libraries refuse nothing, and then this asks once.
    mutating func forgetRejection(folderID: Int64, name: [UInt8]) throws {
        if hasRejections == nil {
            hasRejections = try connection.first("SELECT 1 FROM rejected_file LIMIT 1") { _ in true } ?? false
        }
        guard hasRejections == true else { return }
        try connection.execute("DELETE FROM rejected_file WHERE folder_id = \(folderID) AND name = \(name)")
    }

    mutating func artistID(_ credit: ArtistCredit) throws -> Int64 {
        if let id = artists[credit.key] { return id }
        let id =
            try connection.first("SELECT id FROM artist WHERE key = \(credit.key)") { $0.int(0) ?? 0 }
            ?? connection.insert(
                """
                INSERT INTO artist (key, musicbrainz_id) VALUES (\(credit.key), \(credit.musicBrainzID))
                """)
        artists[credit.key] = id
        return id
    }

    mutating func albumID(_ album: AlbumMembership) throws -> Int64 {
        if let id = albums[album.key] { return id }
        let id =
            try connection.first("SELECT id FROM album WHERE key = \(album.key)") { $0.int(0) ?? 0 }
            ?? connection.insert(
                """
                INSERT INTO album (key, musicbrainz_id) VALUES (\(album.key), \(album.musicBrainzID))
                """)
        albums[album.key] = id
        return id
    }

    mutating func genreID(_ name: String) throws -> Int64 {
        let key = DerivedKey.bounded(NameKey.identity(name))
        if let id = genres[key] { return id }
        let id =
            try connection.first("SELECT id FROM genre WHERE key = \(key)") { $0.int(0) ?? 0 }
            ?? connection.insert("INSERT INTO genre (key) VALUES (\(key))")
        genres[key] = id
        return id
    }

    /// Keeps the picture if it is new; a picture that no track shows any more goes at the end of the batch.
    mutating func useCover(_ cover: CoverImage) throws {
        if covers[cover.hash] == nil {
            try connection.execute(
                """
                INSERT INTO cover (hash, media_type, uses, data)
                SELECT \(cover.hash), \(cover.mediaType), 0, \(cover.data)
                WHERE NOT EXISTS (SELECT 1 FROM cover WHERE hash = \(cover.hash))
                """)
        }
        covers[cover.hash, default: 0] += 1
    }

    mutating func countCover(_ hash: String?, _ count: Int64) {
        guard let hash else { return }
        covers[hash, default: 0] += count
    }

    mutating func index(_ document: SearchDocument?, of trackID: Int64) {
        documents.updateValue(document, forKey: trackID)
    }

    mutating func countCacheHit() { cacheHits += 1 }

    /// Tells the similarity index to look at this track again.
    func vectorChanged(_ trackID: Int64) throws {
        try connection.execute("INSERT OR REPLACE INTO vector_change (track_id) VALUES (\(trackID))")
    }

    mutating func flush() throws {
        try tally.flush(in: connection)
        try flushCovers()
        try flushCacheHits()
        try flushDocuments()
    }

    private mutating func flushCovers() throws {
        for (hash, change) in covers where change != 0 {
            try connection.execute("UPDATE cover SET uses = uses + \(change) WHERE hash = \(hash)")
            guard change < 0 else { continue }
            try connection.execute("DELETE FROM cover WHERE hash = \(hash) AND uses <= 0")
        }
        covers = [:]
    }

    private mutating func flushCacheHits() throws {
        guard cacheHits > 0 else { return }
        try connection.execute(
            """
            INSERT INTO catalogue_counter (name, value) VALUES (\(CatalogueRows.cacheHits), \(cacheHits))
            ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
            """)
        cacheHits = 0
    }

    /// Last of all: SQLite writes out the text index whenever another statement follows that can fail half-way, and
    /// sixty small segments cost ten times as much as one.
    private mutating func flushDocuments() throws {
        for (trackID, document) in documents.sorted(by: { $0.key < $1.key }) {
            if !newTracks.contains(trackID) {
                try connection.execute("DELETE FROM track_search WHERE rowid = \(trackID)")
            }
            guard let document else { continue }
            try connection.execute(
                """
                INSERT INTO track_search (rowid, title, artist, album, genre)
                VALUES (\(trackID), \(document.title), \(document.artist), \(document.album), \(document.genre))
                """)
        }
        documents = [:]
        newTracks = []
    }

    private func insertFolder(_ path: FilePath) throws -> Int64 {
        try connection.insert("INSERT INTO folder (path) VALUES (\(path.bytes))")
    }
}
