import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("How library roots keep themselves up to date")
struct UpkeepStoreTests {
    private static let music = FilePath("/music")

    @Test("What an owner wants is kept, for this root alone", arguments: Engine.available)
    func settings(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        for path in ["/music", "/other"] { try await bench.scans.addLibraryRoot(FilePath(path)) }
        let roots = try await bench.scans.rootUpkeeps()
        #expect(roots.map(\.path.display) == ["/music", "/other"])
        #expect(roots.allSatisfy { $0.upkeep == .usual && !$0.wasScanned && !$0.isBeingScanned })
        let wanted = RootUpkeep(watches: false, schedule: .daily(minute: 210))
        try await bench.scans.setUpkeep(wanted, ofRoot: roots[0].id)
        #expect(try await bench.scans.rootUpkeeps().map(\.upkeep) == [wanted, .usual])
        #expect(try await bench.scans.libraryRootStatuses().map(\.upkeep) == [wanted, .usual])
        await #expect(throws: StoreError.self) { try await bench.scans.setUpkeep(wanted, ofRoot: 99) }
    }

    @Test("The last scan is the last of the whole root, or the root's adding", arguments: Engine.available)
    func lastScan(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.scans.addLibraryRoot(Self.music)
        func root() async throws -> KeptRoot { try #require(try await bench.scans.rootUpkeeps().first) }
        let addedAt = bench.time.wall
        #expect(try await root().lastScanAt == addedAt)
        bench.time.advance(seconds: 10)
        _ = try await bench.scans.startScan(Self.scan("/music/a"), unlessSince: bench.time.wall)
        _ = try await bench.scans.startScan(Self.scan("/music", isShallow: true), unlessSince: bench.time.wall)
        var seen = try await root()
        #expect(seen.lastScanAt == addedAt && !seen.isBeingScanned && !seen.wasScanned)
        let whole = try await bench.startScan()
        seen = try await root()
        #expect(seen.lastScanAt == bench.time.wall && seen.isBeingScanned && seen.wasScanned)
        // Its files are still being heard.
        try await bench.execute("UPDATE scan SET walked_at = \(bench.time.wall) WHERE uuid = \(whole.id)")
        #expect(try await root().isBeingScanned == false)
        try await bench.execute("UPDATE scan SET walked_at = NULL WHERE uuid = \(whole.id)")
        bench.time.advance(seconds: 10)
        _ = try await bench.scans.startScan(Self.scan("/music/b"), unlessSince: .max - 1)
        _ = try await bench.scans.cancelScan(id: whole.id)
        seen = try await root()
        #expect(seen.lastScanAt == bench.time.wall - 10_000_000 && !seen.isBeingScanned && seen.wasScanned)
    }

    private static func scan(
        _ path: String, isShallow: Bool = false, until: Scan.Stage = .vector
    ) -> NewScan {
        NewScan(
            path: FilePath(path), mode: .quick, priority: .high, until: until, isShallow: isShallow, cause: .watch)
    }

    @Test("A scan that is yet to begin, or began later, is enough; no other", arguments: Engine.available)
    func covering(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        for path in ["/music", "/musical"] { try await bench.scans.addLibraryRoot(FilePath(path)) }
        func wanted(_ scan: NewScan, since: Int64) async throws -> String {
            try await bench.scans.startScan(scan, unlessSince: since).scan.id
        }
        let event = bench.time.wall
        let first = try await bench.scans.startScan(Self.scan("/music/a"), unlessSince: event).scan
        #expect(first.cause == .watch && first.state == .queued && first.progress.tasksQueued == 1)
        // Not begun: everything below is covered, beside it and above it nothing.
        for path in ["/music/a", "/music/a/b"] {
            #expect(try await wanted(Self.scan(path), since: event) == first.id)
            #expect(try await wanted(Self.scan(path, isShallow: true), since: event) == first.id)
        }
        var others: Set = [first.id]
        for scan in [
            Self.scan("/music", isShallow: true), Self.scan("/music/ab"), Self.scan("/musical/a"),
            Self.scan("/music/a", until: .index),
        ] {
            #expect(others.insert(try await wanted(scan, since: event)).inserted)
        }
        // What is shallow covers itself only.
        let shallow = try await wanted(Self.scan("/music", isShallow: true), since: event)
        #expect(others.contains(shallow))
        #expect(others.insert(try await wanted(Self.scan("/music/z"), since: event)).inserted)
        #expect(others.insert(try await wanted(Self.scan("/music"), since: event)).inserted)
    }

    @Test("A scan that began too early, was cancelled or waits for hours is not enough", arguments: Engine.available)
    func notCovering(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let whole = try await bench.startScan()
        try await bench.register()
        bench.time.advance(seconds: 1)
        let begun = bench.time.wall
        let walk = try await bench.lease()
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        let folder = Self.scan("/music/a")
        #expect(try await bench.scans.startScan(folder, unlessSince: begun - 1).scan.id == whole.id)
        let later = try await bench.scans.startScan(folder, unlessSince: begun).scan
        #expect(later.id != whole.id)
        _ = try await bench.scans.cancelScan(id: later.id)
        let again = try await bench.scans.startScan(folder, unlessSince: begun).scan
        #expect(again.id != later.id && again.id != whole.id)
        bench.time.advance(seconds: 2 * 3600)
        #expect(try await bench.scans.startScan(folder, unlessSince: bench.time.wall).scan.id != again.id)
    }

    @Test("A scan that waits behind all others, or found no root, is not enough", arguments: Engine.available)
    func inVain(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.scans.addLibraryRoot(Self.music)
        var whole = NewScan(path: Self.music, mode: .quick, priority: .low, until: .vector, cause: .schedule)
        let low = try await bench.scans.startScan(whole, unlessSince: 0)
        #expect(low.isNew)
        let folder = try await bench.scans.startScan(Self.scan("/music/a"), unlessSince: 0)
        #expect(folder.isNew)
        #expect(try await bench.scans.startScan(whole, unlessSince: 0).scan.id == low.scan.id)
        whole.priority = .normal
        let normal = try await bench.scans.startScan(whole, unlessSince: 0)
        #expect(normal.isNew)
        #expect(try await bench.scans.startScan(Self.scan("/music/b"), unlessSince: 0).scan.id == normal.scan.id)
        let later = bench.time.wall + 5
        for folders in [1, 0] {
            try await bench.execute(
                "UPDATE scan SET started_at = \(later), walked_at = \(later), folders = \(folders)")
            let next = try await bench.scans.startScan(Self.scan("/music/c"), unlessSince: bench.time.wall)
            #expect(next.isNew == (folders == 0))
        }
    }

    @Test("Of two servers that want the same scan, one starts it", arguments: Engine.available)
    func atOnce(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.scans.addLibraryRoot(Self.music)
        let since = bench.time.wall
        let started = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask { try await bench.scans.startScan(Self.scan("/music"), unlessSince: since).scan.id }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(started.count == 1)
    }

    @Test("Schema 24 makes roots of before watched, and scans of before asked for", arguments: Engine.available)
    func migration(engine: Engine) async throws {
        let database = try await engine.openEmpty()
        let before = Migration.all.filter { $0.version < 24 }
        try await Migrator(database: database, migrations: before).up(now: 0)
        _ = try await database.write { connection in
            try connection.execute(
                "INSERT INTO library_root (path, created_at) VALUES (\(Self.music.bytes), 5)")
            try connection.execute(
                """
                INSERT INTO scan (uuid, path, root_path, mode, lane, until, accept_missing, created_at)
                VALUES ('one', \(Self.music.bytes), \(Self.music.bytes), 'quick', 1, 'vector', 0, 7)
                """)
        }
        let migrator = Migrator(database: database)
        try await migrator.up(now: 0)
        let stores = try await QueueBench(database).stores
        let root = try #require(try await stores.scans.rootUpkeeps().first)
        #expect(root.upkeep == .usual && root.lastScanAt == 7 && root.wasScanned && root.isBeingScanned)
        #expect(try await stores.scans.scan(id: "one").cause == .request)
        try await migrator.down(to: 23)
        #expect(try await database.read { try $0.first("SELECT count(*) FROM scan") { $0.int(0) } } == 1)
        try await migrator.up(now: 0)
        #expect(try await stores.scans.rootUpkeeps().count == 1)
    }
}

@Suite("Scans of a folder without those in it")
struct ShallowScanTests {
    @Test(
        "Files of the folder come and go; what lies in folders that are there stays, in those that are gone it goes",
        arguments: Engine.available)
    func comparison(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        try await lab.scan([
            "/music": 0..<10, "/music/kept": 10..<20, "/music/kept/in": 20..<30, "/music/gone/in": 30..<32,
        ])
        let ids = try await lab.trackIDs()
        _ = try await lab.startShallowScan("/music")
        try await lab.walkShallow("/music", Array(1..<10) + [40], folders: ["/music/kept"])
        try await lab.index()
        let root = try #require(try await lab.stores.scans.libraryRootStatuses().first)
        #expect(root.tracks == 30 && root.missing == 3)
        let after = try await lab.trackIDs()
        #expect(after["/music/40.flac"] != nil && after["/music/kept/10.flac"] == ids["/music/kept/10.flac"])
        #expect(try await lab.number("SELECT COUNT(*) FROM track WHERE state = 1") == 3)
        #expect(root.lastScan?.path == FilePath("/music") && root.lastScan?.cause == .request)
    }

    @Test("A file that came up from a folder in it, which is not listed, keeps its track", arguments: Engine.available)
    func movedUp(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        try await lab.scan(["/music": 0..<5, "/music/cd": 5..<10])
        let ids = try await lab.trackIDs()
        _ = try await lab.startShallowScan("/music")
        try await lab.walkShallow("/music", 0..<6, folders: ["/music/cd"], gone: ["/music/cd/5.flac"])
        try await lab.index()
        let after = try await lab.trackIDs()
        #expect(after["/music/5.flac"] == ids["/music/cd/5.flac"] && after["/music/cd/5.flac"] == nil)
        #expect(try await lab.stores.catalogue.totals().missing == 0)
    }

    @Test(
        "More than a third of the root at once is not believed of a single folder either", arguments: Engine.available)
    func guarded(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        try await lab.scan(["/music": 0..<6, "/music/cd": 6..<10])
        let scan = try await lab.startShallowScan("/music")
        try await lab.walkShallow("/music", 0..<0, folders: ["/music/cd"])
        #expect(try await lab.stores.catalogue.totals().missing == 0)
        #expect(try await lab.stores.scans.scan(id: scan.id).notice?.contains("6 of the 10 tracks") == true)
    }

    @Test("What was cut off in other folders is left to their scans", arguments: Engine.available)
    func chains(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        try await lab.scan(["/music": 0..<2, "/music/cd": 2..<5])
        // Everything was indexed, nothing heard.
        #expect(try await lab.number("SELECT COUNT(*) FROM task WHERE kind = 'analyze_audio'") == 0)
        _ = try await lab.startShallowScan("/music")
        try await lab.walkShallow("/music", 0..<2, folders: ["/music/cd"])
        #expect(try await lab.number("SELECT COUNT(*) FROM task WHERE kind = 'analyze_audio'") == 2)
    }
}
