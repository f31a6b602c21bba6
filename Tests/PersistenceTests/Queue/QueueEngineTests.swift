import Contracts
import Domain
import Foundation
import Testing
import UseCases

@testable import Persistence

/// What depends on the engine under the queue: query plans, several processes, a full disk.
@Suite struct QueueEngineTests {
    /// Plans of the queries that run all the time must not read more than they answer.
    @Test("Claim, promotion, rescue and end of scan read their own small index")
    func plans() async throws {
        let bench = try await QueueBench(.sqlite)
        for index in 0..<200 { try await bench.submitIndex("\(index)") }
        try await bench.execute("ANALYZE")
        let kinds: [(key: TaskKind, value: Int)] = [(.indexFile, 1), (.noop, 1)]
        let expected: [(Query, String)] = [
            (QueueTransaction.candidates(kinds, limit: 10, quarantined: false), "task_ready"),
            (QueueTransaction.candidates(kinds, limit: 1, quarantined: true), "task_ready"),
            (QueueTransaction.dueTasks(now: 1, limit: 10), "task_later"),
            (Rescue.overdueTasks(now: 1), "task_running"),
            (Rescue.silentWorkers("boot", now: 1), "task_running"),
            ("SELECT id \(ScanEnd.due)", "scan_open"),
            (ScanEnd.cancelledWithWaitingTasks, "task_scan"),
            (TaskFollowers(parent: 7, kind: .analyzeAudio, scan: 1).query, "task_scan (scan_id=? AND kind=?"),
            ("SELECT kind, count(*) FROM task WHERE state = 'ready' GROUP BY kind", "task_ready"),
        ]
        for (query, index) in expected {
            let plan = try await plan(of: query, in: bench)
            #expect(plan.contains("INDEX \(index)"), "\(query.sql)\n\(plan)")
            #expect(!plan.contains("SCAN task\n"), "\(query.sql)\n\(plan)")
        }
        let claim = try await plan(of: expected[0].0, in: bench)
        #expect(claim.contains("SEARCH task USING INDEX task_ready (kind=? AND lane<?)"), "\(claim)")
    }

    /// Every list of tasks that the API offers. A table that is read from end to end would be named in a SCAN; the
    /// tasks that workers hold at this moment are few, and are all that may be read so.
    @Test("No list of tasks reads a whole table, whatever it is filtered by", arguments: [false, true])
    func listPlans(isAnalyzed: Bool) async throws {
        let bench = try await QueueBench(.sqlite, mintsChains: true)
        let scan = try await fill(bench)
        if isAnalyzed { try await bench.execute("ANALYZE") }
        var seen = 0
        for filter in Self.everyFilter {
            for before in [Int64.max, 100] {
                let listing = TaskListing(
                    filter: filter, scan: filter.scanID.map { _ in scan }, before: before, limit: 51)
                guard let query = listing.query else { continue }
                seen += 1
                let steps = try await plan(of: query, in: bench).split(separator: "\n")
                let scans = steps.filter { $0.hasPrefix("SCAN ") }.filter { step in
                    !["SCAN newest", "SCAN one_range", "SCAN task USING INDEX task_running"].contains(step)
                        && !step.hasPrefix("SCAN (subquery")
                }
                #expect(scans.isEmpty, "\(filter)\n\(steps.joined(separator: "\n"))")
                let isSorted = steps.contains { $0.contains("TEMP B-TREE") && !$0.contains("ORDER BY") }
                #expect(!isSorted, "\(filter)")
            }
        }
        #expect(seen > 300)
    }

    private static let everyFilter: [TaskFilter] = [nil, "a"].flatMap { scan in
        ([nil] + TaskState.allCases).flatMap { state in
            ([nil] + TaskKind.allCases).flatMap { kind in
                ([nil] + Role.allCases).map { TaskFilter(state: state, kind: kind, role: $0, scanID: scan) }
            }
        }
    }

    /// Tasks in every table; answers the row of their scan.
    private func fill(_ bench: QueueBench) async throws -> Int64 {
        try await bench.register()
        _ = try await bench.startScan()
        let walk = try await bench.lease()
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        _ = try await bench.broker.report([QueueBench.listing((0..<200).map(String.init))], lease: walk[0].lease)
        try await bench.complete(bench.lease(max: 60))
        _ = try await bench.settle(bench.lease(max: 20), .failed(Failure(.corruptFile, "broken")))
        _ = try await bench.settle(bench.lease(max: 5), .failed(Failure(.ioError, "not now")))
        return Int64(try await bench.number("SELECT id FROM scan"))
    }

    private func plan(of query: Query, in bench: QueueBench) async throws -> String {
        let explain: Query = "EXPLAIN QUERY PLAN " + query
        return try await bench.database.read { connection in
            try connection.all(explain) { $0.text(3) ?? "" }.joined(separator: "\n") + "\n"
        }
    }

    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sillon-queue-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test("Two brokers on one file share the work: all of it, each task once")
    func twoProcesses() async throws {
        let path = try folder().appending(path: "sillon.db").path
        let first = try SQLiteDatabase(path: path)
        try await Migrator(database: first).up(now: 0)
        let second = try SQLiteDatabase(path: path)
        let time = FakeTime()
        let one = try await QueueBench(first, seed: 1, time: time)
        let two = try await QueueBench(second, seed: 2, time: time, isFirst: false)
        try await one.register(1)
        try await two.register(2)
        try await one.tasks.fillNoops(count: 600)
        async let done = drain(one, worker: 1)
        async let doneToo = drain(two, worker: 2)
        let counts = try await [done, doneToo]
        #expect(counts[0] + counts[1] == 600)
        #expect(try await one.number("SELECT COUNT(*) FROM effect WHERE count = 1") == 600)
        #expect(try await two.number("SELECT COUNT(*) FROM task") == 0)
    }

    private func drain(_ bench: QueueBench, worker: Int64) async throws -> Int {
        var count = 0
        while true {
            let tasks = try await bench.lease(worker, max: 20)
            if tasks.isEmpty { return count }
            count += try await bench.complete(tasks, worker: worker).count { $0 == .accepted }
        }
    }

    @Test("A waiting lease sees what another process queued", .timeLimit(.minutes(1)))
    func foreignWakeUp() async throws {
        let path = try folder().appending(path: "sillon.db").path
        let here = try SQLiteDatabase(path: path)
        try await Migrator(database: here).up(now: 0)
        let bench = try await QueueBench(here)
        let there = try await QueueBench(SQLiteDatabase(path: path), isFirst: false)
        try await bench.register()
        async let waiting = bench.lease(wait: 50)
        try await there.register(2)
        let id = try await there.submitNoop()
        #expect(try await waiting.map(\.lease.taskID) == [id])
    }

    @Test("A full disk refuses new work, keeps the old, and goes on when there is space")
    func fullDisk() async throws {
        let bench = try await QueueBench(.sqlite)
        try await bench.register()
        let pages = try await bench.number("PRAGMA page_count")
        try await bench.limit(pages: pages + 4)
        var accepted = 0
        await #expect(throws: StoreError.outOfSpace("the disk that holds the database is full")) {
            while accepted < 10_000 {
                try await bench.submitNoop()
                accepted += 1
            }
        }
        #expect(accepted > 0)
        #expect(try await bench.number("SELECT COUNT(*) FROM task") == accepted)
        try await bench.limit(pages: 1_000_000)
        try await bench.submitNoop()
        var done = 0
        while case let tasks = try await bench.lease(), !tasks.isEmpty {
            try await bench.complete(tasks)
            done += tasks.count
        }
        #expect(done == accepted + 1)
        let check = try await bench.database.read { try $0.all("PRAGMA integrity_check") { $0.text(0) ?? "" } }
        #expect(check == ["ok"])
    }

    @Test("A new schema can be taken back and applied again", arguments: Engine.available)
    func migration(_ engine: Engine) async throws {
        let database = try await engine.open()
        let migrator = Migrator(database: database)
        try await migrator.down(to: 0)
        try await migrator.up(now: 0)
        let bench = try await QueueBench(database)
        try await bench.submitNoop()
    }
}

extension QueueBench {
    /// The writer's own limit: the next page beyond it is "disk full".
    fileprivate func limit(pages: Int) async throws {
        let pragma = Query(stringLiteral: "PRAGMA max_page_count = \(pages)")
        _ = try await database.write { try $0.all(pragma) { _ in } }
    }
}
