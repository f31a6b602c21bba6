import UseCases

/// Whether a server or a worker is at work on a database. A look, not a lock.
package enum DatabaseUse {
    /// Throws `TransferError.inUse` with one clear line. A database without a schema is in nobody's use.
    package static func check(_ database: any Database) async throws {
        let leaseClock = LeaseClock.suiting(database.dialect)
        let isMigrated = try await Migrator(database: database).status().contains { $0.isApplied }
        guard isMigrated else { return }
        let user = try await database.read { connection -> String? in
            let now = leaseClock.isOfServer ? try connection.serverTime() ?? 0 : leaseClock.now()
            let worker = try connection.first(
                """
                SELECT id FROM worker WHERE ended_at IS NULL AND boot_id = \(leaseClock.bootID)
                    AND lease_until > \(now) ORDER BY id LIMIT 1
                """
            ) { $0.int(0) ?? 0 }
            if let worker { return "worker \(worker) is alive" }
            return connection.dialect == .postgres ? try session(connection) : nil
        }
        guard let user else { return }
        throw TransferError.inUse(
            "the database is in use (\(user)): stop all servers and workers first; one that was killed is forgotten "
                + "within two minutes")
    }

    /// True when there are rows in it; the schema alone does not count.
    package static func holdsRows(_ database: any Database) async throws -> Bool {
        guard try await Migrator(database: database).status().contains(where: \.isApplied) else { return false }
        return try await database.read { connection in
            try StoredTable.all.contains { table in
                try !table.columns(on: connection).isEmpty && !table.isEmpty(on: connection)
            }
        }
    }

    /// Servers and workers name their connections "sillon"; whoever looks here uses another name.
    private static func session(_ connection: any Connection) throws -> String? {
        try connection.first(
            """
            SELECT CAST(pid AS bigint) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'sillon' AND pid <> pg_backend_pid() LIMIT 1
            """
        ) { "server process \($0.int(0) ?? 0) serves a connection of it" }
    }
}
