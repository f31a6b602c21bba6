/// Builds the index of a table while others read and write it.
struct PgvectorIndexBuild: Sendable {
    let table: PgvectorTable

    /// A million vectors take some ten minutes on one core.
    private static let limitSeconds = 24 * 3600
    /// What a vector takes while the graph is built, beside its numbers: its neighbours and their distances.
    private static let graphBytes = 800
    /// Beyond it the extension builds on the disk, which is slow; more is not taken from a server that others use.
    private static let (leastMemoryKiB, mostMemoryKiB): (Int64, Int64) = (64 << 10, 1 << 20)

    /// False when somebody else is at it.
    func run(on database: PostgresDatabase) async throws -> Bool {
        try await database.alone(statementSeconds: Self.limitSeconds) { connection in
            let lock: Query = "SELECT pg_try_advisory_lock(hashtextextended(\("sillon " + table.name), 0))"
            guard try connection.first(lock, { $0.int(0) == 1 }) == true else { return false }
            switch try table.indexState(connection) {
            case .ready: return true
            case .broken: try table.dropIndex(connection)
            case .absent: break
            }
            try setUp(connection)
            do {
                try table.createIndex(connection)
            } catch let error as PostgresError where error.state.hasPrefix("53") {
                // Workers share memory, of which a container may have 64 MB only.
                try table.dropIndex(connection)
                try connection.forEach("SELECT set_config('max_parallel_maintenance_workers', '0', false)") { _ in }
                try table.createIndex(connection)
            }
            return true
        }
    }

    private func setUp(_ connection: any Connection) throws {
        let rows = try table.counts(connection)[table.column.dimension] ?? 0
        let bytes = Int64(rows) * Int64(table.column.dimension * MemoryLayout<Float>.size + Self.graphBytes)
        let wanted = min(Self.mostMemoryKiB, max(Self.leastMemoryKiB, bytes / 1024))
        try connection.forEach(
            """
            SELECT set_config('maintenance_work_mem', CAST(GREATEST(\(wanted), (
                SELECT CAST(setting AS bigint) FROM pg_settings WHERE name = 'maintenance_work_mem')) AS text), false),
            set_config('client_connection_check_interval', '10s', false)
            """
        ) { _ in }
    }
}
