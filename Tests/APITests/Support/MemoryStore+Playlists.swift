import Domain
import UseCases

extension MemoryStore: PlaylistStore {
    func playlists(ownedBy owner: Int64?, for reader: PlaylistReader, page: PageRequest) async throws -> Page<Playlist>
    {
        try perform { state in
            let all = state.playlists.map(\.playlist).sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            let shown = all.filter { playlist in
                owner.map { $0 == playlist.ownerID && reader.mayRead(playlist) }
                    ?? (playlist.isPublic || playlist.ownerID == reader.accountID)
            }
            return try MemoryStore.page(shown, page)
        }
    }

    func choices(ownedBy owner: Int64, limit: Int) async throws -> [PlaylistChoice] {
        try perform { state in
            let own = state.playlists.map(\.playlist).filter { $0.ownerID == owner }.sorted { $0.name < $1.name }
            return own.prefix(limit).map { PlaylistChoice(id: $0.id, name: $0.name) }
        }
    }

    func playlist(id: Int64, for reader: PlaylistReader) async throws -> Playlist {
        try perform { try Self.kept(id, reader, in: $0).playlist }
    }

    func entries(
        ofPlaylist id: Int64, for reader: PlaylistReader, page: PageRequest
    ) async throws -> Page<PlaylistEntry> {
        try perform { state in
            let tracks = try Self.kept(id, reader, in: state).trackIDs
            return try MemoryStore.page(tracks.enumerated().map { PlaylistEntry(position: $0, trackID: $1) }, page)
        }
    }

    func trackIDs(ofPlaylist id: Int64, for reader: PlaylistReader) async throws -> [Int64] {
        try perform { try Self.kept(id, reader, in: $0).trackIDs }
    }

    func createPlaylist(_ new: NewPlaylist, owner: Int64) async throws -> Playlist {
        try perform { state in
            for id in new.trackIDs { _ = try MemoryStore.find(id, in: state.tracks, by: \.id) }
            let account = try MemoryStore.find(owner, in: state.accounts, by: \.id)
            let playlist = Playlist(
                id: Int64(state.playlists.count + 1), ownerID: owner, ownerName: account.name, name: new.name,
                comment: new.comment, isPublic: new.isPublic, createdAt: Self.now, changedAt: Self.now,
                trackCount: new.trackIDs.count, durationMs: 0)
            state.playlists.append((playlist, new.trackIDs))
            return playlist
        }
    }

    func changePlaylist(id: Int64, _ change: PlaylistChange, by reader: PlaylistReader) async throws -> Playlist {
        try perform { state in
            var (playlist, tracks) = try Self.kept(id, reader, in: state)
            if let expected = change.expected, expected != playlist.changedAt { throw StoreError.conflict("changed") }
            for id in change.edit.added + (change.edit.replacement ?? []) {
                _ = try MemoryStore.find(id, in: state.tracks, by: \.id)
            }
            do {
                tracks = try change.edit.applied(to: tracks)
            } catch {
                throw StoreError.preconditionFailed("\(error)")
            }
            playlist.name = change.name ?? playlist.name
            playlist.comment = change.comment ?? playlist.comment
            playlist.isPublic = change.isPublic ?? playlist.isPublic
            playlist.trackCount = tracks.count
            playlist.changedAt += 1
            state.playlists = state.playlists.map { $0.playlist.id == id ? (playlist, tracks) : $0 }
            return playlist
        }
    }

    func deletePlaylist(id: Int64, by reader: PlaylistReader) async throws {
        try perform { state in
            _ = try Self.kept(id, reader, in: state)
            state.playlists.removeAll { $0.playlist.id == id }
        }
    }

    private static func kept(
        _ id: Int64, _ reader: PlaylistReader, in state: State
    ) throws -> (playlist: Playlist, trackIDs: [Int64]) {
        guard let found = state.playlists.first(where: { $0.playlist.id == id && reader.mayRead($0.playlist) }) else {
            throw StoreError.notFound("there is no playlist \(id)")
        }
        return found
    }
}

extension MemoryStore: PlayQueueStore {
    func playQueue(account: Int64) async throws -> PlayQueue? { try perform { $0.playQueues[account] } }

    func savePlayQueue(_ queue: NewPlayQueue, account: Int64) async throws -> PlayQueue? {
        try perform { state in
            for id in queue.trackIDs { _ = try MemoryStore.find(id, in: state.tracks, by: \.id) }
            if let player = state.playerBetween.popLast() { state.playQueues[account] = player }
            let before = state.playQueues[account]?.changedAt ?? 0
            guard queue.expected == nil || queue.expected == before else {
                throw StoreError.conflict("the play queue was changed meanwhile")
            }
            state.playQueues[account] =
                queue.trackIDs.isEmpty
                ? nil
                : PlayQueue(
                    trackIDs: queue.trackIDs, currentIndex: queue.currentIndex, positionMs: queue.positionMs,
                    changedAt: max(Self.now, before + 1), changedBy: queue.client)
            return state.playQueues[account]
        }
    }
}

extension MemoryStore: PlaylistFileStore {
    func duePlaylistFiles(limit: Int) async throws -> [FilePath] { [] }
    func settle(_ file: FilePath, _ reading: PlaylistReading) async throws {}

    func playlistFiles(_ page: PageRequest) async throws -> Page<PlaylistFile> {
        let file = PlaylistFile(
            path: FilePath("/music/a.m3u"), playlistID: nil, entryCount: 2, missingCount: 2, importedAt: nil,
            isDue: false, problem: "none of its entries is in the library")
        return try perform { _ in try MemoryStore.page([file], page) }
    }

    func tracks(at candidates: [[FilePath]]) async throws -> [Int64?] {
        try perform { state in
            candidates.map { paths in state.tracks.first { paths.contains($0.path) }?.id }
        }
    }
}
