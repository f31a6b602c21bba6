import Domain
import UseCases

/// A row of `playlist`, with what follows from its entries and from its file.
enum PlaylistRow {
    static let select: Query = """
        SELECT playlist.id, playlist.account_id, account.name, playlist.name, comment, is_public,
            playlist.created_at, changed_at,
            (SELECT COUNT(*) FROM playlist_entry WHERE playlist_id = playlist.id),
            (SELECT CAST(COALESCE(SUM(track.duration_ms), 0) AS BIGINT) FROM playlist_entry
                JOIN track ON track.id = playlist_entry.track_id WHERE playlist_id = playlist.id),
            (SELECT track.cover_hash FROM playlist_entry JOIN track ON track.id = playlist_entry.track_id
                WHERE playlist_id = playlist.id AND track.cover_hash IS NOT NULL ORDER BY position LIMIT 1),
            edited_at, folder.path, file.name, file.entry_count, file.missing_count, file.imported_at,
            playlist.name_key
        FROM playlist JOIN account ON account.id = playlist.account_id
        LEFT JOIN playlist_file AS file ON file.playlist_id = playlist.id
        LEFT JOIN folder ON folder.id = file.folder_id\u{20}
        """

    static func playlist(_ row: any Row) -> Playlist {
        var playlist = Playlist(
            id: row.int(0) ?? 0, ownerID: row.int(1) ?? 0, ownerName: row.text(2) ?? "", name: row.text(3) ?? "",
            comment: row.text(4) ?? "", isPublic: row.int(5) == 1, createdAt: row.int(6) ?? 0,
            changedAt: row.int(7) ?? 0, trackCount: row.number(8), durationMs: row.int(9) ?? 0,
            coverHash: row.text(10))
        if let folder = row.bytes(12), let name = row.bytes(13) {
            playlist.origin = PlaylistOrigin(
                path: FilePath(bytes: folder).appending(name), entryCount: row.number(14),
                missingCount: row.number(15), importedAt: row.int(16) ?? 0, isEdited: row.int(11) != nil)
        }
        return playlist
    }

    /// As names are sorted.
    static func nameKey(_ name: String) -> String { NameKey.cut(NameKey.order(name), toBytes: NameKey.maxNameBytes) }
}

extension PlaylistReader {
    /// Rows of `playlist` that this reader may read at all.
    var readable: Query { isAdmin ? "1 = 1" : own }
    /// What is shown to everybody, and what is their own.
    var own: Query { "(playlist.is_public = 1 OR playlist.account_id = \(accountID))" }
}
