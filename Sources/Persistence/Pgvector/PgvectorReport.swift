/// What there is of pgvector in a database: the extension, and our tables. Reads only.
package struct PgvectorReport: Hashable, Sendable {
    package struct Table: Hashable, Sendable {
        package let model: String
        /// "halfvec(126)"
        package let column: String
        /// "ready", "absent", "broken"; "impossible" for vectors that are too long.
        package let index: String
        package let vectors: Int
        /// Changes that are still to be copied, counted up to `maxBehind`.
        package let behind: Int
    }

    /// The version that this database has; nil where the extension is not installed in it.
    package let installed: String?
    /// The version that could be installed; nil where the server has none.
    package let available: String?
    package let tables: [Table]

    package static let maxBehind = 1_000_000

    /// True when the version is new enough to search with.
    package var isUsable: Bool { installed.flatMap { PgvectorVersion($0) }.map { $0 >= .oldest } ?? false }

    package static func read(_ database: any Database) async throws -> PgvectorReport {
        guard database.dialect == .postgres else {
            return PgvectorReport(installed: nil, available: nil, tables: [])
        }
        return try await database.read { connection in
            let available: Query = "SELECT default_version FROM pg_available_extensions WHERE name = 'vector'"
            let installed = try PgvectorExtension(connection: connection).installed()
            return PgvectorReport(
                installed: installed, available: try connection.first(available) { $0.text(0) } ?? nil,
                tables: installed == nil ? [] : try tables(connection))
        }
    }

    /// Takes away all tables and what tells of them. Answers how many. A server that is set to use them makes them anew.
    package static func drop(from database: any Database) async throws -> Int {
        guard database.dialect == .postgres else { return 0 }
        return try await database.write(durable: true) { try PgvectorRegistry(connection: $0).dropAll() }
    }

    private static func tables(_ connection: any Connection) throws -> [Table] {
        let registry = PgvectorRegistry(connection: connection)
        return try registry.models().compactMap { model in
            guard let entry = try registry.entry(of: model), try registry.hasColumn(entry) else { return nil }
            let table = entry.table
            return Table(
                model: model, column: table.column.type,
                index: table.column.mayBeIndexed ? try table.indexState(connection).rawValue : "impossible",
                vectors: try table.counts(connection)[table.column.dimension] ?? 0,
                behind: try registry.behind(entry, atMost: maxBehind) ?? 0)
        }
    }
}
