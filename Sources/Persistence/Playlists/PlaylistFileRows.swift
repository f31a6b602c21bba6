import Domain
import UseCases

/// Rows of `playlist_file`, in the transactions of scans.
enum PlaylistFileRows {
    /// Folders that held a playlist file when they were last listed.
    static func folders(_ connection: any Connection) throws -> Set<Int64> {
        Set(try connection.all("SELECT DISTINCT folder_id FROM playlist_file") { $0.int(0) ?? 0 })
    }

    static func anyGone(in scope: ScanScope, _ connection: any Connection) throws -> Bool {
        try connection.first("SELECT 1 FROM playlist_file WHERE \(isGone(in: scope, connection)) LIMIT 1") { _ in true }
            ?? false
    }

    static func removeGone(in scope: ScanScope, _ connection: any Connection) throws {
        try remove(where: isGone(in: scope, connection), connection)
    }

    /// Files of folders that are gone, too.
    static func remove(inFolders ids: [Int64], _ connection: any Connection) throws {
        guard !ids.isEmpty else { return }
        try remove(where: "folder_id \(.among(ids, connection.dialect))", connection)
    }

    private static func isGone(in scope: ScanScope, _ connection: any Connection) -> Query {
        """
        is_gone = 1 AND folder_id IN (SELECT id FROM folder WHERE \(scope.lists(connection.dialect)))
        """
    }

    /// A playlist goes with its file, unless people have changed it since.
    private static func remove(where condition: Query, _ connection: any Connection) throws {
        let playlists = try connection.all(
            "DELETE FROM playlist_file WHERE \(condition) RETURNING playlist_id"
        ) { $0.int(0) }.compactMap(\.self)
        guard !playlists.isEmpty else { return }
        try connection.execute(
            "DELETE FROM playlist WHERE id \(.among(playlists.sorted(), connection.dialect)) AND edited_at IS NULL")
    }
}

extension FolderReconciler {
    private struct Known {
        let size: Int64
        let mtimeNs: Int64
        let isDue: Bool
        let isGone: Bool
        let isIncomplete: Bool
    }

    /// Playlist files that are new or changed become due, and so do those of which an entry was missing: it may be there
    /// now. What is gone is only noted, since a disk may be away.
    mutating func notePlaylists(_ listing: FolderListing, _ folderID: Int64?) throws {
        guard let listed = listing.playlists else { return }
        let isKnown = folderID.map(foldersWithPlaylists.contains) ?? false
        guard !listed.isEmpty || isKnown else { return }
        let folder = try batch.folderID(listing.path)
        var known = try isKnown ? knownPlaylists(folder) : [:]
        for file in listed {
            let before = known.removeValue(forKey: file.name)
            let isSame = before?.size == file.facts.size && before?.mtimeNs == file.facts.mtimeNs
            if let before, isSame, scope.mode == .quick, !before.isDue, !before.isGone, !before.isIncomplete {
                continue
            }
            try note(file, folder, isSame: isSame)
        }
        for (name, before) in known where !before.isGone {
            try batch.connection.execute(
                "UPDATE playlist_file SET is_gone = 1, due = 0 WHERE folder_id = \(folder) AND name = \(name)")
        }
    }

    private func knownPlaylists(_ folder: Int64) throws -> [[UInt8]: Known] {
        var known: [[UInt8]: Known] = [:]
        try batch.connection.forEach(
            "SELECT name, size, mtime_ns, due, is_gone, missing_count FROM playlist_file WHERE folder_id = \(folder)"
        ) { row in
            known[row.bytes(0) ?? []] = Known(
                size: row.int(1) ?? 0, mtimeNs: row.int(2) ?? 0, isDue: row.int(3) == 1, isGone: row.int(4) == 1,
                isIncomplete: row.int(5) ?? 0 > 0)
        }
        return known
    }

    /// A playlist that people deleted comes back with another content of its file only.
    private func note(_ file: ListedFile, _ folder: Int64, isSame: Bool) throws {
        let imported: Query =
            isSame
            ? "playlist_file.imported_at"
            : "CASE WHEN playlist_file.playlist_id IS NULL THEN NULL ELSE playlist_file.imported_at END"
        try batch.connection.execute(
            """
            INSERT INTO playlist_file (folder_id, name, size, mtime_ns, due, scan_id)
            VALUES (\(folder), \(file.name), \(file.facts.size), \(file.facts.mtimeNs), 1, \(scope.rowID))
            ON CONFLICT (folder_id, name) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, due = 1,
                is_gone = 0, scan_id = excluded.scan_id, imported_at = \(imported)
            """)
    }
}
