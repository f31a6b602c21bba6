import Contracts
import Domain
import UseCases

/// Fronts that were fetched for albums whose files hold none. A picture of the files always comes first.
extension DatabaseCatalogue {
    /// Fills in what is asked of services. Throws `preconditionFailed` for an album whose files hold a picture.
    func complete(
        _ payload: DownloadArtworkPayload, _ connection: any Connection
    ) throws -> DownloadArtworkPayload {
        guard payload.title == nil else { return payload }
        let found = try connection.first(
            "SELECT title, artist, year, musicbrainz_id, cover_hash FROM album WHERE id = \(payload.albumID)"
        ) { row in
            (
                title: row.text(0) ?? "", artist: row.text(1), year: row.int(2).flatMap(Int.init(exactly:)),
                release: row.text(3), hasCover: row.text(4) != nil
            )
        }
        guard let album = found else { throw StoreError.notFound("there is no album \(payload.albumID)") }
        guard !album.hasCover else {
            throw StoreError.preconditionFailed("the files of album \(payload.albumID) hold a picture")
        }
        var payload = payload
        payload.title = album.title
        payload.artist = album.artist
        payload.year = album.year
        payload.releaseID = album.release
        payload.releaseGroupID = try releaseGroup(of: payload.albumID, connection)
        payload.trackCount = try connection.first(
            "SELECT COUNT(*) FROM track WHERE album_id = \(payload.albumID) AND state = 0"
        ) { $0.number(0) }
        let folders = try folders(of: payload.albumID, connection)
        payload.rootPath = try roots(connection).first { root in folders.contains { root.contains($0) } }
        payload.folders = payload.rootPath.map { root in folders.filter(root.contains) }
        return payload
    }

    /// The folders of the album's files; for an album on several, the one that holds them all, too.
    private func folders(of albumID: Int64, _ connection: any Connection) throws -> [FilePath] {
        let folders = try connection.all(
            """
            SELECT path FROM folder WHERE id IN (
                SELECT folder_id FROM track WHERE album_id = \(albumID) AND state = 0)
            ORDER BY path LIMIT \(DownloadArtworkPayload.maxFolders - 1)
            """
        ) { FilePath(bytes: $0.bytes(0) ?? []) }
        let parents = Set(folders.map(\.parent))
        guard folders.count > 1, let parent = parents.first, parents.count == 1 else { return folders }
        return [parent] + folders.filter { $0 != parent }
    }

    private func releaseGroup(of albumID: Int64, _ connection: any Connection) throws -> String? {
        let details = try connection.first(
            "SELECT details FROM track WHERE album_id = \(albumID) AND state = 0 ORDER BY id LIMIT 1"
        ) { $0.text(0) }
        guard let json = details ?? nil else { return nil }
        return try TrackDetails(json: json).metadata.musicBrainz.releaseGroup.flatMap(DerivedKey.musicBrainzID)
    }

    /// `artwork_found`. Nothing is stored for an album that is gone, or whose files hold a picture by now.
    func applyArtwork(_ outcome: ArtworkFoundOutcome, _ batch: inout CatalogueBatch) throws -> Consequence {
        guard try isWithoutCover(outcome.albumID, batch.connection) else { return Consequence() }
        let old = try fetchedCover(of: outcome.albumID, batch.connection)
        if old != outcome.cover.hash {
            batch.countCover(old, -1)
            batch.useCover(outcome.cover)
        }
        try batch.connection.execute(
            """
            INSERT INTO album_artwork (album_id, cover_hash, source, address, width, height, checked_at)
            VALUES (\(outcome.albumID), \(outcome.cover.hash), \(outcome.source), \(outcome.address),
                \(outcome.width), \(outcome.height), \(batch.now))
            ON CONFLICT (album_id) DO UPDATE SET cover_hash = excluded.cover_hash, source = excluded.source,
                address = excluded.address, width = excluded.width, height = excluded.height, problems = '',
                checked_at = excluded.checked_at
            """)
        return Consequence()
    }

    /// `artwork_absent`
    func applyAbsence(_ outcome: ArtworkAbsentOutcome, _ batch: inout CatalogueBatch) throws -> Consequence {
        try noteAbsence(of: outcome.albumID, outcome.problems, now: batch.now, batch.connection)
        return Consequence()
    }

    /// A picture that was found before stays: that a service is empty today takes nothing away.
    func noteAbsence(
        of albumID: Int64, _ problems: [String], now: Int64, _ connection: any Connection
    ) throws {
        guard try isWithoutCover(albumID, connection) else { return }
        let text = NameKey.cut(problems.joined(separator: "\n"), toBytes: NameKey.maxNameBytes)
        try connection.execute(
            """
            INSERT INTO album_artwork (album_id, problems, checked_at) VALUES (\(albumID), \(text), \(now))
            ON CONFLICT (album_id) DO UPDATE SET problems = excluded.problems, checked_at = excluded.checked_at
            """)
    }

    /// Locks the album where transactions run side by side, so that it stays until the commit.
    private func isWithoutCover(_ albumID: Int64, _ connection: any Connection) throws -> Bool {
        let query: Query = "SELECT cover_hash FROM album WHERE id = \(albumID)"
        let locked = connection.dialect == .postgres ? query + " FOR NO KEY UPDATE" : query
        return try connection.first(locked) { $0.text(0) == nil } ?? false
    }

    private func fetchedCover(of albumID: Int64, _ connection: any Connection) throws -> String? {
        try connection.first("SELECT cover_hash FROM album_artwork WHERE album_id = \(albumID)") { $0.text(0) } ?? nil
    }

    /// Before an album goes, since its last track left it.
    static func forgetArtwork(ofAlbum id: Int64, _ connection: any Connection) throws {
        let hash = try connection.first(
            "DELETE FROM album_artwork WHERE album_id = \(id) RETURNING cover_hash"
        ) { $0.text(0) }
        guard let hash = hash ?? nil else { return }
        try connection.execute("UPDATE cover SET uses = uses - 1 WHERE hash = \(hash)")
        try connection.execute("DELETE FROM cover WHERE hash = \(hash) AND uses <= 0")
    }
}
