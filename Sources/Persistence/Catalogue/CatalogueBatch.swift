import Domain
import UseCases

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
    private var pictures: [String: CoverImage] = [:]
    private var vectorChanges: Set<Int64> = []
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
        let id = try findOrInsert(
            { try CatalogueRows.folderID(path, connection) },
            "INSERT INTO folder (path) VALUES (\(path.bytes))")
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
        let id = try findOrInsert(
            { try connection.first("SELECT id FROM artist WHERE key = \(credit.key)") { $0.int(0) ?? 0 } },
            """
            INSERT INTO artist (key, musicbrainz_id) VALUES (\(credit.key), \(credit.musicBrainzID))
            """)
        artists[credit.key] = id
        return id
    }

    mutating func albumID(_ album: AlbumMembership) throws -> Int64 {
        if let id = albums[album.key] { return id }
        let id = try findOrInsert(
            { try connection.first("SELECT id FROM album WHERE key = \(album.key)") { $0.int(0) ?? 0 } },
            """
            INSERT INTO album (key, musicbrainz_id) VALUES (\(album.key), \(album.musicBrainzID))
            """)
        albums[album.key] = id
        return id
    }

    mutating func genreID(_ name: String) throws -> Int64 {
        let key = Self.genreKey(name)
        if let id = genres[key] { return id }
        let id = try findOrInsert(
            { try connection.first("SELECT id FROM genre WHERE key = \(key)") { $0.int(0) ?? 0 } },
            "INSERT INTO genre (key) VALUES (\(key))")
        genres[key] = id
        return id
    }

    /// Counts one more use of a picture, which is kept at the end of the batch if it is new.
    mutating func useCover(_ cover: CoverImage) {
        pictures[cover.hash] = cover
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

    /// Tells the similarity index to look at this track again, be it for its vector or for its facts.
    mutating func vectorChanged(_ trackID: Int64) { vectorChanges.insert(trackID) }

    mutating func flush() throws {
        try tally.flush(in: connection)
        try flushCovers()
        try flushCacheHits()
        try flushVectorChanges()
        try flushDocuments()
    }

    /// A picture that no track shows any more goes.
    private mutating func flushCovers() throws {
        for (hash, change) in covers.sorted(by: { $0.key < $1.key }) where change != 0 {
            let known = try connection.execute("UPDATE cover SET uses = uses + \(change) WHERE hash = \(hash)")
            if change > 0, known == 0, let picture = pictures[hash] {
                try connection.execute(
                    """
                    INSERT INTO cover (hash, media_type, uses, data)
                    VALUES (\(hash), \(picture.mediaType), \(change), \(picture.data))
                    ON CONFLICT (hash) DO UPDATE SET uses = cover.uses + excluded.uses
                    """)
            }
            guard change < 0 else { continue }
            try connection.execute("DELETE FROM cover WHERE hash = \(hash) AND uses <= 0")
        }
        (covers, pictures) = ([:], [:])
    }

    /// Numbers come from a counter whose row stays locked until the commit, so that they become visible in their
    /// order: who has read up to one of them has missed none before it.
    mutating func flushVectorChanges() throws {
        guard !vectorChanges.isEmpty else { return }
        let count = Int64(vectorChanges.count)
        let advance: Query = """
            INSERT INTO catalogue_counter (name, value)
            VALUES (\(CatalogueRows.vectorSequence), (SELECT COALESCE(MAX(seq), 0) FROM vector_change) + \(count))
            ON CONFLICT (name) DO UPDATE SET value = catalogue_counter.value + \(count) RETURNING value
            """
        guard let last = try connection.first(advance, { $0.int(0) }) ?? nil else {
            preconditionFailure("an INSERT with RETURNING answers one row")
        }
        for (number, trackID) in zip((last - count + 1)..., vectorChanges.sorted()) {
            try connection.perform(
                """
                INSERT INTO vector_change (track_id, seq) VALUES (\(trackID), \(number))
                ON CONFLICT (track_id) DO UPDATE SET seq = excluded.seq
                """)
        }
        vectorChanges = []
    }

    private mutating func flushCacheHits() throws {
        guard cacheHits > 0 else { return }
        try connection.execute(
            """
            INSERT INTO catalogue_counter (name, value) VALUES (\(CatalogueRows.cacheHits), \(cacheHits))
            ON CONFLICT (name) DO UPDATE SET value = catalogue_counter.value + excluded.value
            """)
        cacheHits = 0
    }

    /// Last of all: SQLite writes out the text index whenever another statement follows that can fail half-way, and
    /// sixty small segments cost ten times as much as one.
    private mutating func flushDocuments() throws {
        for (trackID, document) in documents.sorted(by: { $0.key < $1.key }) {
            if !newTracks.contains(trackID) {
                try connection.perform(SearchText.removal(trackID, connection.dialect))
            }
            guard let document else { continue }
            try connection.perform(SearchText.insertion(document, trackID, connection.dialect))
        }
        documents = [:]
        newTracks = []
    }

    /// Another transaction may be faster on a server; its row is then there to be found.
    private func findOrInsert(_ find: () throws -> Int64?, _ insertion: Query) throws -> Int64 {
        if let id = try find() { return id }
        if connection.dialect == .sqlite { return try connection.insert(insertion) }
        let inserted = try connection.first(insertion + " ON CONFLICT DO NOTHING RETURNING id") { $0.int(0) }
        if let id = inserted ?? nil { return id }
        guard let id = try find() else {
            throw StoreError.retryable(afterSeconds: 1, "the database is busy: others change the same rows")
        }
        return id
    }
}
