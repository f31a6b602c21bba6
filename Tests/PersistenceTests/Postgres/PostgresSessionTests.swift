import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing
import UseCases

@testable import Persistence

/// What only a server can do to us: it ends sessions, refuses values, lets transactions wait for each other.
@Suite struct PostgresSessionTests {
    private func database(_ edit: (inout PostgresOptions) -> Void = { _ in }) throws -> PostgresDatabase {
        let cluster = try #require(TestCluster.shared)
        var options = PostgresOptions()
        edit(&options)
        return PostgresDatabase(cluster.url, options: options)
    }

    @Test("Placeholders are numbered in code, never in texts, names and comments")
    func numbering() {
        let pairs = [
            ("SELECT ?, ?", "SELECT $1, $2"), ("SELECT '?', ?", "SELECT '?', $1"),
            ("SELECT 'it''s ?', \"a?b\", ?", "SELECT 'it''s ?', \"a?b\", $1"),
            ("SELECT 1 -- really?\n, ?", "SELECT 1 -- really?\n, $1"),
            ("SELECT /* why? */ ? - ?", "SELECT /* why? */ $1 - $2"), ("", ""),
        ]
        for (sql, numbered) in pairs { #expect(PostgresSQL.numbered(sql) == numbered) }
    }

    @Test("Every kind of value comes back as it went")
    func values() async throws {
        let database = try database()
        let numbers: [Int64] = [0, 1, -1, .max, .min]
        let doubles = [0, -0.0, 1.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0.1 + 0.2]
        let texts = ["", "a", "é e\u{301} 👩‍👩‍👧‍👦", String(repeating: "x", count: 1_000_000)]
        let bytes: [[UInt8]] = [[], [0], [0, 255, 0], Array(repeating: 7, count: 1_000_000)]
        try await database.read { connection in
            for number in numbers {
                #expect(try connection.first("SELECT CAST(\(number) AS bigint)") { $0.int(0) } == number)
            }
            for double in doubles {
                #expect(try connection.first("SELECT CAST(\(double) AS double precision)") { $0.double(0) } == double)
            }
            for text in texts { #expect(try connection.first("SELECT CAST(\(text) AS text)") { $0.text(0) } == text) }
            for some in bytes { #expect(try connection.first("SELECT CAST(\(some) AS bytea)") { $0.bytes(0) } == some) }
            let nothing = try connection.first("SELECT CAST(\(nil as Int64?) AS bigint)") { $0.int(0) }
            #expect(nothing == .some(nil))
        }
    }

    @Test("A session that the server ends is replaced, and the transaction runs again")
    func terminated() async throws {
        let database = try database()
        let runs = Mutex(0)
        let answer = try await database.write { connection in
            if runs.withLock({
                $0 += 1; return $0
            }) == 1 {
                try connection.forEach("SELECT pg_terminate_backend(pg_backend_pid())") { _ in }
            }
            return try connection.first("SELECT 7") { $0.int(0) } ?? nil
        }
        #expect(answer == 7)
        #expect(runs.withLock { $0 } == 2)
    }

    @Test("An idle session that died is noticed before it is used")
    func idleDeath() async throws {
        let database = try database()
        let pid = try await database.read { try $0.first("SELECT pg_backend_pid()") { $0.int(0) ?? 0 } ?? 0 }
        let other = try self.database()
        try await other.read { try $0.forEach("SELECT pg_terminate_backend(CAST(\(pid) AS integer))") { _ in } }
        #expect(try await database.read { try $0.first("SELECT 1") { $0.int(0) } } == 1)
    }

    @Test("Two transactions that wait for each other both succeed, one of them at its second try")
    func deadlock() async throws {
        let database = try #require(try await Engine.postgres.open() as? DisposableDatabase)
        _ = try await database.write { connection in
            try connection.execute("CREATE TABLE pair (id BIGINT PRIMARY KEY, value BIGINT NOT NULL)")
            return try connection.execute("INSERT INTO pair VALUES (1, 0), (2, 0)")
        }
        let meeting = Meeting(2)
        @Sendable func add(_ first: Int, _ second: Int) async throws {
            try await database.write { connection in
                try connection.execute("UPDATE pair SET value = value + 1 WHERE id = \(first)")
                meeting.arrive()
                try connection.execute("UPDATE pair SET value = value + 1 WHERE id = \(second)")
            }
        }
        async let one: Void = add(1, 2)
        async let two: Void = add(2, 1)
        _ = try await (one, two)
        let sum = try await database.read { try $0.first("SELECT value FROM pair WHERE id = 1") { $0.int(0) } ?? nil }
        #expect(sum == 2)
    }

    @Test("A connection that is lost during the commit is an unknown outcome, and is not tried again")
    func lostCommit() async throws {
        let database = try #require(try await Engine.postgres.open() as? DisposableDatabase)
        _ = try await database.write { connection in
            try connection.execute("CREATE TABLE note (text TEXT)")
            // Runs while the server commits.
            try connection.execute(
                """
                CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
                """)
            return try connection.execute(
                """
                CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION hang_up()
                """)
        }
        let runs = Mutex(0)
        await #expect(throws: StoreError.self) {
            _ = try await database.write { connection in
                runs.withLock { $0 += 1 }
                return try connection.execute("INSERT INTO note VALUES ('x')")
            }
        }
        #expect(runs.withLock { $0 } == 1)
    }

    @Test("When all connections are taken, the next transaction is told so in time", .timeLimit(.minutes(1)))
    func exhausted() async throws {
        let database = try database { ($0.poolSize, $0.overflow, $0.acquireSeconds) = (1, 0, 1) }
        let hasBegun = Mutex(false)
        let mayEnd = DispatchSemaphore(value: 0)
        async let held: Void = database.read { _ in
            hasBegun.withLock { $0 = true }
            mayEnd.wait()
        }
        while !hasBegun.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
        do {
            _ = try await database.read { try $0.first("SELECT 1") { $0.int(0) } }
            Issue.record("there was a second connection")
        } catch StoreError.retryable {}
        mayEnd.signal()
        try await held
        #expect(try await database.read { try $0.first("SELECT 1") { $0.int(0) } } == 1)
    }

    @Test("A statement that takes too long is ended, and the session lives on")
    func tooLong() async throws {
        let database = try database { $0.statementSeconds = 1 }
        await #expect(throws: StoreError.retryable(afterSeconds: 1, "the database took too long")) {
            try await database.read { try $0.forEach("SELECT pg_sleep(30)") { _ in } }
        }
        #expect(try await database.read { try $0.first("SELECT 1") { $0.int(0) } } == 1)
    }

    @Test("Errors mean the same to stores as SQLite's")
    func errors() async throws {
        let database = try #require(try await Engine.postgres.open() as? DisposableDatabase)
        func failure(_ query: Query) async -> StoreError? {
            do {
                _ = try await database.write { try $0.execute(query) }
                return nil
            } catch {
                return error as? StoreError
            }
        }
        let key: Query = "INSERT INTO queue_control (role, paused_at, actor) VALUES ('indexer', 1, 'x')"
        #expect(await failure(key) == nil)
        guard case .conflict = await failure(key) else {
            Issue.record("a key twice is a conflict")
            return
        }
        guard case .fatal = await failure("SELECT nonsense") else {
            Issue.record("what makes no sense is fatal")
            return
        }
    }

    @Test("A lone wrong statement spoils its transaction only")
    func rollback() async throws {
        let database = try #require(try await Engine.postgres.open() as? DisposableDatabase)
        await #expect(throws: StoreError.self) {
            _ = try await database.write { connection in
                try connection.execute("INSERT INTO queue_control (role, paused_at, actor) VALUES ('audio', 1, 'x')")
                return try connection.execute("INSERT INTO nowhere VALUES (1)")
            }
        }
        let count = try await database.read { try $0.first("SELECT count(*) FROM queue_control") { $0.int(0) } ?? nil }
        #expect(count == 0)
    }

    @Test("Rows come one by one; what breaks off in the middle leaves a session that can be used")
    func stream() async throws {
        struct Enough: Error {}
        let database = try database { ($0.poolSize, $0.overflow) = (1, 0) }
        let sum = try await database.read { connection in
            var sum: Int64 = 0
            try connection.stream("SELECT CAST(n AS bigint) FROM generate_series(1, 10000) AS n") {
                sum += $0.int(0) ?? 0
            }
            return sum
        }
        #expect(sum == 50_005_000)
        await #expect(throws: Enough.self) {
            try await database.read { connection in
                try connection.stream("SELECT CAST(n AS bigint) FROM generate_series(1, 10000) AS n") { row in
                    if row.int(0) == 3 { throw Enough() }
                }
            }
        }
        await #expect(throws: StoreError.self) {
            try await database.read { connection in
                try connection.stream("SELECT CAST(9 / (5000 - n) AS bigint) FROM generate_series(1, 9000) AS n") { _ in
                }
            }
        }
        let runs = Mutex(0)
        let answer = try await database.read { connection -> Int64? in
            let isFirst = runs.withLock { runs in
                runs += 1
                return runs == 1
            }
            if isFirst {
                try connection.stream("SELECT pg_terminate_backend(pg_backend_pid())") { _ in }
            }
            return try connection.first("SELECT CAST(7 AS bigint)") { $0.int(0) } ?? nil
        }
        #expect(answer == 7 && runs.withLock { $0 } == 2, "a session that the server ends is replaced")
    }

    @Test("The server's notices are heard")
    func notices() async throws {
        let heard = Mutex<[String]>([])
        let database = try database { $0.onNotice = { text in heard.withLock { $0.append(text) } } }
        _ = try await database.write { try $0.execute("DO $$ BEGIN RAISE WARNING 'the disk smells'; END $$") }
        #expect(heard.withLock { $0.contains { $0.contains("the disk smells") } })
    }

    @Test("No error, description or mirror shows the password")
    func password() async throws {
        let secret = "hunter2secret"
        for text in [
            "postgres://ada:\(secret)@127.0.0.1:1/x", "postgres://ada:\(secret)@127.0.0.1:99999999/x",
            "postgres://ada:\(secret)@127.0.0.1/x?nonsense=1", "postgres://ada:\(secret)@[::1/x",
            "postgres://ada@127.0.0.1:1/x?password=\(secret)",
        ] {
            var shown: [String] = []
            do throws(StoreError) {
                let url = try PostgresURL(text)
                shown += ["\(url)", String(reflecting: url), "\(Mirror(reflecting: url).children.map { "\($0)" })"]
                dump(url, to: &shown[0])
                let database = PostgresDatabase(url)
                _ = try await failure(of: database).map { shown.append("\($0) \(String(reflecting: $0))") }
            } catch {
                shown.append("\(error) \(String(reflecting: error))")
            }
            #expect(!shown.isEmpty && !shown.contains { $0.contains(secret) }, "\(shown)")
        }
    }

    private func failure(of database: PostgresDatabase) async throws(StoreError) -> StoreError? {
        do {
            _ = try await database.changeCounter()
            return nil
        } catch {
            return error as? StoreError
        }
    }

    @Test("A wrong password is final, an absent server may come back")
    func refusals() async throws {
        let cluster = try #require(TestCluster.shared)
        let stranger = cluster.url.parameters.merging(["password": "wrong"]) { $1 }
        let wrong = PostgresDatabase(PostgresURL(parameters: stranger))
        await #expect(throws: StoreError.fatal("the database refuses this user or password")) {
            try await wrong.changeCounter()
        }
        let nowhere = PostgresDatabase(cluster.url.withDatabase("no_such_database"))
        await #expect(throws: StoreError.fatal("the database server has no such database")) {
            try await nowhere.changeCounter()
        }
        let absent = PostgresDatabase(try PostgresURL("postgres://ada@127.0.0.1:1/x"))
        do {
            _ = try await absent.changeCounter()
            Issue.record("somebody answers on port 1")
        } catch StoreError.retryable {}
    }
}

/// Lets threads wait until others have come as far, but not for ever.
final class Meeting: Sendable {
    private let condition = NSCondition()
    private let count = Mutex(0)
    private let size: Int
    private static let patience = 30.0

    init(_ size: Int) { self.size = size }

    /// Counts one more and waits until `size` have come.
    func arrive() {
        let end = Date(timeIntervalSinceNow: Self.patience)
        condition.lock()
        count.withLock { $0 += 1 }
        condition.broadcast()
        while count.withLock({ $0 }) < size, condition.wait(until: end) {}
        condition.unlock()
    }
}
