import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// Many at once on the same rows. Nobody sees a deadlock, nothing is written twice, and the end is the same as one after
/// the other.
@Suite struct SideBySideTests {
    private static let workers = 8

    @Test(
        "Eight workers index the same artists and albums at once: no error, and the same catalogue as in a row",
        .timeLimit(.minutes(2)), arguments: Engine.available)
    func sharedArtists(engine: Engine) async throws {
        let batches = (0..<Self.workers * 4).map(Self.batch)
        let plain = try await CatalogueBench(engine)
        for batch in batches { try await Self.apply(batch, plain.database) }
        let busy = try await CatalogueBench(engine)
        let database = busy.database
        try await withThrowingTaskGroup { group in
            for worker in 0..<Self.workers {
                group.addTask {
                    for batch in batches.enumerated() where batch.offset % Self.workers == worker {
                        try await Self.apply(batch.element, database)
                    }
                }
            }
            try await group.waitForAll()
        }
        let (expected, found) = (
            try await CatalogueDump.lines(of: plain.database), try await CatalogueDump.lines(of: database)
        )
        #expect(Set(expected).symmetricDifference(found).sorted() == [])
        #expect(expected.count == found.count)
    }

    /// Ten files; every batch names all artists and albums, each in another order.
    private static func batch(_ number: Int) -> [IndexCompleteOutcome] {
        var random = SplitMix64(seed: UInt64(number))
        let names = ["Anna", "Björk", "Can", "Dido", "Enya"].shuffled(using: &random)
        let albums = ["One", "Two", "Three"].shuffled(using: &random)
        return (0..<10).map { file in
            var metadata = TrackMetadata()
            metadata.title = "Song \(number) \(file)"
            (metadata.artists, metadata.albumArtists) = ([names[file % 5], names[(file + 1) % 5]], [names[file % 5]])
            (metadata.album, metadata.genres) = (albums[file % 3], ["Pop", "Jazz"].shuffled(using: &random))
            return IndexCompleteOutcome(
                filePath: FilePath("/music/\(file % 4)/\(number) \(file).flac"), rootPath: FilePath("/music"),
                facts: FileFacts(size: 1, mtimeNs: 1000, inode: Int64(number * 100 + file), device: 1),
                metadata: metadata, properties: AudioProperties(codec: "flac"),
                cover: CatalogueOrderTests.cover(file % 2))
        }.shuffled(using: &random)
    }

    @Test("Workers that learn of the same files at once, each in another order, never wait for each other in a ring")
    func sameFiles() async throws {
        let base = try await Engine.postgres.open()
        let files = (0..<200).map { Self.file($0, mtime: 1) }
        for part in 0..<10 { try await Self.apply(Array(files[part * 20..<part * 20 + 20]), base) }
        let strict = StrictDatabase(try #require(base as? DisposableDatabase))
        for round in Int64(0)..<10 {
            try await withThrowingTaskGroup { group in
                for worker in 0..<Self.workers {
                    group.addTask {
                        var random = SplitMix64(seed: UInt64(round) * 100 + UInt64(worker))
                        let again = (0..<200).map { Self.file($0, mtime: 1 + round * Int64(worker % 2)) }
                        try await Self.apply(again.shuffled(using: &random), strict)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private static func file(_ number: Int, mtime: Int64) -> IndexCompleteOutcome {
        IndexCompleteOutcome(
            filePath: FilePath("/music/\(number % 7)/\(number).flac"), rootPath: FilePath("/music"),
            facts: FileFacts(size: 1, mtimeNs: mtime, inode: Int64(number), device: 1), metadata: TrackMetadata(),
            properties: AudioProperties(codec: "flac"), cover: nil)
    }

    private static func apply(_ outcomes: [IndexCompleteOutcome], _ database: any Database) async throws {
        let catalogue = DatabaseCatalogue(database: database)
        let completions = outcomes.enumerated().map { number, outcome in
            Completion(
                taskID: Int64(number),
                payload: .indexFile(
                    IndexFilePayload(
                        filePath: outcome.filePath, rootPath: outcome.rootPath, scanID: nil, priority: nil)),
                outcome: .indexComplete(outcome), priority: .normal, scope: nil)
        }
        _ = try await database.write { try catalogue.apply(completions, now: 1, in: $0) }
    }

    @Test(
        "Files that all lose their tags at once leave nothing behind", .timeLimit(.minutes(2)),
        arguments: Engine.available)
    func sharedLoss(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let database = bench.database
        let batches = (0..<Self.workers).map(Self.batch)
        for batch in batches { try await Self.apply(batch, database) }
        try await withThrowingTaskGroup { group in
            for batch in batches {
                group.addTask {
                    let bare = batch.map { outcome in
                        IndexCompleteOutcome(
                            filePath: outcome.filePath, rootPath: outcome.rootPath,
                            facts: FileFacts(size: 2, mtimeNs: 2000, inode: outcome.facts.inode, device: 1),
                            metadata: TrackMetadata(), properties: outcome.properties, cover: nil)
                    }
                    try await Self.apply(bare, database)
                }
            }
            try await group.waitForAll()
        }
        let totals = try await bench.catalogue.totals()
        #expect(totals.artists == 0 && totals.albums == 0 && totals.covers == 0)
        #expect(totals.tracks == Self.workers * 10)
        let left = try await database.read { try $0.first("SELECT count(*) FROM tally") { $0.int(0) } ?? nil }
        #expect(left == 0)
    }

    @Test("Eight workers drain one queue: each task once", .timeLimit(.minutes(2)), arguments: Engine.available)
    func drain(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.tasks.fillNoops(count: 1000)
        try await bench.tasks.loadNoops(count: 1000)
        for worker in 1...Self.workers { try await bench.register(Int64(worker)) }
        let done = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for worker in 1...Self.workers {
                group.addTask {
                    var done: [Int64] = []
                    while case let tasks = try await bench.lease(Int64(worker), max: 30), !tasks.isEmpty {
                        let verdicts = try await bench.complete(tasks, worker: Int64(worker))
                        #expect(verdicts.allSatisfy { $0 == .accepted })
                        done += tasks.map(\.lease.taskID)
                    }
                    return done
                }
            }
            return try await group.reduce(into: [Int64]()) { $0 += $1 }
        }
        #expect(done.count == 2000 && Set(done).count == 2000)
        #expect(try await bench.number("SELECT count(*) FROM effect WHERE count = 1") == 2000)
        #expect(try await bench.number("SELECT count(*) FROM task") == 0)
    }

    @Test("The same request sent eight times at once is one task with one answer", arguments: Engine.available)
    func idempotence(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<Self.workers {
                group.addTask {
                    try await bench.tasks.submit(
                        NewTask(payload: .noop, priority: .normal), idempotencyKey: "once"
                    ).id
                }
            }
            return try await group.reduce(into: [Int64]()) { $0.append($1) }
        }
        #expect(Set(ids).count == 1)
        #expect(try await bench.number("SELECT count(*) FROM task") == 1)
        await #expect(throws: StoreError.conflict("the idempotency key was used for another request")) {
            try await bench.tasks.submit(NewTask(payload: .noop, priority: .high), idempotencyKey: "once")
        }
    }

    @Test("Eight tasks with one dedupe key are one", arguments: Engine.available)
    func dedupe(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<Self.workers { group.addTask { try await bench.submitNoop(key: "same") } }
            return try await group.reduce(into: [Int64]()) { $0.append($1) }
        }
        #expect(Set(ids).count == 1)
        #expect(try await bench.number("SELECT count(*) FROM task") == 1)
    }

    @Test("Two scans end once, however many look", arguments: Engine.available)
    func scanEnd(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let scan = try await bench.startScan()
        try await bench.complete(try await bench.lease())
        let ended = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<Self.workers { group.addTask { await bench.housekeeper.tick().finishedScans } }
            return await group.reduce(into: [String]()) { $0 += $1 }
        }
        #expect(ended == [scan.id])
    }

    @Test(
        "A reader of vector changes misses none that is committed late", .timeLimit(.minutes(1)),
        arguments: Engine.available)
    func vectorOrder(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<40 { bench.put("/music/\(number).flac") }
        try await bench.scan(until: .index)
        let (catalogue, database) = (bench.catalogue, bench.database)
        let tracks = try await catalogue.tracks(TrackFilter(), page: PageRequest(limit: 100)).items.map(\.id)
        let reading = Task {
            var (seen, last): (Set<Int64>, Int64) = ([], 0)
            while seen.count < tracks.count, !Task.isCancelled {
                for change in try await catalogue.vectorChanges(model: "acoustic-v1", after: last, limit: 3) {
                    seen.insert(change.trackID)
                    last = change.sequence
                }
            }
            return seen
        }
        try await withThrowingTaskGroup { group in
            for worker in 0..<Self.workers {
                group.addTask {
                    for track in tracks where Int(track) % Self.workers == worker {
                        try await database.write { connection in
                            var batch = CatalogueBatch(connection: connection, now: 1)
                            batch.vectorChanged(track)
                            try batch.flush()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await reading.value == Set(tracks))
    }
}
