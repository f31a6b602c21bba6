import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// How the server carries out what runs all the time, with plans that are made once and kept: whether the tables were
/// empty or full then, no part of the queue may be read from end to end.
@Suite struct PostgresPlanTests {
    private static let kinds: [(key: TaskKind, value: Int)] = [(.indexFile, 1), (.noop, 1), (.scanLibrary, 1)]
    private static let marks = [ClaimMarks.Lane(kind: TaskKind.indexFile.rawValue, lane: 1): Int64(40)]

    private static var queries: [Query] {
        let claim = QueueTransaction.isCandidate(kinds, limit: 100, quarantined: false, after: marks, .postgres)
        return [
            "UPDATE task SET state = 'running' WHERE \(claim)",
            "UPDATE task SET state = 'running' WHERE \(QueueTransaction.isCandidate(kinds, limit: 1, quarantined: true, after: [:], .postgres))",
            QueueTransaction.removal(Array(1...100), token: 7, now: 1),
            QueueTransaction.dueTasks(now: 1, limit: 10),
            Rescue.overdueTasks(now: 1),
            Rescue.silentWorkers("server", now: 1),
            ScanEnd.cancelledWithWaitingTasks,
            "SELECT id FROM task WHERE id \(.among([1, 2, 3], .postgres)) ORDER BY id FOR UPDATE",
            "SELECT id FROM task WHERE dedupe_key = \("key")",
            "SELECT 1 FROM task WHERE state = 'ready' AND kind = \("noop") LIMIT 1",
            "SELECT kind, count(*) FROM task WHERE state = 'ready' GROUP BY kind",
            "SELECT run FROM task_run WHERE task_id = \(7) ORDER BY run",
        ]
    }

    /// The rest of a batch, or a full lane beside an empty one, is not read to find those that are meant.
    @Test("Tasks are claimed in the order of their lane and settled by their ids", arguments: [0, 300, 20_000])
    func readsOnlyWhatIsMeant(rows: Int) async throws {
        let bench = try await QueueBench(.postgres)
        if rows > 0 { try await bench.tasks.loadNoops(count: rows) }
        try await bench.execute("ANALYZE")
        let claim = QueueTransaction.lockedCandidates(
            Self.kinds, limit: 100, quarantined: false, after: Self.marks)
        let removal = QueueTransaction.removal(Array(1...100), token: 7, now: 1)
        for (query, index) in [(claim, "task_ready"), (removal, "task_pkey")] {
            let plan = try await bench.keptPlan(of: query, name: index)
            let reads = plan.filter { $0.contains("Scan using") || $0.contains("Scan on task") }
            #expect(
                !reads.isEmpty && reads.allSatisfy { $0.contains("Index Scan using \(index) ") },
                "\(plan.joined(separator: "\n"))")
        }
    }

    @Test("Plans that are kept read no queue table from end to end", arguments: [0, 20_000])
    func keptPlans(rows: Int) async throws {
        let bench = try await QueueBench(.postgres)
        if rows > 0 { try await bench.tasks.loadNoops(count: rows) }
        try await bench.execute("ANALYZE")
        for (number, query) in Self.queries.enumerated() {
            let plan = try await bench.keptPlan(of: query, name: "guard_\(number)")
            for table in ["task", "task_run"] {
                let isWhole = plan.contains {
                    $0.hasSuffix("Seq Scan on \(table)") || $0.contains("Seq Scan on \(table) ")
                }
                #expect(!isWhole, "\(query.sql)\n\(plan.joined(separator: "\n"))")
            }
        }
    }
}

extension QueueBench {
    /// The generic plan, as a session keeps it after some executions.
    fileprivate func keptPlan(of query: Query, name: String) async throws -> [String] {
        let types = query.binds.map { value in
            switch value {
            case .null, .text: "text"
            case .integer: "bigint"
            case .double: "double precision"
            case .bytes: "bytea"
            case .integers: "bigint[]"
            }
        }
        let values = query.binds.map { value in
            switch value {
            case .integer(let number): "\(number)"
            case .text(let text): "'\(text)'"
            case .integers(let list): "ARRAY\(list)"
            default: "NULL"
            }
        }
        let list = types.isEmpty ? "" : "(\(types.joined(separator: ", ")))"
        let prepare = Query(stringLiteral: "PREPARE \(name) \(list) AS \(PostgresSQL.numbered(query.sql))")
        let call = values.isEmpty ? "" : "(\(values.joined(separator: ", ")))"
        let explain = Query(stringLiteral: "EXPLAIN EXECUTE \(name)\(call)")
        return try await database.write { connection in
            try connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            if query.sql.contains("LIMIT 1000 FOR UPDATE") { try connection.execute(QueueTransaction.withoutSorting) }
            try connection.execute(prepare)
            return try connection.all(explain) { $0.text(0) ?? "" }
        }
    }
}
