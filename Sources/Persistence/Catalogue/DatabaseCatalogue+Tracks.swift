import Domain
import UseCases

/// Tracks as people read them.
extension DatabaseCatalogue {
    package func track(id: Int64) async throws -> Track {
        try await database.read { connection in
            guard let track = try Self.tracks([id], connection).first else {
                throw StoreError.notFound("there is no track \(id)")
            }
            return track
        }
    }

    package func tracks(ids: [Int64]) async throws -> [Track] {
        try await database.read { connection in try Self.tracks(ids, connection) }
    }

    package func tracks(_ filter: TrackFilter, page: PageRequest) async throws -> Page<Track> {
        let start = try CatalogueCursor(page.cursor)
        return try await database.read { connection in
            let ids = try connection.all(Self.list(filter, after: start.id, limit: page.limit + 1, connection.dialect))
            { $0.int(0) ?? 0 }
            return Page(try Self.tracks(ids, connection), limit: page.limit) { CatalogueCursor(key: "", id: $0.id) }
        }
    }

    static func list(_ filter: TrackFilter, after id: Int64, limit: Int, _ dialect: Dialect) -> Query {
        var query: Query = "SELECT id FROM track WHERE id > \(id)"
        if let conditions = conditions(filter, dialect) { query = query + " AND " + conditions }
        if let account = filter.starredBy {
            query =
                query + """
                     AND id IN (SELECT track_id FROM track_mark
                        WHERE account_id = \(account) AND starred_at IS NOT NULL)
                    """
        }
        return query + " ORDER BY id LIMIT \(limit)"
    }

    /// What the filter asks of a row of `track`; nil when it asks nothing.
    static func conditions(_ filter: TrackFilter, _ dialect: Dialect) -> Query? {
        var conditions: [Query] = []
        if let albumID = filter.albumID { conditions.append("album_id = \(albumID)") }
        if filter.isOnNoAlbum { conditions.append("album_id IS NULL") }
        if let artistID = filter.artistID {
            conditions.append("id IN (SELECT track_id FROM track_artist WHERE artist_id = \(artistID))")
        }
        if let state = filter.state {
            conditions.append("state = \(state == .present ? CatalogueRows.present : CatalogueRows.missing)")
        }
        if let path = filter.path {
            conditions.append(
                """
                folder_id = (SELECT folder.id FROM folder WHERE \(CatalogueRows.isFolder(path.parent, dialect)))
                AND \(PartName.isOf(path.lastComponent))
                """)
        }
        guard let first = conditions.first else { return nil }
        return conditions.dropFirst().reduce(first) { $0 + " AND " + $1 }
    }

    /// The tracks of these ids that exist, in their order, in three queries however many they are.
    static func rows(_ ids: [Int64], _ connection: any Connection) throws -> [Track] {
        guard !ids.isEmpty else { return [] }
        let these = Query.among(Set(ids).sorted(), connection.dialect)
        var tracks = Dictionary(
            uniqueKeysWithValues: try connection.all(Self.rows(these), Self.read).map { ($0.id, $0) })
        let analyses = Dictionary(
            try connection.all(StoredAnalysis.ofTracks(these), StoredAnalysis.read).map { ($0.contentKey, $0) },
            uniquingKeysWith: { first, _ in first })
        try connection.forEach(
            "SELECT track_id, artist_id FROM track_artist WHERE role = 0 AND track_id \(these) ORDER BY track_id, position"
        ) { row in
            guard let id = row.int(0), let artist = row.int(1) else { return }
            tracks[id]?.artistIDs.append(artist)
        }
        return ids.compactMap { id in
            tracks[id].map { track in
                var track = track
                track.analysis = track.contentKey.flatMap { analyses[$0] }
                return track
            }
        }
    }

    private static func rows(_ these: Query) -> Query {
        """
        SELECT track.id, folder.path, name, state, size, mtime_ns, inode, device, album_id, cover_hash,
            track.content_key, added_at, indexed_at, details,
            EXISTS (SELECT 1 FROM embedding WHERE embedding.content_key = track.content_key
                AND embedding.model = \(CatalogueRows.model)), begin_us, end_us
        FROM track JOIN folder ON folder.id = track.folder_id WHERE track.id \(these)
        """
    }

    private static func read(_ row: any Row) throws -> Track {
        let details: TrackDetails
        do {
            details = try TrackDetails(json: row.text(13) ?? "")
        } catch {
            throw StoreError.fatal("the stored tags of track \(row.int(0) ?? 0) cannot be read")
        }
        let name = PartName(stored: row.bytes(2) ?? [])
        let stretch = row.int(15).flatMap { Stretch(beginUs: $0, endUs: row.int(16)) }
        return Track(
            id: row.int(0) ?? 0,
            path: FilePath(bytes: row.bytes(1) ?? []).appending(name.file),
            segment: name.number.flatMap { number in stretch.map { Segment(number: number, stretch: $0) } },
            state: row.int(3) == CatalogueRows.present ? .present : .missing,
            facts: FileFacts(
                size: row.int(4) ?? 0, mtimeNs: row.int(5) ?? 0, inode: row.int(6) ?? 0, device: row.int(7) ?? 0),
            metadata: details.metadata, properties: details.properties, albumID: row.int(8), artistIDs: [],
            coverHash: row.text(9), contentKey: row.text(10), analysis: nil, hasVector: row.int(14) == 1,
            addedAt: row.int(11) ?? 0, indexedAt: row.int(12) ?? 0)
    }
}
