import Contracts
import Domain

/// A stored track together with its folder: moves it, merges it or removes it with all that follows from it.
struct TrackMove {
    let track: StoredTrack
    private let folder: FilePath

    init(_ track: StoredTrack, _ connection: any Connection) throws {
        self.track = track
        folder =
            try connection.first("SELECT path FROM folder WHERE id = \(track.folderID)") {
                FilePath(bytes: $0.bytes(0) ?? [])
            } ?? FilePath(bytes: [])
    }

    /// Puts the row at its new place. Albums hang on folders, so what the track contributes may change with it.
    func move(
        to folder: FilePath, name: [UInt8], facts: FileFacts, isPresent: Bool = true, _ batch: inout CatalogueBatch
    ) throws {
        let state = isPresent ? CatalogueRows.present : CatalogueRows.missing
        let folderID = try batch.folderID(folder)
        try batch.connection.perform(
            """
            UPDATE track SET folder_id = \(folderID), name = \(name), state = \(state), size = \(facts.size),
                mtime_ns = \(facts.mtimeNs), inode = \(facts.inode), device = \(facts.device)
            WHERE id = \(track.id)
            """)
        if track.contentKey != nil { batch.vectorChanged(track.id) }
        let metadata = try TrackDetails(json: track.details).metadata
        let derivation = batch.derivation(of: metadata, in: folder)
        guard derivation != batch.derivation(of: metadata, in: self.folder) else { return }
        let before = try retract(&batch)
        let albumID = try derivation.album.map { try batch.albumID($0) }
        try batch.connection.perform("UPDATE track SET album_id = \(albumID) WHERE id = \(track.id)")
        let writer = TrackWriter(folder: folder, folderID: folderID, name: name)
        batch.countCover(track.coverHash, +1)
        try writer.contribute(
            derivation, track.id, albumID: albumID, coverHash: track.coverHash, after: before, &batch)
    }

    /// Frees the place of a row that is about to move or go: no file has a name with a NUL.
    static func vacatePlace(of id: Int64, _ connection: any Connection) throws {
        try connection.perform("UPDATE track SET name = \([0] + Array(String(id).utf8)) WHERE id = \(id)")
    }

    /// Takes over the file and the tags of `other`, whose place is vacant and whose contributions are taken back.
    func replace(by other: StoredTrack, _ batch: inout CatalogueBatch) throws {
        let before = try retract(&batch)
        let place = try TrackMove(other, batch.connection).folder
        let derivation = batch.derivation(of: try TrackDetails(json: other.details).metadata, in: place)
        try batch.connection.perform(
            """
            UPDATE track SET (folder_id, name, state, size, mtime_ns, inode, device, album_id, cover_hash, indexed_at,
                title, artist, year, disc_number, track_number, duration_ms, codec, details, begin_us, end_us,
                sheet_digest, sheet)
              = (SELECT \(other.folderID), \(other.name), 0, size, mtime_ns, inode, device, album_id, cover_hash,
                indexed_at, title, artist, year, disc_number, track_number, duration_ms, codec, details,
                begin_us, end_us, sheet_digest, sheet
                FROM track WHERE id = \(other.id))
            WHERE id = \(track.id)
            """)
        let writer = TrackWriter(folder: place, folderID: other.folderID, name: other.name)
        batch.countCover(other.coverHash, +1)
        try writer.contribute(
            derivation, track.id, albumID: other.albumID, coverHash: other.coverHash, after: before, &batch)
    }

    @discardableResult
    func retract(_ batch: inout CatalogueBatch) throws -> TrackOwners {
        try TrackWriter(folder: folder, folderID: track.folderID, name: track.name).retract(track, &batch)
    }
}
