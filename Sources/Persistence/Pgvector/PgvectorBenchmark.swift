/// Times the search in a database, over a table of its own that is dropped afterwards.
package struct PgvectorBenchmark: Sendable {
    package struct Row: Sendable {
        /// Candidates that the index keeps in view; nil where every vector was compared.
        package let breadth: Int?
        /// One for each query, in their order.
        package let times: [Duration]
        package let answers: [[Int64]]
    }

    package struct Result: Sendable {
        package let version: String
        package let column: String
        package let fillTime: Duration
        package let buildTime: Duration
        package let rows: [Row]
    }

    package let database: PostgresDatabase
    package let dimension: Int
    package let breadths: [Int]
    /// Neighbours that are searched for.
    package let limit: Int

    private static let vectorsPerStep = 2000
    /// Each of these compares all vectors.
    private static let exactQueries = 50

    package init(database: PostgresDatabase, dimension: Int, breadths: [Int], limit: Int) {
        (self.database, self.dimension, self.breadths, self.limit) = (database, dimension, breadths, limit)
    }

    /// - Parameters:
    ///   - vector: The vector of a number from 0.
    ///   - now: Time since any fixed moment.
    package func run(
        vectors: Int, queries: Int, vector: (Int) -> [Float], query: (Int) -> [Float], now: () -> Duration
    ) async throws -> Result {
        let (version, text) = try await database.write { connection in
            let found = PgvectorExtension(connection: connection)
            return (try found.require(installing: true), try found.installed() ?? "")
        }
        let table = PgvectorTable(
            name: "pgvector_bench_\(UInt32.random(in: 0...UInt32.max))",
            column: PgvectorColumn(dimension: dimension, version: version))
        try await database.write { try table.create($0) }
        do {
            let begin = now()
            try await fill(table, vectors, vector)
            let filled = now()
            var rows = [try await exact(table, vectors, min(queries, Self.exactQueries), query, now)]
            let indexing = now()
            _ = try await PgvectorIndexBuild(table: table).run(on: database)
            let indexed = now()
            for breadth in table.column.mayBeIndexed ? breadths : [] {
                rows.append(try await indexedRow(table, breadth, queries, query, now))
            }
            try await database.write { try table.drop($0) }
            return Result(
                version: text, column: table.column.type, fillTime: filled - begin, buildTime: indexed - indexing,
                rows: rows)
        } catch {
            try? await database.write { try table.drop($0) }  // what went wrong before is what the caller needs to know
            throw error
        }
    }

    private func fill(_ table: PgvectorTable, _ count: Int, _ vector: (Int) -> [Float]) async throws {
        for start in stride(from: 0, to: count, by: Self.vectorsPerStep) {
            let some = (start..<min(count, start + Self.vectorsPerStep)).map { (Int64($0), vector($0)) }
            try await database.write { connection in
                for (id, vector) in some { try table.put(id, vector, connection) }
            }
        }
        // As autovacuum does after a while.
        try await database.write { connection in
            _ = try connection.execute(Query(stringLiteral: "ANALYZE \(table.name)"))
        }
    }

    private func exact(
        _ table: PgvectorTable, _ count: Int, _ queries: Int, _ query: (Int) -> [Float], _ now: () -> Duration
    ) async throws -> Row {
        let ids = Array(0..<Int64(count))
        return try await row(nil, queries, query, now) { [limit] point in
            try await database.read { try table.best(near: point, among: ids, limit: limit, $0).map(\.id) }
        }
    }

    private func indexedRow(
        _ table: PgvectorTable, _ breadth: Int, _ queries: Int, _ query: (Int) -> [Float], _ now: () -> Duration
    ) async throws -> Row {
        let scan = PgvectorScan(breadth: breadth, limit: limit)
        return try await row(breadth, queries, query, now) { point in
            try await database.read { try table.candidates(near: point, scan, $0).map(\.id) }
        }
    }

    private func row(
        _ breadth: Int?, _ queries: Int, _ query: (Int) -> [Float], _ now: () -> Duration,
        _ search: ([Float]) async throws -> [Int64]
    ) async throws -> Row {
        var (times, answers): ([Duration], [[Int64]]) = ([], [])
        // The first one prepares the statement.
        for number in [0] + Array(0..<queries) {
            let point = query(number)
            let start = now()
            answers.append(try await search(point))
            times.append(now() - start)
        }
        return Row(breadth: breadth, times: Array(times.dropFirst()), answers: Array(answers.dropFirst()))
    }
}
