import Contracts
import Domain
import TestSupport
import Testing
import UseCases

@testable import Persistence

/// The queue and the catalogue on one database, with a worker that the test plays. Its process can die. Files are
/// numbers: `/music/a/7.flac` is the file 7, wherever it lies.
final class ScanLab {
    let database: MortalDatabase
    private(set) var stores: Stores
    private let time = FakeTime()
    private var worker: Int64 = 0

    init(_ engine: Engine) async throws {
        database = MortalDatabase(try await engine.open())
        stores = try Self.stores(database, time)
        try await stores.scans.addLibraryRoot(FilePath("/music"))
        try await register()
    }

    /// A new process on the same database, once the lease of the old one has ended.
    func restart() async throws {
        database.revive()
        stores = try Self.stores(database, time)
        time.advance(seconds: 1000)
        #expect(await stores.housekeeper.tick().rescued == 1)
        try await register()
    }

    private func register() async throws {
        worker += 1
        try await stores.broker.register(
            WorkerRegistration(
                id: worker, host: "test", processID: 1, roles: [.indexer], kinds: [.scanLibrary: 1, .indexFile: 1],
                slots: [:], version: "test"))
    }

    private static func stores(_ database: any Database, _ time: FakeTime) throws -> Stores {
        let random = SeededRandom(seed: 1)
        var housekeeping = Housekeeper.Options()
        housekeeping.graceSeconds = 0
        return try Stores(
            database: database, sink: nil, lockFolder: nil, clock: time.clock, leaseClock: time.leaseClock,
            random: { random.next() }, housekeeping: housekeeping)
    }

    // MARK: scans

    func startScan(_ path: String = "/music", until: Scan.Stage = .index) async throws -> Scan {
        time.advance(seconds: 1)
        return try await stores.scans.startScan(
            NewScan(path: FilePath(path), mode: .quick, priority: .normal, until: until), idempotencyKey: nil)
    }

    func scan(_ tree: [String: Range<Int>]) async throws {
        _ = try await startScan()
        try await walk(tree)
        try await index()
    }

    /// Every attempt at listening ends like this.
    func failAnalyses(_ failure: Failure, memoryBytes: Int64?) async throws {
        let settlements = try await lease(.analyzeAudio).map {
            Settlement(lease: $0.lease, result: .failed(failure), memoryBytes: memoryBytes)
        }
        _ = try await stores.broker.settle(settlements, worker: worker)
    }

    /// Reads the tags of all files that wait for it.
    func index(memoryBytes: Int64? = nil) async throws {
        while case let tasks = try await lease(.indexFile), !tasks.isEmpty {
            let settlements = try tasks.map { task in
                let payload = try TaskPayload.decode(kind: task.kind, version: task.version, json: task.payload)
                guard case .indexFile(let payload) = payload else { throw StoreError.fatal("not an index task") }
                return Settlement(
                    lease: task.lease, result: .completed(.indexComplete(Self.outcome(of: payload))),
                    memoryBytes: memoryBytes)
            }
            _ = try await stores.broker.settle(settlements, worker: worker)
        }
        _ = await stores.housekeeper.tick()
    }

    /// Runs the walk that waits in the queue over what lies in `tree`. The process may die while it carries out the
    /// end of the walk, after so many steps.
    func walk(_ tree: [String: Range<Int>], dyingAfterSteps steps: Int? = nil) async throws {
        let task = try #require(try await lease(.scanLibrary).first)
        let known = try await stores.broker.beginWalk(lease: task.lease)
        for (folder, numbers) in tree {
            let files = numbers.map { ListedFile(name: Array("\($0).flac".utf8), facts: Self.facts($0)) }
            let listing = FolderListing(path: FilePath(folder), files: files)
            #expect(try await stores.broker.report([listing], lease: task.lease) == .proceed(lookAt: []))
        }
        let seen = Set(tree.keys.map { FilePath($0) })
        let outcome = ScanCompleteOutcome(
            scanID: "", rootUnavailable: false,
            vanishedFolderIDs: known.filter { !seen.contains($0.path) }.map(\.id), problems: [])
        if let steps { database.die(afterWrites: steps) }
        let settlement = Settlement(lease: task.lease, result: .completed(.scanComplete(outcome)))
        #expect(try await stores.broker.settle([settlement], worker: worker) == [.accepted])
        _ = await stores.housekeeper.tick()
    }

    /// Of the folder alone.
    func startShallowScan(_ path: String) async throws -> Scan {
        time.advance(seconds: 1)
        return try await stores.scans.startScan(
            NewScan(path: FilePath(path), mode: .quick, priority: .normal, until: .vector, isShallow: true),
            idempotencyKey: nil)
    }

    /// Runs the walk that waits over one folder and the names of those in it.
    ///
    /// - Parameter gone: files that are known elsewhere, of which the walk is asked, and which it does not find.
    func walkShallow(
        _ folder: String, _ numbers: some Sequence<Int>, folders: Set<String>, gone: [String] = []
    ) async throws {
        let task = try #require(try await lease(.scanLibrary).first)
        let payload = try TaskPayload.decode(kind: task.kind, version: task.version, json: task.payload)
        guard case .scanLibrary(let payload) = payload else { throw StoreError.fatal("not a walk") }
        #expect(payload.isShallow == true && payload.path == FilePath(folder))
        let known = try await stores.broker.beginWalk(lease: task.lease)
        let files = numbers.map { ListedFile(name: Array("\($0).flac".utf8), facts: Self.facts($0)) }
        let listing = FolderListing(path: FilePath(folder), files: files)
        let suspects = gone.map { FilePath($0) }
        #expect(try await stores.broker.report([listing], lease: task.lease) == .proceed(lookAt: suspects))
        if !gone.isEmpty { _ = try await stores.broker.report([], gone: suspects, lease: task.lease) }
        let vanished = known.filter { known in
            known.path.display != folder && !folders.contains { FilePath($0).contains(known.path) }
        }
        let outcome = ScanCompleteOutcome(
            scanID: "", rootUnavailable: false, vanishedFolderIDs: vanished.map(\.id), problems: [])
        let settlement = Settlement(lease: task.lease, result: .completed(.scanComplete(outcome)))
        #expect(try await stores.broker.settle([settlement], worker: worker) == [.accepted])
        _ = await stores.housekeeper.tick()
    }

    private func lease(_ kind: TaskKind) async throws -> [LeasedTask] {
        try await stores.broker.lease(LeaseRequest(worker: worker, kinds: [kind: 1], max: 500, waitSeconds: 0))
    }

    private static func facts(_ number: Int) -> FileFacts {
        FileFacts(size: 1000 + Int64(number), mtimeNs: 7, inode: Int64(number), device: 1)
    }

    private static func outcome(of payload: IndexFilePayload) -> IndexCompleteOutcome {
        var metadata = TrackMetadata()
        metadata.title = payload.filePath.display
        metadata.album = "Album"
        let facts = FileFacts(
            size: payload.size ?? 0, mtimeNs: payload.mtimeNs ?? 0, inode: (payload.size ?? 0) - 1000, device: 1)
        return IndexCompleteOutcome(
            filePath: payload.filePath, rootPath: FilePath("/music"), facts: facts, metadata: metadata,
            properties: AudioProperties(codec: "flac"), cover: nil)
    }

    // MARK: the catalogue

    /// Rows as an index task would leave them, without what follows from them.
    func insertTracks(_ numbers: Range<Int>, in folder: String) async throws {
        _ = try await database.write { connection in
            let folderID = try connection.insert("INSERT INTO folder (path) VALUES (\(FilePath(folder).bytes))")
            for number in numbers {
                let (name, facts) = (Array("\(number).flac".utf8), Self.facts(number))
                _ = try connection.insert(
                    """
                    INSERT INTO track (folder_id, name, state, size, mtime_ns, inode, device, added_at, indexed_at,
                        codec, details)
                    VALUES (\(folderID), \(name), 0, \(facts.size), \(facts.mtimeNs), \(facts.inode), \(facts.device),
                        0, 0, 'flac', '')
                    """)
            }
        }
    }

    func trackIDs() async throws -> [String: Int64] {
        let rows = try await database.read { connection in
            try connection.all(
                "SELECT folder.path, track.name, track.id FROM track JOIN folder ON folder.id = folder_id"
            ) { row in
                (FilePath(bytes: row.bytes(0) ?? []).appending(row.bytes(1) ?? []).display, row.int(2) ?? 0)
            }
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    func number(_ query: Query) async throws -> Int {
        try await database.read { connection in try connection.first(query) { Int($0.int(0) ?? 0) } ?? 0 }
    }
}
