import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct PlaylistStoreTests {
    /// A library of six tracks, and two accounts: the first is the administrator.
    private struct Lab {
        let bench: CatalogueBench
        let store: DatabasePlaylistStore
        let queues: DatabasePlayQueueStore
        let accounts: DatabaseAccountStore
        let tracks: [Int64]
        let admin: PlaylistReader
        let ada: PlaylistReader
        let bob: PlaylistReader

        init(_ engine: Engine) async throws {
            bench = try await CatalogueBench(engine)
            for number in 0..<6 { bench.put("/music/a/\(number).flac", content: "c\(number)") { $0.album = "Debut" } }
            try await bench.scan()
            let stores = try Stores(database: bench.database, lockFolder: nil, clock: { 1000 })
            (store, queues, accounts) = (stores.playlists, stores.playQueues, stores.accounts)
            var tracks: [Int64] = []
            for number in 0..<6 {
                tracks.append(try #require(try await bench.track("/music/a/\(number).flac")?.id))
            }
            self.tracks = tracks
            var readers: [PlaylistReader] = []
            for (name, role) in [("root", Account.Role.admin), ("ada", .user), ("bob", .user)] {
                let made = try await accounts.addAccount(NewAccount(name: name, role: role, password: nil))
                readers.append(PlaylistReader(accountID: made.id, isAdmin: made.role == .admin))
            }
            (admin, ada, bob) = (readers[0], readers[1], readers[2])
        }

        func pick(_ numbers: [Int]) -> [Int64] { numbers.map { tracks[$0] } }

        func order(_ id: Int64) async throws -> [Int] {
            try await store.trackIDs(ofPlaylist: id, for: admin).map { id in tracks.firstIndex(of: id) ?? -1 }
        }
    }

    @Test("The order is kept through every edit, a track that comes twice included", arguments: Engine.available)
    func order(engine: Engine) async throws {
        let lab = try await Lab(engine)
        try await lab.bench.database.write { connection in
            try connection.execute("UPDATE track SET duration_ms = 1000 WHERE name <> \(Array("0.flac".utf8))")
            try connection.execute("UPDATE track SET cover_hash = 'ab' WHERE name = \(Array("1.flac".utf8))")
        }
        let made = try await lab.store.createPlaylist(
            NewPlaylist(name: "Evening", comment: "slow", trackIDs: lab.pick([3, 1, 3, 0])), owner: lab.ada.accountID)
        #expect(made.trackCount == 4 && made.ownerName == "ada" && !made.isPublic && made.comment == "slow")
        #expect(made.durationMs == 3000 && made.coverHash == "ab" && made.origin == nil)
        func edit(_ edit: PlaylistEdit) async throws -> Playlist {
            try await lab.store.changePlaylist(id: made.id, PlaylistChange(edit: edit), by: lab.ada)
        }
        let longer = try await edit(PlaylistEdit(added: lab.pick([5, 3])))
        #expect(longer.changedAt > made.changedAt && longer.trackCount == 6)
        #expect(try await lab.order(made.id) == [3, 1, 3, 0, 5, 3])
        _ = try await edit(PlaylistEdit(removed: [0, 3, 5], added: lab.pick([2])))
        #expect(try await lab.order(made.id) == [1, 3, 5, 2])
        _ = try await edit(PlaylistEdit(replacement: lab.pick([1, 5, 3])))
        #expect(try await lab.order(made.id) == [1, 5, 3])
        let first = try await lab.store.entries(ofPlaylist: made.id, for: lab.ada, page: PageRequest(limit: 2))
        #expect(first.items.map(\.position) == [0, 1] && first.items[1].trackID == lab.tracks[5])
        let rest = try await lab.store.entries(
            ofPlaylist: made.id, for: lab.ada, page: PageRequest(cursor: first.nextCursor, limit: 2))
        #expect(rest.items == [PlaylistEntry(position: 2, trackID: lab.tracks[3])] && rest.nextCursor == nil)
    }

    @Test("A bad edit changes nothing, and an edit of another version is refused", arguments: Engine.available)
    func refusals(engine: Engine) async throws {
        let lab = try await Lab(engine)
        let made = try await lab.store.createPlaylist(
            NewPlaylist(name: "a", trackIDs: lab.pick([0, 1])), owner: lab.ada.accountID)
        await #expect(throws: StoreError.preconditionFailed("the playlist has no entry at position 2")) {
            try await lab.store.changePlaylist(
                id: made.id, PlaylistChange(name: "b", edit: PlaylistEdit(removed: [2])), by: lab.ada)
        }
        await #expect(throws: StoreError.notFound("there is no track 12345")) {
            try await lab.store.changePlaylist(
                id: made.id, PlaylistChange(name: "b", edit: PlaylistEdit(added: [12345])), by: lab.ada)
        }
        await #expect(throws: StoreError.notFound("there is no track 12345")) {
            try await lab.store.createPlaylist(NewPlaylist(name: "c", trackIDs: [12345]), owner: lab.ada.accountID)
        }
        await #expect(throws: StoreError.self) {
            try await lab.store.changePlaylist(id: made.id, PlaylistChange(name: "two\nlines"), by: lab.ada)
        }
        await #expect(throws: StoreError.conflict("the playlist was changed meanwhile: read it again")) {
            try await lab.store.changePlaylist(
                id: made.id, PlaylistChange(edit: PlaylistEdit(removed: [0]), expected: made.changedAt - 1), by: lab.ada
            )
        }
        #expect(try await lab.store.playlist(id: made.id, for: lab.ada) == made)
        let all = try await lab.store.playlists(ownedBy: nil, for: lab.ada, page: PageRequest())
        #expect(all.items == [made])
        let many = Array(repeating: lab.tracks[0], count: Playlist.maxEntries + 1)
        await #expect(throws: StoreError.self) {
            try await lab.store.createPlaylist(NewPlaylist(name: "c", trackIDs: many), owner: lab.ada.accountID)
        }
        await #expect(throws: StoreError.notFound("there is no account 99")) {
            try await lab.store.createPlaylist(NewPlaylist(name: "c"), owner: 99)
        }
    }

    @Test("Private playlists are nobody else's, public ones are read by all", arguments: Engine.available)
    func permissions(engine: Engine) async throws {
        let lab = try await Lab(engine)
        func make(_ name: String, _ isPublic: Bool, _ owner: PlaylistReader) async throws -> Int64 {
            try await lab.store.createPlaylist(
                NewPlaylist(name: name, isPublic: isPublic, trackIDs: lab.pick([0])), owner: owner.accountID
            ).id
        }
        let secret = try await make("Älter", false, lab.ada)
        let shared = try await make("abc", true, lab.ada)
        _ = try await make("Zed", false, lab.bob)
        func names(_ reader: PlaylistReader, of owner: PlaylistReader? = nil) async throws -> [String] {
            var (names, cursor) = ([String](), String?.none)
            repeat {
                let page = try await lab.store.playlists(
                    ownedBy: owner?.accountID, for: reader, page: PageRequest(cursor: cursor, limit: 1))
                names += page.items.map(\.name)
                cursor = page.nextCursor
            } while cursor != nil
            return names
        }
        #expect(try await names(lab.ada) == ["abc", "Älter"])
        #expect(try await names(lab.bob) == ["abc", "Zed"])
        #expect(try await names(lab.admin) == ["abc"])
        #expect(try await names(lab.admin, of: lab.ada) == ["abc", "Älter"])
        #expect(try await names(lab.bob, of: lab.ada) == ["abc"])
        let absent = StoreError.notFound("there is no playlist \(secret)")
        await #expect(throws: absent) { try await lab.store.playlist(id: secret, for: lab.bob) }
        await #expect(throws: absent) { try await lab.store.trackIDs(ofPlaylist: secret, for: lab.bob) }
        await #expect(throws: absent) {
            try await lab.store.entries(ofPlaylist: secret, for: lab.bob, page: PageRequest())
        }
        await #expect(throws: absent) { try await lab.store.deletePlaylist(id: secret, by: lab.bob) }
        await #expect(throws: absent) {
            try await lab.store.changePlaylist(id: secret, PlaylistChange(name: "x"), by: lab.bob)
        }
        let foreign = StoreError.conflict("only its owner may change playlist \(shared)")
        await #expect(throws: foreign) { try await lab.store.deletePlaylist(id: shared, by: lab.bob) }
        await #expect(throws: foreign) {
            try await lab.store.changePlaylist(id: shared, PlaylistChange(isPublic: false), by: lab.bob)
        }
        let changed = try await lab.store.changePlaylist(
            id: secret, PlaylistChange(name: "New", comment: "", isPublic: true), by: lab.admin)
        #expect(changed.ownerID == lab.ada.accountID && changed.isPublic && changed.name == "New")
        try await lab.store.deletePlaylist(id: shared, by: lab.ada)
        #expect(try await names(lab.bob) == ["New", "Zed"])
    }

    @Test("Changes that come at once are all made, one after the other", arguments: Engine.available)
    func concurrent(engine: Engine) async throws {
        let lab = try await Lab(engine)
        let made = try await lab.store.createPlaylist(NewPlaylist(name: "a"), owner: lab.ada.accountID)
        let (store, ada, tracks) = (lab.store, lab.ada, lab.tracks)
        try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<12 {
                group.addTask {
                    try await store.changePlaylist(
                        id: made.id, PlaylistChange(edit: PlaylistEdit(added: [tracks[number % 6]])), by: ada
                    ).changedAt
                }
            }
            var versions: Set<Int64> = []
            for try await version in group { versions.insert(version) }
            #expect(versions.count == 12)
        }
        #expect(try await lab.order(made.id).sorted() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
        let entries = try await lab.store.entries(ofPlaylist: made.id, for: lab.ada, page: PageRequest())
        #expect(entries.items.map(\.position) == Array(0..<12))
    }

    @Test(
        "A track keeps its places when its file goes missing, and when it is known again by its sound",
        arguments: Engine.available)
    func merged(engine: Engine) async throws {
        let lab = try await Lab(engine)
        let bench = lab.bench
        let made = try await lab.store.createPlaylist(
            NewPlaylist(name: "a", trackIDs: lab.pick([1, 2, 1])), owner: lab.ada.accountID)
        bench.disk.removeValue(forKey: "/music/a/1.flac")
        try await bench.scan()
        #expect(try await bench.track("/music/a/1.flac")?.state == .missing)
        #expect(try await lab.order(made.id) == [1, 2, 1])
        bench.put("/music/b/1.flac", mtime: 9999, content: "c1") { $0.album = "Debut" }
        let walked = try await bench.walk()
        var next: [NewTask] = []
        for task in walked.tasks {
            guard let outcome = try await bench.outcome(of: task) else { continue }
            next += try await bench.apply([(task.payload, outcome, nil)]).flatMap(\.tasks)
        }
        // It is in lists before anybody has listened to it.
        let new = try #require(try await bench.track("/music/b/1.flac")?.id)
        #expect(!lab.tracks.contains(new))
        _ = try await lab.store.changePlaylist(
            id: made.id, PlaylistChange(edit: PlaylistEdit(added: [new])), by: lab.ada)
        try await lab.queues.savePlayQueue(
            NewPlayQueue(trackIDs: [new, lab.tracks[0]], client: "x"), account: lab.ada.accountID)
        try await bench.drain(next)
        #expect(try await bench.track("/music/b/1.flac")?.id == lab.tracks[1])
        #expect(try await lab.order(made.id) == [1, 2, 1, 1])
        #expect(
            try await lab.queues.playQueue(account: lab.ada.accountID)?.trackIDs == lab.pick([1, 0]))
    }

    @Test("Who chooses a playlist is shown the own ones by name", arguments: Engine.available)
    func choices(engine: Engine) async throws {
        let lab = try await Lab(engine)
        for (name, owner) in [("b", lab.ada), ("Ä", lab.ada), ("c", lab.bob), ("C", lab.ada)] {
            _ = try await lab.store.createPlaylist(
                NewPlaylist(name: name, isPublic: true, trackIDs: lab.pick([0])), owner: owner.accountID)
        }
        #expect(try await lab.store.choices(ownedBy: lab.ada.accountID, limit: 10).map(\.name) == ["Ä", "b", "C"])
        #expect(try await lab.store.choices(ownedBy: lab.ada.accountID, limit: 2).map(\.name) == ["Ä", "b"])
    }

    /// Who says which queue it knows replaces no other one.
    private func versions(_ lab: Lab) async throws {
        let (bob, queues, tracks) = (lab.bob.accountID, lab.queues, lab.tracks)
        @Sendable func save(_ numbers: [Int], expecting version: Int64?) async throws -> PlayQueue? {
            try await queues.savePlayQueue(
                NewPlayQueue(trackIDs: numbers.map { tracks[$0] }, client: "x", expected: version), account: bob)
        }
        await #expect(throws: StoreError.self) { _ = try await save([1], expecting: 7) }
        let first = try #require(try await save([1], expecting: 0))
        let second = try #require(try await save([1, 2], expecting: first.changedAt))
        #expect(second.changedAt > first.changedAt)
        for stale in [0, first.changedAt] {
            for numbers in [[3], []] {
                await #expect(throws: StoreError.conflict("the play queue was changed meanwhile: read it again")) {
                    _ = try await save(numbers, expecting: stale)
                }
            }
        }
        #expect(try await lab.queues.playQueue(account: bob) == second)
        // Of many who know the same queue, one is right.
        let saved = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    do { return try await save([number % 4], expecting: second.changedAt) != nil } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(saved == 1)
        #expect(try await save([4], expecting: nil)?.trackIDs == lab.pick([4]))
        #expect(try await save([], expecting: lab.queues.playQueue(account: bob)?.changedAt) == nil)
        let begun = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask { do { return try await save([number % 4], expecting: 0) != nil } catch { return false } }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(begun == 1)
        #expect(try await save([], expecting: nil) == nil)
    }

    @Test("A queue is saved whole, is one for each account, and goes with it", arguments: Engine.available)
    func queue(engine: Engine) async throws {
        let lab = try await Lab(engine)
        let (ada, bob) = (lab.ada.accountID, lab.bob.accountID)
        #expect(try await lab.queues.playQueue(account: ada) == nil)
        func save(_ numbers: [Int], index: Int = 0, at position: Int64 = 0) async throws -> PlayQueue? {
            try await lab.queues.savePlayQueue(
                NewPlayQueue(
                    trackIDs: lab.pick(numbers), currentIndex: index, positionMs: position,
                    client: String(repeating: "p", count: 500)), account: ada)
        }
        let saved = try #require(try await save([2, 2, 4], index: 1, at: 61_000))
        #expect(try await lab.queues.playQueue(account: ada) == saved)
        #expect(saved.changedBy.count == PlayQueue.maxClientLength && saved.positionMs == 61_000)
        #expect(try await save([2, 5], index: 1)?.trackIDs == lab.pick([2, 5]))
        #expect(try await lab.queues.playQueue(account: ada)?.trackIDs == lab.pick([2, 5]))
        #expect(try await lab.queues.playQueue(account: bob) == nil)
        await #expect(throws: StoreError.self) { _ = try await save([1], index: 1) }
        await #expect(throws: StoreError.self) { _ = try await save([1], at: -1) }
        await #expect(throws: StoreError.notFound("there is no track 777")) {
            try await lab.queues.savePlayQueue(NewPlayQueue(trackIDs: [777], client: ""), account: ada)
        }
        #expect(try await lab.queues.playQueue(account: ada)?.currentIndex == 1)
        try await versions(lab)
        #expect(try await save([]) == nil)
        #expect(try await lab.queues.playQueue(account: ada) == nil)
        _ = try await save([1])
        _ = try await lab.store.createPlaylist(NewPlaylist(name: "a", trackIDs: lab.pick([0])), owner: ada)
        try await lab.accounts.removeAccount(id: ada)
        let left = try await lab.bench.database.read { connection in
            try ["playlist", "playlist_entry", "play_queue", "play_queue_entry"].map { table in
                try connection.first(Query(stringLiteral: "SELECT COUNT(*) FROM \(table)")) { $0.number(0) } ?? -1
            }
        }
        #expect(left == [0, 0, 0, 0])
    }

    @Test("Fifty thousand entries are written, thinned out and read back", arguments: Engine.available)
    func large(engine: Engine) async throws {
        let lab = try await Lab(engine)
        let ids = (0..<Playlist.maxEntries).map { lab.tracks[$0 % 6] }
        let made = try await lab.store.createPlaylist(
            NewPlaylist(name: "all", trackIDs: ids), owner: lab.ada.accountID)
        #expect(made.trackCount == Playlist.maxEntries)
        let thin = try await lab.store.changePlaylist(
            id: made.id, PlaylistChange(edit: PlaylistEdit(removed: [0])), by: lab.ada)
        #expect(thin.trackCount == Playlist.maxEntries - 1)
        #expect(try await lab.store.trackIDs(ofPlaylist: made.id, for: lab.ada) == Array(ids.dropFirst()))
    }
}
