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
            let folders = try BrowsedScope(filter.rootID, connection).folders
            let list = Self.list(
                filter, within: folders, after: start.id, limit: page.limit + 1, connection.dialect)
            let ids = try connection.all(list) { $0.int(0) ?? 0 }
            return Page(try Self.tracks(ids, connection), limit: page.limit) { CatalogueCursor(key: "", id: $0.id) }
        }
    }

    /// - Parameter folders: Ids of those in which tracks count; nil for all.
    static func list(
        _ filter: TrackFilter, within folders: Query? = nil, after id: Int64, limit: Int, _ dialect: Dialect
    ) -> Query {
        var query: Query = "SELECT id FROM track WHERE id > \(id)"
        if let conditions = conditions(filter, within: folders, dialect) { query = query + " AND " + conditions }
        return query + starredTracks(by: filter.starredBy) + " ORDER BY id LIMIT \(limit)"
    }

    /// Of tracks; nothing where nobody's stars are asked for.
    static func starredTracks(by account: Int64?) -> Query {
        guard let account else { return "" }
        return """
             AND id IN (SELECT track_id FROM track_mark WHERE account_id = \(account) AND starred_at IS NOT NULL)
            """
    }

    /// What the filter asks of a row of `track`, but for the star; nil when it asks nothing.
    static func conditions(_ filter: TrackFilter, within folders: Query? = nil, _ dialect: Dialect) -> Query? {
        var conditions: [Query] = []
        if let albumID = filter.albumID { conditions.append("album_id = \(albumID)") }
        if filter.isOnNoAlbum { conditions.append("album_id IS NULL") }
        if let artistID = filter.artistID {
            conditions.append("id IN (SELECT track_id FROM track_artist WHERE artist_id = \(artistID))")
        }
        if let genre = filter.genre { conditions.append(inGenre(genre)) }
        if let year = filter.firstYear { conditions.append("year >= \(year)") }
        if let year = filter.lastYear { conditions.append("year <= \(year)") }
        if let folders { conditions.append("folder_id IN (\(folders))") }
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

    /// Condition on a row of `track`.
    private static func inGenre(_ name: String) -> Query {
        """
        id IN (SELECT track_id FROM track_genre
            WHERE genre_id = (SELECT id FROM genre WHERE key = \(NameKey.identity(name))))
        """
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
