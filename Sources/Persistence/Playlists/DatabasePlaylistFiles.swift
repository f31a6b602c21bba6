import Domain
import UseCases

/// `PlaylistFileStore` on the database.
package struct DatabasePlaylistFiles: PlaylistFileStore {
    let context: QueueContext

    /// Bytes of a reason that is kept.
    private static let maxProblemBytes = 1000

    package func duePlaylistFiles(limit: Int) async throws -> [FilePath] {
        try await context.database.read { connection in
            try connection.all(
                """
                SELECT folder.path, playlist_file.name FROM playlist_file
                JOIN folder ON folder.id = playlist_file.folder_id
                WHERE due = 1 AND NOT EXISTS (
                    SELECT 1 FROM task WHERE task.scan_id = playlist_file.scan_id
                        AND task.kind IN ('scan_library', 'index_file') AND task.state IN ('ready', 'running'))
                ORDER BY folder_id, name LIMIT \(limit)
                """
            ) { FilePath(bytes: $0.bytes(0) ?? []).appending($0.bytes(1) ?? []) }
        }
    }

    package func playlistFiles(_ page: PageRequest) async throws -> Page<PlaylistFile> {
        let start = try page.cursor.map { try CatalogueCursor($0) }
        guard let name = start.map({ Hex.decode($0.key) }) ?? [] else {
            throw StoreError.preconditionFailed("the cursor is not one of this list")
        }
        let folder = start?.id ?? 0
        return try await context.database.read { connection in
            let rows = try connection.all(
                """
                SELECT folder.path, playlist_file.name, playlist_id, entry_count, missing_count, imported_at, due,
                    problem, folder_id
                FROM playlist_file JOIN folder ON folder.id = playlist_file.folder_id
                WHERE (folder_id, playlist_file.name) > (\(folder), \(name))
                ORDER BY folder_id, playlist_file.name LIMIT \(page.limit + 1)
                """
            ) { (file: Self.file($0), folder: $0.int(8) ?? 0) }
            let found = Page(rows, limit: page.limit) { row in
                CatalogueCursor(key: Hex.encode(row.file.path.lastComponent), id: row.folder)
            }
            return Page(items: found.items.map(\.file), nextCursor: found.nextCursor)
        }
    }

    private static func file(_ row: any Row) -> PlaylistFile {
        PlaylistFile(
            path: FilePath(bytes: row.bytes(0) ?? []).appending(row.bytes(1) ?? []), playlistID: row.int(2),
            entryCount: row.number(3), missingCount: row.number(4), importedAt: row.int(5), isDue: row.int(6) == 1,
            problem: row.text(7))
    }

    package func tracks(at candidates: [[FilePath]]) async throws -> [Int64?] {
        try await context.database.read { connection in
            var finder = TrackAtPath(connection)
            return try candidates.map { try finder.first(of: $0) }
        }
    }

    package func settle(_ path: FilePath, _ reading: PlaylistReading) async throws {
        switch reading {
        case .unreadable(let why):
            try await context.write { transaction in
                guard let file = try transaction.duePlaylistFile(path) else { return }
                // No file has this size, so that the next scan tries it again.
                try transaction.connection.execute(
                    """
                    UPDATE playlist_file SET due = 0, size = -1,
                        problem = \(NameKey.cut(why, toBytes: Self.maxProblemBytes))
                    WHERE folder_id = \(file.folderID) AND name = \(file.name)
                    """)
            }
        case .read(let facts, let name, let places, let leftOut, let problem):
            let found = ReadPlaylist(
                name: name, tracks: try await tracks(at: places), leftOut: leftOut, problem: problem)
            try await context.write { transaction in
                guard let file = try transaction.duePlaylistFile(path) else { return }
                try transaction.settle(file, facts, found)
            }
        }
    }
}

/// A row of `playlist_file` that is held.
private struct DueFile {
    let folderID: Int64
    let name: [UInt8]
    let playlistID: Int64?
    let wasImported: Bool
}

/// What was found of a playlist file.
private struct ReadPlaylist {
    let name: String
    /// Nil: not in the library.
    let tracks: [Int64?]
    let leftOut: Int
    let problem: String?

    var entryCount: Int { tracks.count + leftOut }
}

extension QueueTransaction {
    fileprivate func duePlaylistFile(_ path: FilePath) throws -> DueFile? {
        guard let folder = try CatalogueRows.folderID(path.parent, connection) else { return nil }
        return try connection.first(
            """
            SELECT playlist_id, imported_at FROM playlist_file
            WHERE folder_id = \(folder) AND name = \(path.lastComponent) AND due = 1
            \(Query.forUpdate(connection.dialect))
            """
        ) { row in
            DueFile(
                folderID: folder, name: path.lastComponent, playlistID: row.int(0), wasImported: row.int(1) != nil)
        }
    }

    fileprivate func settle(_ file: DueFile, _ facts: FileFacts, _ found: ReadPlaylist) throws {
        let tracks = found.tracks.compactMap(\.self)
        var playlist = file.playlistID
        var problem = found.problem
        if let known = playlist {
            try refill(known, named: found.name, tracks)
        } else if !file.wasImported {
            if tracks.isEmpty {
                problem = found.entryCount == 0 ? "it lists nothing" : "none of its entries is in the library"
            } else {
                // Without an owner it waits.
                guard let owner = try playlistOwner() else { return }
                do {
                    playlist = try make(named: found.name, tracks, owner: owner)
                } catch StoreError.preconditionFailed(let why) {
                    problem = why
                }
            }
        }
        let isImported = playlist != nil || file.wasImported
        try connection.execute(
            """
            UPDATE playlist_file SET due = 0, size = \(facts.size), mtime_ns = \(facts.mtimeNs),
                playlist_id = \(playlist), entry_count = \(found.entryCount),
                missing_count = \(found.entryCount - tracks.count), imported_at = \(isImported ? now : nil),
                problem = \(problem)
            WHERE folder_id = \(file.folderID) AND name = \(file.name)
            """)
    }

    private func make(named name: String, _ tracks: [Int64], owner: Int64) throws -> Int64 {
        try requireRoomForPlaylist(of: owner)
        try TrackSequence.requireTracks(tracks, connection)
        let made = try insertPlaylist(NewPlaylist(name: name, isPublic: true), owner: owner, isEdited: false)
        try TrackSequence.playlist(made).write(tracks, over: [], connection)
        return made
    }

    /// What the file says now, unless people changed the playlist.
    private func refill(_ id: Int64, named name: String, _ tracks: [Int64]) throws {
        let found = try connection.first(
            """
            SELECT name, changed_at FROM playlist
            WHERE id = \(id) AND edited_at IS NULL\(Query.forUpdate(connection.dialect))
            """
        ) { (name: $0.text(0) ?? "", changedAt: $0.int(1) ?? 0) }
        guard let known = found else { return }
        let sequence = TrackSequence.playlist(id)
        let before = try sequence.trackIDs(connection)
        guard before != tracks || known.name != name else { return }
        try TrackSequence.requireTracks(tracks, connection)
        try sequence.write(tracks, over: before, connection)
        try connection.execute(
            """
            UPDATE playlist SET name = \(name), name_key = \(PlaylistRow.nameKey(name)),
                changed_at = \(max(now, known.changedAt + 1)) WHERE id = \(id)
            """)
    }

    private func playlistOwner() throws -> Int64? {
        try connection.first(
            "SELECT id FROM account WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id LIMIT 1"
        ) { $0.int(0) ?? 0 }
    }
}
