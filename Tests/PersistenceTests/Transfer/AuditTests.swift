import Domain
import Testing

@testable import Persistence

@Suite("The audit of a database")
struct AuditTests {
    /// Names of the checks that found something wrong.
    private static func problems(_ database: any Database) async throws -> [String] {
        try await DatabaseAudit(database: database).run().filter { $0.verdict == .problem }.map(\.check)
    }

    @Test("A library after scans, moves and a queue at work has nothing wrong", arguments: Engine.available)
    func sound(engine: Engine) async throws {
        let bench = try await CopyTests.library(engine)
        bench.move("/music/cover.flac", "/music/1/moved.flac")
        try await bench.scan()
        #expect(try await Self.problems(bench.database) == [])
        let queue = try await QueueBench(engine)
        try await queue.register()
        _ = try await queue.startScan()
        for _ in 0..<5 { try await queue.submitNoop() }
        try await queue.complete(queue.lease(max: 3, kinds: [.noop: 1]))
        #expect(try await Self.problems(queue.database) == [])
    }

    /// A statement that breaks something, and what the audit says then.
    static let breaks: [(Query, String)] = [
        ("DELETE FROM analysis WHERE content_key = 'content of /music/cover.flac'", "vectors without an analysis"),
        ("DELETE FROM catalogue_counter", "changes of vectors beyond their counter"),
        ("DELETE FROM vector_change", "tracks with a vector that the similarity index never hears of"),
        ("UPDATE cover SET uses = 7", "pictures whose count of tracks and albums is wrong"),
        ("DELETE FROM tally WHERE owner_kind = 0", "artists whose count of tracks is wrong"),
        ("DELETE FROM tally WHERE owner_kind = 1", "albums whose count of tracks is wrong"),
        ("UPDATE tally SET uses = uses + 1 WHERE owner_kind = 2", "genres whose count of tracks is wrong"),
        ("DELETE FROM track_search", "tracks that the text index does not know"),
        ("DELETE FROM genre", "tracks of genres that are not there"),
        ("DELETE FROM cover", "tracks whose picture is not there"),
        (
            """
            INSERT INTO scan (id, uuid, path, root_path, mode, lane, until, created_at)
            SELECT 1, 'u', path, path, 'full', 1, 'index', 1 FROM folder LIMIT 1
            """, ""
        ),
        (
            """
            INSERT INTO task (kind, version, state, lane, payload, scan_id, created_at)
            VALUES ('noop', 1, 'ready', 1, '{}', 1, 1)
            """, "scans whose ledger differs from their live tasks"
        ),
    ]

    @Test("Whatever is broken is found and named", arguments: Engine.available)
    func broken(engine: Engine) async throws {
        let bench = try await CopyTests.library(engine)
        for (statement, finding) in Self.breaks {
            _ = try await bench.database.write { try $0.execute(statement) }
            let found = try await Self.problems(bench.database)
            #expect(finding.isEmpty || found.contains(finding), "\(statement.sql)")
        }
    }

    @Test("An analysis whose track is gone is told, but is no fault: the recording may come back")
    func orphan() async throws {
        for engine in Engine.available {
            let bench = try await CopyTests.library(engine)
            _ = try await bench.database.write { connection in
                try connection.execute("UPDATE track SET content_key = NULL WHERE name = \([UInt8]("cover.flac".utf8))")
            }
            let checks = try await DatabaseAudit(database: bench.database).run()
            #expect(checks.filter { $0.verdict == .remark }.map(\.check) == ["analyses without a track"])
        }
    }

    @Test("A database without the newest schema is not audited")
    func schema() async throws {
        for engine in Engine.available {
            let database = try await engine.openEmpty()
            await #expect(throws: TransferError.self) { try await DatabaseAudit(database: database).run() }
        }
    }
}
