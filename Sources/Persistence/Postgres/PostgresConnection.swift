import UseCases

/// A session inside a transaction.
struct PostgresConnection: Connection {
    let session: PostgresSession
    var dialect: Dialect { .postgres }

    @discardableResult
    func execute(_ query: Query) throws -> Int {
        try session.execute(query).affectedRows
    }

    func perform(_ query: Query) throws { try session.perform(query) }

    func forEach(_ query: Query, _ each: (any Row) throws -> Void) throws {
        let result = try session.execute(query)
        for row in 0..<result.rowCount { try each(PostgresRow(result: result, row: row)) }
    }

    func stream(_ query: Query, _ each: (any Row) throws -> Void) throws {
        try session.stream(query) { try each(PostgresRow(result: $0, row: 0)) }
    }

    func load(_ rows: [[SQLValue]], into table: String, columns: [String]) throws {
        guard !rows.isEmpty else { return }
        try session.load(rows, into: table, columns: Self.list(columns))
    }

    func serverTime() throws -> Int64? {
        try first("SELECT CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS bigint)") { $0.int(0) } ?? nil
    }
}
