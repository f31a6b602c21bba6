extension StoredTable {
    /// Sorted by name, so that both engines list them in one order.
    func columns(on connection: any Connection) throws -> [StoredColumn] {
        let query: Query =
            switch connection.dialect {
            case .sqlite: "SELECT name, type FROM pragma_table_info(\(name))"
            case .postgres:
                """
                SELECT CAST(attname AS text), CAST(format_type(atttypid, NULL) AS text) FROM pg_attribute
                WHERE attrelid = to_regclass(CAST(\(name) AS text)) AND attnum > 0 AND NOT attisdropped
                """
            }
        return try connection.all(query) { row in
            try StoredColumn(name: row.text(0) ?? "", declared: row.text(1) ?? "")
        }.sorted { $0.name < $1.name }
    }

    /// Calls `body` with all rows in the order of the key, `chunk` at a time, as they are after a move: see `settling`.
    func forEachChunk(
        _ columns: [StoredColumn], on connection: any Connection, _ body: ([[SQLValue]]) throws -> Void
    ) throws {
        guard !columns.isEmpty else { return }
        let settle = settling(columns)
        var rows: [[SQLValue]] = []
        let take: (any Row) throws -> Void = { row in
            var values = columns.enumerated().map { $1.value(row, $0) }
            settle(&values)
            rows.append(values)
            guard rows.count == chunk else { return }
            try body(rows)
            rows.removeAll(keepingCapacity: true)
        }
        let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let select = "SELECT \(names) FROM \(name) ORDER BY \(key.joined(separator: ", "))"
        try connection.stream(Query(stringLiteral: select), take)
        if !rows.isEmpty { try body(rows) }
    }

    /// No worker comes along: a task that was running is ready again, charged with nothing, and workers have left.
    private func settling(_ columns: [StoredColumn]) -> (inout [SQLValue]) -> Void {
        func position(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }
        switch name {
        case "task":
            let freed = ["worker_id", "lease", "claimed_at", "deadline_at"].compactMap(position)
            guard let state = position("state") else { return { _ in } }
            return { row in
                guard row[state] == .text("running") else { return }
                row[state] = .text("ready")
                for column in freed { row[column] = .null }
            }
        case "worker":
            guard let ended = position("ended_at"), let seen = position("seen_at") else { return { _ in } }
            return { row in if row[ended] == .null { row[ended] = row[seen] } }
        default:
            return { _ in }
        }
    }

    /// A server plans badly with tables of which it only knows that they were empty.
    static func measureAll(on connection: any Connection) throws {
        guard connection.dialect == .postgres else { return }
        for table in all { try connection.execute(Query(stringLiteral: "ANALYZE \(table.name)")) }
    }

    func isEmpty(on connection: any Connection) throws -> Bool {
        try connection.first(Query(stringLiteral: "SELECT 1 FROM \(name) LIMIT 1")) { _ in true } == nil
    }
}
