import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("Copying a database")
struct CopyTests {
    /// A catalogue with hostile names and tags, a cover, a missing file and a refused one.
    static func library(_ engine: Engine) async throws -> CatalogueBench {
        let bench = try await CatalogueBench(engine)
        for (number, text) in CatalogueHostileTests.texts.enumerated() {
            bench.put("/music/\(number % 3)/\(number) é\n'\".flac", content: number == 3 ? "silence" : nil) {
                metadata in
                (metadata.title, metadata.artists, metadata.genres) = (text, [text, "Björk"], [text])
                (metadata.album, metadata.albumArtists) = ("Album \(number % 4)", [text])
                metadata.bpm = -0.0
            }
        }
        bench.put(
            "/music/cover.flac",
            cover: CoverImage(hash: "abc", mediaType: "image/png", data: [0, 255, 0, 1]))
        bench.put("/music/gone.flac")
        try await bench.scan()
        bench.disk.removeValue(forKey: "/music/gone.flac")
        bench.disk.removeValue(forKey: "/music/0/0 é\n'\".flac")
        let payload = IndexFilePayload(
            filePath: FilePath("/music/bad.flac"), rootPath: nil, scanID: nil, priority: nil, size: 1, mtimeNs: 1)
        let catalogue = bench.catalogue
        _ = try await bench.database.write {
            try catalogue.recordDeath(
                of: .indexFile(payload), failure: Failure(.corruptFile, "it\u{0}broke"), now: 1, in: $0)
        }
        try await bench.scan()
        return bench
    }

    static func digests(_ database: any Database) async throws -> [TableDigest] {
        try await database.read { try TableDigest.all(on: $0) }
    }

    @Test("A library that went to the other engine and back is the library that it was", arguments: Engine.available)
    func roundTrip(engine: Engine) async throws {
        let bench = try await Self.library(engine)
        let far = try await (engine == .sqlite ? Engine.available.last ?? .sqlite : .sqlite).open()
        let back = try await engine.open()
        let sent = try await DatabaseCopy(from: bench.database, to: far).run(now: 1)
        let returned = try await DatabaseCopy(from: far, to: back).run(now: 1)
        #expect(sent.map(\.checksum) == returned.map(\.checksum))
        #expect(sent.first { $0.table == "track" }?.rows == CatalogueHostileTests.texts.count + 2)
        try TableDigest.compare(await Self.digests(bench.database), await Self.digests(back))
        #expect(try await CatalogueDump.lines(of: bench.database) == CatalogueDump.lines(of: back))
        let found = try await bench.catalogue.search("bjork", limit: 100)
        let foundFar = try await DatabaseCatalogue(database: far).search("bjork", limit: 100)
        #expect(!found.isEmpty && Set(found.map(\.id)) == Set(foundFar.map(\.id)))
    }

    @Test("The list names every table of the schema", arguments: Engine.available)
    func everyTable(engine: Engine) async throws {
        let tables = try await engine.open().read { connection in
            let query: Query =
                connection.dialect == .sqlite
                ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                : """
                SELECT CAST(relname AS text) FROM pg_class
                WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
                """
            return try connection.all(query) { $0.text(0) ?? "" }
        }
        let followed = tables.filter { !$0.hasPrefix("sqlite_") && !$0.hasPrefix("track_search") }
        #expect(Set(followed) == Set(StoredTable.all.map(\.name)).union(["schema_migration"]))
    }

    @Test("The queue comes along; what was running is ready and charged with nothing", arguments: Engine.available)
    func queue(engine: Engine) async throws {
        let source = try await QueueBench(engine)
        try await source.register()
        let scan = try await source.startScan()
        var ids: [Int64] = []
        for number in 0..<5 { ids.append(try await source.submitIndex("\(number).flac")) }
        let late = try await source.submitNoop(runAt: Int64.max / 2)
        let leased = try await source.lease(max: 3, kinds: [.indexFile: 1])
        #expect(leased.count == 3)
        let done = try #require(leased.first)
        try await source.complete([done])

        for other in Engine.available {
            let database = try await other.open()
            _ = try await DatabaseCopy(from: source.database, to: database).run(now: 1)
            let target = try await QueueBench(database)
            for id in ids where id != done.lease.taskID {
                let task = try await target.tasks.task(id: id).task
                #expect(task.state == .ready)
                #expect(try await target.number("SELECT failures + crashes FROM task WHERE id = \(id)") == 0)
            }
            #expect(try await target.state(done.lease.taskID) == .done)
            #expect(try await target.state(late) == .scheduled)
            #expect(try await target.scans.scan(id: scan.id).id == scan.id)
            #expect(try await target.tasks.workers().allSatisfy { !$0.isAlive })
            try await target.register(2)
            #expect(
                Set(try await target.lease(2, kinds: [.indexFile: 1]).map(\.lease.taskID))
                    == Set(ids).subtracting([done.lease.taskID]))
            #expect(try await target.submitNoop() > late)
        }
    }

    @Test(
        "History that is brought to a server lies in the tables of its days, and goes with them",
        .enabled(if: TestCluster.shared != nil))
    func history() async throws {
        let source = try await QueueBench(.sqlite)
        try await source.register()
        for _ in 0..<3 {
            try await source.submitNoop()
            try await source.complete(source.lease(kinds: [.noop: 1]))
        }
        try await source.execute("UPDATE task_run SET finished_at = finished_at + task_id * 86400000000")
        let target = try await Engine.postgres.open()
        _ = try await DatabaseCopy(from: source.database, to: target).run(now: 1)
        let (days, stray) = try await target.read { connection in
            (
                try HistoryPartitions.days(connection).count,
                try connection.first("SELECT COUNT(*) FROM task_run_other") { $0.int(0) } ?? nil
            )
        }
        #expect(days == 3 && stray == 0)
    }

    @Test("A source of a newer schema is not copied: its new tables would be left behind", arguments: Engine.available)
    func newerSource(engine: Engine) async throws {
        let source = try await engine.open()
        _ = try await source.write {
            try $0.execute(
                "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (999, 'later', 'x', 1)")
        }
        let target = try await Engine.sqlite.openEmpty()
        let error = await #expect(throws: TransferError.self) {
            try await DatabaseCopy(from: source, to: target).run(now: 1)
        }
        #expect(error?.description.contains("schema 999") == true)
    }

    @Test("An id that was given is not given again, though its row is gone", arguments: Engine.available)
    func numbering(engine: Engine) async throws {
        let source = try await QueueBench(engine)
        var last: Int64 = 0
        for _ in 0..<3 { last = try await source.submitNoop() }
        try await source.execute("DELETE FROM task")
        for other in Engine.available {
            let database = try await other.open()
            _ = try await DatabaseCopy(from: source.database, to: database).run(now: 1)
            #expect(try await QueueBench(database).submitNoop() > last)
        }
    }

    @Test("A target with a single row is refused and stays as it is", arguments: Engine.available)
    func notEmpty(engine: Engine) async throws {
        let bench = try await CatalogueBench(.sqlite)
        bench.put("/music/a.flac")
        try await bench.scan()
        let target = try await engine.open()
        _ = try await target.write { try $0.execute("INSERT INTO catalogue_counter (name, value) VALUES ('x', 1)") }
        await #expect(throws: TransferError.notEmpty(table: "catalogue_counter")) {
            try await DatabaseCopy(from: bench.database, to: target).run(now: 1)
        }
        #expect(try await Self.digests(target).filter { $0.rows > 0 }.map(\.table) == ["catalogue_counter"])
    }

    @Test("A copy that breaks in the middle leaves an empty target", arguments: Engine.available)
    func broken(engine: Engine) async throws {
        let bench = try await Self.library(.sqlite)
        let target = try await engine.open()
        // The text index is made last, and cannot read this one.
        _ = try await bench.database.write {
            try $0.execute("UPDATE track SET details = 'no json' WHERE id = (SELECT MAX(id) FROM track)")
        }
        await #expect(throws: (any Error).self) {
            try await DatabaseCopy(from: bench.database, to: target).run(now: 1)
        }
        #expect(try await Self.digests(target).allSatisfy { $0.rows == 0 })
    }

    @Test("One changed value changes the checksum of its table alone", arguments: Engine.available)
    func checksum(engine: Engine) async throws {
        let bench = try await Self.library(engine)
        let before = try await Self.digests(bench.database)
        _ = try await bench.database.write { try $0.execute("UPDATE artist SET sort_name = '' WHERE name = 'Björk'") }
        let after = try await Self.digests(bench.database)
        #expect(zip(before, after).filter { !$0.holdsTheSame(as: $1) }.map(\.0.table) == ["artist"])
        #expect(throws: TransferError.self) { try TableDigest.compare(before, after) }
    }

    @Test("A living worker keeps others off its database", arguments: Engine.available)
    func inUse(engine: Engine) async throws {
        let database = try await engine.open()
        try await DatabaseUse.check(database)
        let leaseClock = LeaseClock.suiting(database.dialect)
        _ = try await database.write { connection in
            let now = try connection.serverTime() ?? leaseClock.now()
            try connection.execute(
                """
                INSERT INTO worker (id, registration, boot_id, has_lock, lease_until, started_at, seen_at)
                VALUES (7, '{}', \(leaseClock.bootID), 0, \(now + 60_000_000), 1, 1)
                """)
        }
        await #expect(throws: TransferError.self) { try await DatabaseUse.check(database) }
        _ = try await database.write { try $0.execute("UPDATE worker SET lease_until = 1") }
        try await DatabaseUse.check(database)
    }
}
