import Persistence

/// What the doctor says of the search for vectors, where a database is to do it.
enum VectorSearchCheck {
    private static let name = "vector search"

    /// Nil where the vectors are kept in memory: then nothing can be missing.
    static func run(_ settings: Settings) async -> DoctorReport.Check? {
        guard settings.vectorSearch == .pgvector else { return nil }
        guard case .server(let url) = settings.database else {
            return .init(name: name, verdict: .problem, detail: "pgvector needs a PostgreSQL database")
        }
        let database = PostgresDatabase(url, options: settings.pool)
        defer { database.close() }
        do {
            let report = try await PgvectorReport.read(database)
            let isReady = !report.tables.isEmpty && report.tables.allSatisfy { $0.index == "ready" }
            return .init(
                name: name,
                verdict: report.isUsable ? (isReady ? .fine : .warning) : report.available == nil ? .problem : .warning,
                detail: report.lines.joined(separator: "; ")
                    + (report.isUsable && report.tables.isEmpty ? "; the next start makes the table" : ""))
        } catch {
            return .init(name: name, verdict: .problem, detail: CommandError(describing: error).message)
        }
    }
}
