import Domain
import UseCases

/// `PlaylistStore` on the database.
package struct DatabasePlaylistStore: PlaylistStore {
    let context: QueueContext

    package func playlists(
        ownedBy owner: Int64?, for reader: PlaylistReader, page: PageRequest
    ) async throws -> Page<Playlist> {
        let start = try page.cursor.map { try CatalogueCursor($0) }
        return try await context.database.read { connection in
            var query = PlaylistRow.select
            if let owner {
                query = query + "WHERE playlist.account_id = \(owner) AND \(reader.readable)"
            } else {
                query = query + "WHERE \(reader.own)"
            }
            if let start { query = query + " AND (playlist.name_key, playlist.id) > (\(start.key), \(start.id))" }
            query = query + " ORDER BY playlist.name_key, playlist.id LIMIT \(page.limit + 1)"
            let rows = try connection.all(query) { (playlist: PlaylistRow.playlist($0), key: $0.text(17) ?? "") }
            let found = Page(rows, limit: page.limit) { CatalogueCursor(key: $0.key, id: $0.playlist.id) }
            return Page(items: found.items.map(\.playlist), nextCursor: found.nextCursor)
        }
    }

    package func choices(ownedBy owner: Int64, limit: Int) async throws -> [PlaylistChoice] {
        try await context.database.read { connection in
            try connection.all(
                "SELECT id, name FROM playlist WHERE account_id = \(owner) ORDER BY name_key, id LIMIT \(limit)"
            ) { PlaylistChoice(id: $0.int(0) ?? 0, name: $0.text(1) ?? "") }
        }
    }

    package func playlist(id: Int64, for reader: PlaylistReader) async throws -> Playlist {
        try await context.database.read { try Self.playlist(id, reader, $0) }
    }

    package func entries(
        ofPlaylist id: Int64, for reader: PlaylistReader, page: PageRequest
    ) async throws -> Page<PlaylistEntry> {
        let start = try page.cursor.map { try CatalogueCursor($0).id + 1 } ?? 0
        return try await context.database.read { connection in
            try Self.requireReadable(id, reader, connection)
            let entries = try TrackSequence.playlist(id).entries(from: start, limit: page.limit + 1, connection)
            return Page(entries, limit: page.limit) { CatalogueCursor(key: "", id: Int64($0.position)) }
        }
    }

    package func trackIDs(ofPlaylist id: Int64, for reader: PlaylistReader) async throws -> [Int64] {
        try await context.database.read { connection in
            try Self.requireReadable(id, reader, connection)
            return try TrackSequence.playlist(id).trackIDs(connection)
        }
    }

    package func createPlaylist(_ playlist: NewPlaylist, owner: Int64) async throws -> Playlist {
        try Self.check(name: playlist.name, comment: playlist.comment)
        return try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            try transaction.requireRoomForPlaylist(of: owner)
            let tracks = try Self.applied(PlaylistEdit(added: playlist.trackIDs), to: [])
            let id = try transaction.insertPlaylist(playlist, owner: owner, isEdited: true)
            try TrackSequence.requireTracks(tracks, connection)
            try TrackSequence.playlist(id).write(tracks, over: [], connection)
            return try Self.playlist(id, PlaylistReader(accountID: owner, isAdmin: false), connection)
        }
    }

    package func changePlaylist(
        id: Int64, _ change: PlaylistChange, by reader: PlaylistReader
    ) async throws -> Playlist {
        try Self.check(name: change.name, comment: change.comment)
        return try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            let known = try Self.lockChangeable(id, reader, connection)
            guard change.expected == nil || change.expected == known.changedAt else {
                throw StoreError.conflict("the playlist was changed meanwhile: read it again")
            }
            if !change.edit.isEmpty {
                let sequence = TrackSequence.playlist(id)
                let tracks = try sequence.trackIDs(connection)
                let wanted = try Self.applied(change.edit, to: tracks)
                try TrackSequence.requireTracks((change.edit.replacement ?? []) + change.edit.added, connection)
                try sequence.write(wanted, over: tracks, connection)
            }
            let changedAt = max(transaction.now, known.changedAt + 1)
            let isPublic = change.isPublic.map { $0 ? Int64(1) : 0 }
            try connection.execute(
                """
                UPDATE playlist SET name = COALESCE(\(change.name), name),
                    name_key = COALESCE(\(change.name.map(PlaylistRow.nameKey)), name_key),
                    comment = COALESCE(\(change.comment), comment), is_public = COALESCE(\(isPublic), is_public),
                    changed_at = \(changedAt), edited_at = \(transaction.now)
                WHERE id = \(id)
                """)
            return try Self.playlist(id, reader, connection)
        }
    }

    package func deletePlaylist(id: Int64, by reader: PlaylistReader) async throws {
        try await context.write(durable: true) { transaction in
            _ = try Self.lockChangeable(id, reader, transaction.connection)
            try transaction.connection.execute("DELETE FROM playlist WHERE id = \(id)")
        }
    }
}

extension DatabasePlaylistStore {
    static func playlist(_ id: Int64, _ reader: PlaylistReader, _ connection: any Connection) throws -> Playlist {
        let found = try connection.first(
            PlaylistRow.select + "WHERE playlist.id = \(id) AND \(reader.readable)", PlaylistRow.playlist)
        guard let found else { throw absent(id) }
        return found
    }

    private static func absent(_ id: Int64) -> StoreError { .notFound("there is no playlist \(id)") }

    private static func requireReadable(
        _ id: Int64, _ reader: PlaylistReader, _ connection: any Connection
    ) throws {
        let found = try connection.first("SELECT 1 FROM playlist WHERE id = \(id) AND \(reader.readable)") { _ in true }
        guard found == true else { throw absent(id) }
    }

    /// Holds the row until the transaction ends, so that changes come one after the other.
    private static func lockChangeable(
        _ id: Int64, _ reader: PlaylistReader, _ connection: any Connection
    ) throws -> (ownerID: Int64, changedAt: Int64) {
        let found = try connection.first(
            """
            SELECT account_id, changed_at FROM playlist
            WHERE id = \(id) AND \(reader.readable)\(Query.forUpdate(connection.dialect))
            """
        ) { (ownerID: $0.int(0) ?? 0, changedAt: $0.int(1) ?? 0) }
        guard let found else { throw absent(id) }
        guard reader.isAdmin || found.ownerID == reader.accountID else {
            throw StoreError.conflict("only its owner may change playlist \(id)")
        }
        return found
    }

    private static func check(name: String?, comment: String?) throws {
        guard name.map(Playlist.isName) ?? true else {
            throw StoreError.preconditionFailed(
                "a playlist's name is one line of 1 to \(Playlist.maxNameLength) characters that are not all blank")
        }
        guard comment.map(Playlist.isComment) ?? true else {
            throw StoreError.preconditionFailed(
                "a playlist's comment has at most \(Playlist.maxCommentLength) characters")
        }
    }

    private static func applied(_ edit: PlaylistEdit, to tracks: [Int64]) throws -> [Int64] {
        do {
            return try edit.applied(to: tracks)
        } catch {
            switch error {
            case .noEntry(let position):
                throw StoreError.preconditionFailed("the playlist has no entry at position \(position)")
            case .tooMany(let count):
                throw StoreError.preconditionFailed(
                    "a playlist has at most \(Playlist.maxEntries) entries, and this one would have \(count)")
            }
        }
    }
}

extension QueueTransaction {
    /// Throws `notFound` without the account, whose row is held, and `preconditionFailed` when it has too many.
    func requireRoomForPlaylist(of account: Int64) throws {
        let isThere = try connection.first(
            "SELECT 1 FROM account WHERE id = \(account)\(Query.forUpdate(connection.dialect))"
        ) { _ in true }
        guard isThere == true else { throw StoreError.notFound("there is no account \(account)") }
        let count = try connection.first("SELECT COUNT(*) FROM playlist WHERE account_id = \(account)") {
            $0.number(0)
        }
        guard count ?? 0 < Playlist.maxPlaylists else {
            throw StoreError.preconditionFailed("an account has at most \(Playlist.maxPlaylists) playlists")
        }
    }

    func insertPlaylist(_ playlist: NewPlaylist, owner: Int64, isEdited: Bool) throws -> Int64 {
        try connection.insert(
            """
            INSERT INTO playlist (account_id, name, name_key, comment, is_public, created_at, changed_at, edited_at)
            VALUES (\(owner), \(playlist.name), \(PlaylistRow.nameKey(playlist.name)), \(playlist.comment),
                \(playlist.isPublic), \(now), \(now), \(isEdited ? now : nil))
            """)
    }
}
