/// One table of vectors of one length, by the numbers of their tracks: the statements that touch it.
///
/// A table for each model, and not one with an index by expression for all: a column that knows its length refuses any
/// other, the planner needs no hint, and a space goes by dropping its table, which no vacuum has to clean up after.
struct PgvectorTable: Hashable, Sendable {
    let name: String
    let column: PgvectorColumn

    private var index: String { "\(name)_nearest" }

    /// pgvector's defaults, which are near the best for some hundred dimensions.
    private static let (neighbours, candidates) = (16, 64)

    // MARK: the table

    /// A track whose vector has another length has a row without one, so that it can be counted.
    func create(_ connection: any Connection) throws {
        try connection.execute(
            Query(
                stringLiteral: """
                    CREATE TABLE \(name) (track_id BIGINT PRIMARY KEY, length INTEGER NOT NULL, vec \(column.type))
                    """))
    }

    func drop(_ connection: any Connection) throws {
        try connection.execute(Query(stringLiteral: "DROP TABLE IF EXISTS \(name)"))
    }

    /// A row that says the same already stays as it is: an index entry anew costs as much as the first.
    func put(_ trackID: Int64, _ vector: [Float], _ connection: any Connection) throws {
        let text = column.fit(vector) == .fits ? PgvectorColumn.text(vector) : nil
        try connection.perform(
            sql("INSERT INTO ", " AS old (track_id, length, vec) ")
                + "VALUES (\(trackID), \(vector.count), \(point(text))) "
                    + """
                    ON CONFLICT (track_id) DO UPDATE SET length = excluded.length, vec = excluded.vec
                    WHERE old.length <> excluded.length OR old.vec IS DISTINCT FROM excluded.vec
                    """)
    }

    func remove(_ trackID: Int64, _ connection: any Connection) throws {
        try connection.perform(sql("DELETE FROM ", " ") + "WHERE track_id = \(trackID)")
    }

    /// How many vectors there are of each length.
    func counts(_ connection: any Connection) throws -> [Int: Int] {
        let rows = try connection.all(sql("SELECT length, COUNT(*) FROM ", " GROUP BY length")) {
            (Int(clamping: $0.int(0) ?? 0), Int(clamping: $0.int(1) ?? 0))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    func vectors(of ids: [Int64], _ connection: any Connection) throws -> [Int64: [Float]] {
        let query =
            sql("SELECT track_id, vector_send(CAST(vec AS vector)) FROM ", " ")
            + "WHERE vec IS NOT NULL AND track_id = ANY(\(.integers(ids)))"
        var vectors: [Int64: [Float]] = [:]
        try connection.forEach(query) { row in
            guard let id = row.int(0), let vector = row.bytes(1).flatMap(PgvectorColumn.vector) else { return }
            vectors[id] = vector
        }
        return vectors
    }

    // MARK: searching

    /// By the index, where there is one: nearly the best.
    ///
    /// - Parameter scan: How far to look, and how many to answer at most.
    func candidates(
        near point: [Float], _ scan: PgvectorScan, _ connection: any Connection
    ) throws -> [(id: Int64, score: Float)] {
        try connection.forEach(scan.settings) { _ in }
        let target = self.point(PgvectorColumn.text(point))
        return try connection.all(
            Query(stringLiteral: "SELECT track_id, -(vec <#> (SELECT ") + target
                + sql(")) FROM ", " WHERE vec IS NOT NULL ORDER BY vec <#> (SELECT ") + target
                + ") LIMIT \(scan.limit)", Self.neighbour)
    }

    /// The best of these, whatever it takes. The outer order is no index's.
    func best(
        near point: [Float], among ids: [Int64], limit: Int, _ connection: any Connection
    ) throws -> [(id: Int64, score: Float)] {
        // A plan for these ids and no others: for a few by their keys, for many one look at the whole table.
        let settings: Query =
            "SELECT set_config('enable_seqscan', 'on', true), set_config('plan_cache_mode', 'force_custom_plan', true)"
        try connection.forEach(settings) { _ in }
        return try connection.all(
            Query(stringLiteral: "SELECT track_id, score FROM (SELECT track_id, -(vec <#> (SELECT ")
                + self.point(PgvectorColumn.text(point)) + sql(")) AS score FROM ", " ")
                    + """
                    WHERE vec IS NOT NULL AND track_id = ANY(\(.integers(ids)))) AS scored
                    ORDER BY score DESC, track_id LIMIT \(limit)
                    """, Self.neighbour)
    }

    private static func neighbour(_ row: any Row) -> (id: Int64, score: Float) {
        (row.int(0) ?? 0, Float(row.double(1) ?? 0))
    }

    // MARK: the index

    enum IndexState: String, Sendable {
        case absent, broken, ready
    }

    func indexState(_ connection: any Connection) throws -> IndexState {
        let isValid = try connection.first(
            """
            SELECT pg_index.indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid
            WHERE pg_class.relname = \(index)
                AND pg_class.relnamespace = to_regnamespace(quote_ident(current_schema()))
            """
        ) { $0.int(0) == 1 }
        return switch isValid {
        case nil: .absent
        case .some(false): .broken
        case .some(true): .ready
        }
    }

    /// Not in a transaction. Reads and writes go on meanwhile.
    func createIndex(_ connection: any Connection) throws {
        try connection.execute(
            Query(
                stringLiteral: """
                    CREATE INDEX CONCURRENTLY \(index) ON \(name) USING hnsw (vec \(column.operatorClass))
                    WITH (m = \(Self.neighbours), ef_construction = \(Self.candidates))
                    """))
    }

    func dropIndex(_ connection: any Connection) throws {
        try connection.execute(Query(stringLiteral: "DROP INDEX IF EXISTS \(index)"))
    }

    // MARK: text

    /// Names are ours and made of letters and digits, so they may stand in SQL.
    private func sql(_ before: StaticString, _ after: StaticString) -> Query {
        Query(stringLiteral: "\(before)\(name)\(after)")
    }

    private func point(_ text: String?) -> Query {
        "CAST(CAST(\(text) AS text) AS " + Query(stringLiteral: "\(column.type))")
    }
}
