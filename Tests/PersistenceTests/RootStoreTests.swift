import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("Library roots")
struct RootStoreTests {
    @Test(
        "A root tells how many tracks it has, how many are missing, and of its last scan", arguments: Engine.available)
    func statuses(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        try await lab.stores.scans.addLibraryRoot(FilePath("/music-of-others"))
        try await lab.scan(["/music/a": 0..<6, "/music/b": 6..<8])
        try await lab.scan(["/music/a": 0..<5, "/music/b": 6..<8])
        let roots = try await lab.stores.scans.libraryRootStatuses()
        #expect(roots.map(\.path.display) == ["/music", "/music-of-others"])
        #expect(roots[0].tracks == 7 && roots[0].missing == 1)
        #expect(roots[0].lastScan?.state == .finished && roots[0].lastScan?.path == FilePath("/music"))
        #expect(roots[1].tracks == 0 && roots[1].missing == 0 && roots[1].lastScan == nil)
    }

    @Test("A root that is removed leaves its tracks as missing, and they are back with it", arguments: Engine.available)
    func removal(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        let tree = Dictionary(uniqueKeysWithValues: (0..<120).map { ("/music/\($0)", $0 * 2..<$0 * 2 + 2) })
        try await lab.scan(tree)
        let ids = try await lab.trackIDs()
        #expect(ids.count == 240)
        let root = try #require(try await lab.stores.scans.libraryRootStatuses().first)
        let open = try await lab.startScan()
        try await lab.stores.scans.removeLibraryRoot(id: root.id)
        #expect(try await lab.stores.scans.libraryRoots().isEmpty)
        #expect(try await lab.stores.scans.scan(id: open.id).state == .cancelled)
        let totals = try await lab.stores.catalogue.totals()
        #expect(totals.tracks == 0 && totals.missing == 240)
        await #expect(throws: StoreError.self) { try await lab.startScan() }
        await #expect(throws: StoreError.self) { try await lab.stores.scans.removeLibraryRoot(id: root.id) }
        try await lab.stores.scans.addLibraryRoot(FilePath("/music"))
        try await lab.scan(tree)
        #expect(try await lab.stores.catalogue.totals().tracks == 240)
        #expect(try await lab.trackIDs() == ids, "each is the track that it was")
    }

    @Test("A removal that breaks off is begun anew, and the root stays until then", arguments: Engine.available)
    func interrupted(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        try await lab.scan(Dictionary(uniqueKeysWithValues: (0..<120).map { ("/music/\($0)", $0..<$0 + 1) }))
        let root = try #require(try await lab.stores.scans.libraryRootStatuses().first)
        // The first write takes its watch and its schedule away.
        lab.database.die(afterWrites: 2)
        await #expect(throws: (any Error).self) { try await lab.stores.scans.removeLibraryRoot(id: root.id) }
        lab.database.revive()
        let half = try #require(try await lab.stores.scans.libraryRootStatuses().first)
        #expect(half.tracks > 0 && half.missing > 0)
        try await lab.stores.scans.removeLibraryRoot(id: root.id)
        #expect(try await lab.stores.catalogue.totals().missing == 120)
    }

    @Test("What a scan's task brings home after its root was removed is not taken", arguments: Engine.available)
    func late(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        _ = try await lab.startScan()
        try await lab.walk(["/music/a": 0..<3])
        let root = try #require(try await lab.stores.scans.libraryRootStatuses().first)
        try await lab.stores.scans.removeLibraryRoot(id: root.id)
        try await lab.index()
        #expect(try await lab.stores.catalogue.totals().tracks == 0)
    }

    @Test("One root is told as in the list of all", arguments: Engine.available)
    func one(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        try await lab.stores.scans.addLibraryRoot(FilePath("/other"))
        try await lab.scan(["/music/a": 0..<6])
        let roots = try await lab.stores.scans.libraryRootStatuses()
        for root in roots { #expect(try await lab.stores.scans.libraryRootStatus(id: root.id) == root) }
        await #expect(throws: StoreError.self) { try await lab.stores.scans.libraryRootStatus(id: 4711) }
    }

    @Test("Upkeep is kept for each root, and is gone with it", arguments: Engine.available)
    func upkeep(engine: Engine) async throws {
        let scans = try await ScanLab(engine).stores.scans
        try await scans.addLibraryRoot(FilePath("/other"))
        let (music, other) = (try await scans.rootUpkeeps()[0], try await scans.rootUpkeeps()[1])
        #expect(music.upkeep == .usual && other.upkeep == .usual)
        let wanted = RootUpkeep(watches: false, schedule: .daily(minute: 210))
        try await scans.setUpkeep(wanted, ofRoot: other.id)
        #expect(try await scans.rootUpkeeps().map(\.upkeep) == [.usual, wanted])
        #expect(try await scans.libraryRootStatus(id: other.id).upkeep == wanted)
        try await scans.addLibraryRoot(FilePath("/other"))
        #expect(try await scans.libraryRootStatus(id: other.id).upkeep == wanted, "it was there already")
        try await scans.removeLibraryRoot(id: other.id)
        await #expect(throws: StoreError.self) { try await scans.setUpkeep(wanted, ofRoot: other.id) }
        try await scans.addLibraryRoot(FilePath("/other"))
        #expect(try await scans.rootUpkeeps().map(\.upkeep) == [.usual, .usual])
    }

    @Test(
        "What a watcher or a schedule wants of a root that is gone is refused, and does not bring it back",
        arguments: Engine.available)
    func watchedAndRemoved(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        let scans = lab.stores.scans
        try await lab.scan(["/music/a": 0..<3])
        let root = try #require(try await scans.libraryRootStatuses().first)
        // Seen before the removal and waiting when it comes: it is cancelled with it.
        let seen = try await scans.startScan(Self.wish("/music/a", .watch), unlessSince: .max).scan
        try await scans.removeLibraryRoot(id: root.id)
        #expect(try await scans.scan(id: seen.id).state == .cancelled)
        for cause in [Scan.Cause.watch, .schedule] {
            let error = await #expect(throws: StoreError.self) {
                try await scans.startScan(Self.wish("/music/a", cause), unlessSince: .max)
            }
            guard case .preconditionFailed = error else {
                Issue.record("\(cause): \(String(describing: error))")
                continue
            }
        }
        #expect(try await scans.libraryRoots().isEmpty)
        #expect(try await scans.rootUpkeeps().isEmpty)
        let totals = try await lab.stores.catalogue.totals()
        #expect(totals.tracks == 0 && totals.missing == 3)
    }

    private static func wish(_ path: String, _ cause: Scan.Cause) -> NewScan {
        NewScan(
            path: FilePath(path), mode: .quick, priority: .normal, until: .index, isShallow: cause == .watch,
            cause: cause)
    }
}
