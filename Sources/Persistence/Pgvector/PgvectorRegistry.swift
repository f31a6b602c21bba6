/// Which table holds the vectors of which model, how it is made, and up to which change it is filled. Everything about
/// these tables follows from others, so whatever does not fit is dropped and made anew.
///
/// They are no step of the schema: the extension may be absent, and is asked for by a setting.
struct PgvectorRegistry {
    let connection: any Connection

    struct Entry: Hashable, Sendable {
        let id: Int64
        let table: PgvectorTable
    }

    /// Of everything in this folder; another number makes all tables anew.
    private static let shape: Int64 = 1
    private static let lock = "sillon pgvector"

    /// The model's table, made where it is missing or not as it would be made today.
    ///
    /// - Parameter dimension: Of a new table; one that is kept knows better.
    func prepare(model: String, dimension: Int, version: PgvectorVersion) throws -> Entry {
        try connection.lock(Self.lock)
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS pgvector_table (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, model TEXT COLLATE "C" NOT NULL UNIQUE,
                shape BIGINT NOT NULL, kind TEXT COLLATE "C" NOT NULL, dimension BIGINT NOT NULL,
                last_seq BIGINT NOT NULL)
            """)
        if let entry = try entry(of: model), try isSound(entry, version) { return entry }
        return try remake(model: model, dimension: dimension, version: version)
    }

    /// An empty table in the place of what the model has.
    func remake(model: String, dimension: Int, version: PgvectorVersion) throws -> Entry {
        try connection.lock(Self.lock)
        try drop(model: model)
        guard dimension <= PgvectorColumn.maxDimension else { throw PgvectorProblem.tooLong(dimension: dimension) }
        let column = PgvectorColumn(dimension: dimension, version: version)
        let id = try connection.insert(
            """
            INSERT INTO pgvector_table (model, shape, kind, dimension, last_seq)
            VALUES (\(model), \(Self.shape), \(column.kind.rawValue), \(dimension), 0)
            """)
        let entry = Entry(id: id, table: Self.table(id, column))
        try entry.table.create(connection)
        return entry
    }

    /// Nil for a model without a table, and where nothing of all this is.
    func entry(of model: String) throws -> Entry? {
        guard try exists() else { return nil }
        return try connection.first(
            "SELECT id, kind, dimension FROM pgvector_table WHERE model = \(model)"
        ) { row -> Entry? in
            guard let id = row.int(0), let kind = row.text(1).flatMap(PgvectorColumn.Kind.init),
                let dimension = row.int(2).flatMap({ Int(exactly: $0) })
            else { return nil }
            return Entry(id: id, table: Self.table(id, PgvectorColumn(kind: kind, dimension: dimension)))
        } ?? nil
    }

    /// Those that have a table.
    func models() throws -> [String] {
        guard try exists() else { return [] }
        return try connection.all("SELECT model FROM pgvector_table ORDER BY model") { $0.text(0) ?? "" }
    }

    /// Takes away all tables. Answers how many.
    func dropAll() throws -> Int {
        try connection.lock(Self.lock)
        guard try exists() else { return 0 }
        let models = try models()
        for model in models { try drop(model: model) }
        try connection.execute("DROP TABLE pgvector_table")
        return models.count
    }

    // MARK: how far a table is filled

    /// Changes that the table lacks, counted up to a limit; nil for a table that is no more.
    func behind(_ entry: Entry, atMost limit: Int) throws -> Int? {
        let count = try connection.first(
            """
            SELECT (SELECT COUNT(*) FROM (
                SELECT 1 FROM vector_change WHERE seq > pgvector_table.last_seq LIMIT \(limit)) AS missed)
            FROM pgvector_table WHERE id = \(entry.id)
            """
        ) { $0.int(0) ?? 0 }
        return count.map { Int(clamping: $0) }
    }

    /// The last change that is in the table; until the transaction ends nobody else changes it. Nil as in `behind`.
    func lockedSequence(_ entry: Entry) throws -> Int64? {
        try connection.first("SELECT last_seq FROM pgvector_table WHERE id = \(entry.id) FOR UPDATE") { $0.int(0) }
            ?? nil
    }

    /// Waits for all that is under way, so that its errors are this call's.
    func setSequence(_ entry: Entry, _ sequence: Int64) throws {
        try connection.execute("UPDATE pgvector_table SET last_seq = \(sequence) WHERE id = \(entry.id)")
    }

    // MARK: pieces

    private static func table(_ id: Int64, _ column: PgvectorColumn) -> PgvectorTable {
        PgvectorTable(name: "pgvector_\(id)", column: column)
    }

    private func exists() throws -> Bool {
        try connection.first(
            "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'pgvector_table'"
        ) { _ in true } ?? false
    }

    /// False for another build's table, one whose column went with the extension, one of another type than the version
    /// asks for, and one that is ahead of the log, as after a restore.
    private func isSound(_ entry: Entry, _ version: PgvectorVersion) throws -> Bool {
        guard entry.table.column == PgvectorColumn(dimension: entry.table.column.dimension, version: version),
            try hasColumn(entry)
        else { return false }
        return try connection.first(
            """
            SELECT 1 FROM pgvector_table WHERE id = \(entry.id) AND shape = \(Self.shape)
                AND last_seq <= (SELECT COALESCE(MAX(seq), 0) FROM vector_change)
            """
        ) { _ in true } ?? false
    }

    /// False for a table that is no more, or whose vectors went with the extension.
    func hasColumn(_ entry: Entry) throws -> Bool {
        try connection.first(
            """
            SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(\(entry.table.name)) AND attname = 'vec'
                AND NOT attisdropped
            """
        ) { _ in true } ?? false
    }

    private func drop(model: String) throws {
        let ids = try connection.all("SELECT id FROM pgvector_table WHERE model = \(model)") { $0.int(0) ?? 0 }
        for id in ids {
            try Self.table(id, PgvectorColumn(kind: .vector, dimension: 1)).drop(connection)
            try connection.execute("DELETE FROM pgvector_table WHERE id = \(id)")
        }
    }
}
