/// The extension as this database has it.
struct PgvectorExtension {
    let connection: any Connection

    /// Nil where it is not installed.
    func installed() throws -> String? {
        try connection.first("SELECT extversion FROM pg_extension WHERE extname = 'vector'") { $0.text(0) } ?? nil
    }

    /// The version, which is new enough. Installs it where that is wanted, possible and permitted.
    func require(installing: Bool) throws -> PgvectorVersion {
        if try installed() == nil {
            guard installing else { throw PgvectorProblem.gone }
            try install()
        }
        guard let text = try installed(), let version = PgvectorVersion(text) else { throw PgvectorProblem.gone }
        guard version >= .oldest else { throw PgvectorProblem.tooOld(text) }
        return version
    }

    /// Throws `PgvectorProblem.notPermitted` for a user who may not make tables.
    func requireTables() throws {
        let (schema, user) = try names("COALESCE(current_schema(), 'public')")
        let mayCreate: Query = "SELECT has_schema_privilege(COALESCE(current_schema(), 'public'), 'CREATE')"
        guard try connection.first(mayCreate, { $0.int(0) == 1 }) == true else {
            throw PgvectorProblem.notPermitted(schema: schema, user: user)
        }
    }

    private func install() throws {
        let known: Query = "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"
        guard try connection.first(known, { _ in true }) == true else {
            let version = try connection.first("SELECT current_setting('server_version_num')") { $0.text(0) } ?? nil
            throw PgvectorProblem.notOnServer(postgres: "\((version.flatMap { Int($0) } ?? 0) / 10_000)")
        }
        // Asked before, since a failed transaction answers nothing any more.
        let (database, user) = try names("current_database()")
        do {
            try connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        } catch let error as PostgresError where error.state == PostgresError.notPermitted {
            throw PgvectorProblem.notInstalled(database: database, user: user)
        }
    }

    /// What SQL says, and who asks.
    private func names(_ expression: StaticString) throws -> (String, user: String) {
        try connection.first("SELECT \(raw: expression), current_user") { row in
            (row.text(0) ?? "", row.text(1) ?? "")
        } ?? ("", "")
    }
}
