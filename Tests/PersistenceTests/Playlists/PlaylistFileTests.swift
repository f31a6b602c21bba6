import Contracts
import Domain
import Logging
import Synchronization
import Testing
import UseCases

@testable import Persistence

/// Playlist files on the way from a walk to a playlist.
@Suite struct PlaylistFileTests {
    /// Files of the small disk that can be read.
    private final class Disk: LibraryReader {
        let texts = Mutex<[FilePath: String]>([:])

        func open(_ file: MediaFile) async throws -> any LibraryFile {
            guard let text = texts.withLock({ $0[file.path] }) else { throw Failure(.fileGone, "it is gone") }
            return Bytes(bytes: Array(text.utf8))
        }

        struct Bytes: LibraryFile {
            let bytes: [UInt8]
            var facts: FileFacts { FileFacts(size: Int64(bytes.count), mtimeNs: 1, inode: 1, device: 1) }
            func read(at offset: Int64, count: Int) async throws -> [UInt8] {
                Array(bytes.dropFirst(Int(offset)).prefix(count))
            }
            func expectUnchanged() async throws {}
        }
    }

    private struct Lab {
        let bench: CatalogueBench
        let disk = Disk()
        let stores: Stores
        let root: PlaylistReader

        init(_ engine: Engine) async throws {
            bench = try await CatalogueBench(engine)
            bench.emptyFolders = [FilePath("/music")]
            stores = try Stores(database: bench.database, lockFolder: nil, clock: { 1000 })
            try await stores.scans.addLibraryRoot(FilePath("/music"))
            let account = try await stores.accounts.addAccount(
                NewAccount(name: "root", role: .admin, password: nil))
            root = PlaylistReader(accountID: account.id, isAdmin: true)
            for number in 0..<4 { bench.put("/music/a/\(number).flac", content: "c\(number)") { $0.album = "Debut" } }
        }

        /// Nil takes it away.
        func write(_ path: String, _ text: String?) {
            disk.texts.withLock { $0[FilePath(path)] = text }
            bench.lists[path] = text.map { FileFacts(size: Int64($0.utf8.count), mtimeNs: 1, inode: 9, device: 1) }
        }

        func scan(_ mode: Scan.Mode = .quick, acceptMissing: Bool = false) async throws {
            _ = try await bench.scan("/music", mode: mode, acceptMissing: acceptMissing)
            try await importAll()
        }

        func importAll() async throws {
            let work = PlaylistImport(
                store: stores.playlistFiles, playlists: stores.playlists, scans: stores.scans, files: disk,
                logger: Logger(label: "tests"))
            while try await work.step() {}
        }

        func playlists() async throws -> [Playlist] {
            try await stores.playlists.playlists(ownedBy: nil, for: root, page: PageRequest()).items
        }

        func names(_ id: Int64) async throws -> [String] {
            let ids = try await stores.playlists.trackIDs(ofPlaylist: id, for: root)
            return try await bench.catalogue.tracks(ids: ids).map { $0.path.display }
        }

        func files() async throws -> [PlaylistFile] {
            try await stores.playlistFiles.playlistFiles(PageRequest()).items
        }
    }

    @Test("What a file lists beyond what fits is counted and told", arguments: Engine.available)
    func tooLong(engine: Engine) async throws {
        let lab = try await Lab(engine)
        lab.write("/music/long.m3u8", "a/0.flac\n" + String(repeating: "x\n", count: Playlist.maxEntries + 2))
        lab.write("/music/short.xspf", "<playlist><trackList><track/><track/></trackList></playlist>")
        try await lab.scan()
        let made = try #require(try await lab.playlists().first)
        #expect(made.trackCount == 1 && made.origin?.entryCount == Playlist.maxEntries + 3)
        #expect(made.origin?.missingCount == Playlist.maxEntries + 2)
        let files = try await lab.files()
        let long = try #require(files.first { $0.path == FilePath("/music/long.m3u8") })
        #expect(long.entryCount == Playlist.maxEntries + 3 && long.problem?.contains("more than 50000") == true)
        let short = try #require(files.first { $0.path == FilePath("/music/short.xspf") })
        #expect(short.entryCount == 2 && short.missingCount == 2)
        #expect(short.problem == "none of its entries is in the library")
    }

    @Test("A scan makes playlists of files, follows them, and forgets them when they go", arguments: Engine.available)
    func life(engine: Engine) async throws {
        let lab = try await Lab(engine)
        lab.write("/music/lists/evening.m3u8", "#EXTM3U\n../a/2.flac\n../a/0.flac\n../a/2.flac\n../a/gone.flac\n")
        lab.write("/music/radio.pls", "[playlist]\nFile1=http://radio.example/stream\n")
        try await lab.scan()
        let made = try #require(try await lab.playlists().first)
        #expect(try await lab.playlists().count == 1)
        #expect(made.name == "evening" && made.isPublic && made.ownerID == lab.root.accountID)
        #expect(made.origin?.path == FilePath("/music/lists/evening.m3u8") && made.origin?.isEdited == false)
        #expect(made.origin?.entryCount == 4 && made.origin?.missingCount == 1)
        #expect(try await lab.names(made.id) == ["/music/a/2.flac", "/music/a/0.flac", "/music/a/2.flac"])
        let radio = try #require(try await lab.files().first { $0.path == FilePath("/music/radio.pls") })
        #expect(radio.problem == "none of its entries is in the library" && radio.playlistID == nil && !radio.isDue)

        // The track that was missing arrives.
        lab.bench.put("/music/a/gone.flac", content: "new") { $0.album = "Debut" }
        try await lab.scan()
        #expect(try await lab.names(made.id).last == "/music/a/gone.flac")
        let complete = try await lab.stores.playlists.playlist(id: made.id, for: lab.root)
        #expect(complete.origin?.missingCount == 0 && complete.changedAt > made.changedAt)
        try await lab.scan(.full)
        #expect(try await lab.stores.playlists.playlist(id: made.id, for: lab.root).changedAt == complete.changedAt)

        lab.write("/music/lists/evening.m3u8", "#PLAYLIST:Night\n../a/1.flac\n")
        try await lab.scan()
        #expect(try await lab.names(made.id) == ["/music/a/1.flac"])
        #expect(try await lab.playlists().map(\.name) == ["Night"])

        lab.write("/music/lists/evening.m3u8", nil)
        try await lab.scan()
        #expect(try await lab.playlists() == [])
        #expect(try await lab.files().map(\.path.display) == ["/music/radio.pls"])
    }

    @Test(
        "What people did to a playlist outlives its file, and what they deleted stays away", arguments: Engine.available
    )
    func people(engine: Engine) async throws {
        let lab = try await Lab(engine)
        lab.write("/music/one.m3u", "a/0.flac\n")
        lab.write("/music/two.m3u", "a/1.flac\n")
        try await lab.scan()
        let both = try await lab.playlists()
        #expect(both.map(\.name) == ["one", "two"])
        let third = try #require(try await lab.bench.track("/music/a/3.flac")?.id)
        _ = try await lab.stores.playlists.changePlaylist(
            id: both[0].id, PlaylistChange(edit: PlaylistEdit(added: [third])), by: lab.root)
        try await lab.stores.playlists.deletePlaylist(id: both[1].id, by: lab.root)
        lab.write("/music/one.m3u", "a/2.flac\na/2.flac\n")
        try await lab.scan()
        try await lab.scan(.full)
        #expect(try await lab.playlists().map(\.id) == [both[0].id])
        #expect(try await lab.names(both[0].id) == ["/music/a/0.flac", "/music/a/3.flac"])
        #expect(try await lab.playlists().first?.origin?.isEdited == true)
        // Another content is another wish.
        lab.write("/music/two.m3u", "a/1.flac\na/2.flac\n")
        try await lab.scan()
        #expect(try await lab.playlists().map(\.name) == ["one", "two"])
        lab.write("/music/one.m3u", nil)
        lab.write("/music/two.m3u", nil)
        try await lab.scan()
        #expect(try await lab.playlists().map(\.id) == [both[0].id])
        #expect(try await lab.playlists().first?.origin == nil)
        #expect(try await lab.files() == [])
    }

    @Test("A disk that is away takes no playlist along; a folder that is gone does", arguments: Engine.available)
    func away(engine: Engine) async throws {
        let lab = try await Lab(engine)
        lab.write("/music/lists/one.m3u", "../a/0.flac\n")
        lab.write("/music/two.m3u", "a/1.flac\n")
        try await lab.scan()
        #expect(try await lab.playlists().count == 2)
        let disk = lab.bench.disk
        lab.bench.disk = [:]
        lab.write("/music/lists/one.m3u", nil)
        lab.write("/music/two.m3u", nil)
        try await lab.scan()
        #expect(try await lab.playlists().count == 2)
        lab.bench.disk = disk
        lab.write("/music/two.m3u", "a/1.flac\n")
        try await lab.scan()
        #expect(try await lab.playlists().map(\.name) == ["two"])
    }

    @Test(
        "A file is read once the music of its scan is known, and one that cannot be read says why",
        arguments: Engine.available)
    func order(engine: Engine) async throws {
        let lab = try await Lab(engine)
        lab.write("/music/one.m3u", "a/0.flac\n")
        lab.write("/music/bad.xspf", "<!DOCTYPE a><playlist/>")
        _ = try await lab.bench.walk("/music")
        let scan = try await lab.bench.database.read { connection in
            try connection.first("SELECT MAX(scan_id) FROM playlist_file") { $0.int(0) } ?? nil
        }
        try await lab.bench.database.write { connection in
            try connection.execute(
                """
                INSERT INTO scan (id, uuid, path, root_path, mode, lane, until, created_at)
                VALUES (\(scan), 'u', \(Array("/music".utf8)), \(Array("/music".utf8)), 'quick', 2, 'vector', 1)
                """)
            try connection.execute(
                """
                INSERT INTO task (kind, version, payload, state, lane, run_at, created_at, scan_id)
                VALUES ('index_file', 1, '{}', 'ready', 2, 1, 1, \(scan))
                """)
        }
        #expect(try await lab.stores.playlistFiles.duePlaylistFiles(limit: 10) == [])
        _ = try await lab.bench.database.write { try $0.execute("DELETE FROM task") }
        #expect(try await lab.stores.playlistFiles.duePlaylistFiles(limit: 10).count == 2)
        try await lab.importAll()
        let bad = try #require(try await lab.files().first { $0.path == FilePath("/music/bad.xspf") })
        #expect(bad.problem?.contains("declaration") == true && !bad.isDue)
        #expect(try await lab.stores.playlistFiles.duePlaylistFiles(limit: 10) == [])
    }
}
