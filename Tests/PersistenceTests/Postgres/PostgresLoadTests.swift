import Testing
import UseCases

@testable import Persistence

/// Many rows at once, which PostgreSQL takes with COPY.
@Suite struct PostgresLoadTests {
    private static let columns = ["id", "number", "fraction", "word", "data"]

    private func database(_ engine: Engine) async throws -> any Database {
        let database = try await engine.openEmpty()
        try await database.write { connection in
            let table: Query =
                switch connection.dialect {
                case .sqlite:
                    """
                    CREATE TABLE sample (id INTEGER PRIMARY KEY, number INTEGER, fraction REAL, word TEXT, data BLOB)
                    STRICT
                    """
                case .postgres:
                    """
                    CREATE TABLE sample (id BIGINT PRIMARY KEY, number BIGINT, fraction DOUBLE PRECISION, word TEXT,
                        data BYTEA)
                    """
                }
            try connection.execute(table)
        }
        return database
    }

    private static func row(_ id: Int, word: String? = nil) -> [SQLValue] {
        [.integer(Int64(id)), .null, .null, SQLValue(word), .null]
    }

    private static func stored(_ database: any Database) async throws -> [[SQLValue]] {
        try await database.read { connection in
            try connection.all("SELECT id, number, fraction, word, data FROM sample ORDER BY id") { row in
                [
                    SQLValue(row.int(0)), SQLValue(row.int(1)), SQLValue(row.double(2)), SQLValue(row.text(3)),
                    SQLValue(row.bytes(4)),
                ]
            }
        }
    }

    @Test("Rows come back as they were loaded", arguments: Engine.available)
    func values(_ engine: Engine) async throws {
        let database = try await database(engine)
        let some: [[SQLValue]] = [
            [.integer(1), .integer(.max), .double(1.5), .text(""), .bytes([])],
            [
                .integer(2), .integer(.min), .double(.leastNonzeroMagnitude), .text("a\tb\\N\n\"'"),
                .bytes([0, 9, 10, 92]),
            ],
            [.integer(3), .integer(0), .double(-.greatestFiniteMagnitude), .text("é e\u{301} 👩‍👩‍👧‍👦"), .bytes([255])],
            [.integer(4), .null, .null, .null, .null],
            [
                .integer(5), .integer(-1), .double(0.1), .text(String(repeating: "x", count: 3_000_000)),
                .bytes(Array(repeating: 7, count: 3_000_000)),
            ],
        ]
        let rows = some + (6...20_000).map { Self.row($0, word: "row \($0)") }
        try await database.write { try $0.load(rows, into: "sample", columns: Self.columns) }
        #expect(try await Self.stored(database) == rows)
        try await database.write { try $0.load([], into: "sample", columns: Self.columns) }
    }

    @Test("Rows that are refused leave nothing behind, and the next ones are taken", arguments: Engine.available)
    func refused(_ engine: Engine) async throws {
        let database = try await database(engine)
        // The server refuses at the second row, long before it has been sent all.
        let long = String(repeating: "y", count: 20_000)
        let doubled = [Self.row(1), Self.row(1)] + (2...500).map { Self.row($0, word: long) }
        await #expect {
            try await database.write { try $0.load(doubled, into: "sample", columns: Self.columns) }
        } throws: {
            if case StoreError.conflict = $0 { true } else { false }
        }
        #expect(try await Self.stored(database).isEmpty)
        await #expect(throws: StoreError.self) {
            try await database.write { try $0.load([Self.row(1)], into: "nowhere", columns: Self.columns) }
        }
        try await database.write { try $0.load([Self.row(1)], into: "sample", columns: Self.columns) }
        #expect(try await Self.stored(database) == [Self.row(1)])
    }

    @Test("A load keeps its place among other statements", arguments: Engine.available)
    func order(_ engine: Engine) async throws {
        let database = try await database(engine)
        try await database.write { connection in
            try connection.perform("INSERT INTO sample (id, word) VALUES (\(1), \("before"))")
            try connection.perform("UPDATE sample SET id = \(2)")
            try connection.load([Self.row(1, word: "loaded")], into: "sample", columns: Self.columns)
            try connection.perform("UPDATE sample SET number = \(7) WHERE id = \(1)")
        }
        let rows = try await Self.stored(database)
        #expect(
            rows.map { $0[3] } == [.text("loaded"), .text("before")] && rows.map { $0[1] } == [.integer(7), .null])
    }

    @Test("Numbers that their column cannot hold are refused, not cut")
    func narrow() async throws {
        let database = try await Engine.postgres.openEmpty()
        try await database.write { connection in
            try connection.execute("CREATE TABLE narrow (small SMALLINT, flag BOOLEAN, single REAL)")
            try connection.load(
                [[.integer(-5), .integer(1), .double(0.5)], [.integer(5), .integer(0), .null]], into: "narrow",
                columns: ["small", "flag", "single"])
        }
        await #expect(throws: StoreError.self) {
            try await database.write {
                try $0.load([[.integer(70_000)]], into: "narrow", columns: ["small"])
            }
        }
        let sum = try await database.read { connection in
            try connection.first(
                "SELECT CAST(sum(small) AS bigint), CAST(count(*) FILTER (WHERE flag) AS bigint) FROM narrow"
            ) {
                [$0.int(0), $0.int(1)]
            }
        }
        #expect(sum == [0, 1])
    }
}
