import UseCases

/// On a server, the history of tasks that ended well lies in one table a day, and is forgotten by dropping tables:
/// deleting row by row would leave as much to sweep up as was written.
enum HistoryPartitions {
    static let dayUs: Int64 = 86_400_000_000
    private static let prefix = "task_run_day_"

    /// Makes the tables of today and tomorrow, and drops those whose last day is over for longer than `keepSeconds`.
    /// Answers how many rows went. A table that others are reading is left for the next time.
    static func tend(_ context: QueueContext, keepSeconds: Int64) async throws -> Int {
        guard context.database.dialect == .postgres else { return 0 }
        do {
            return try await context.write { transaction in
                let connection = transaction.connection
                try connection.execute("SET LOCAL lock_timeout = '500ms'")
                try connection.lock(prefix)
                let known = try days(connection)
                let today = transaction.now / dayUs
                for day in [today, today + 1] where !known.contains(day) { try make(day, connection) }
                let old = known.filter { ($0 + 1) * dayUs <= transaction.now - keepSeconds * 1_000_000 }
                let stray = try connection.execute(
                    """
                    DELETE FROM task_run_other WHERE ctid = ANY(ARRAY(SELECT ctid FROM task_run_other
                        WHERE finished_at < \(transaction.now - keepSeconds * 1_000_000) LIMIT 10000))
                    """)
                return try old.reduce(stray) { try $0 + drop($1, connection) }
            }
        } catch StoreError.retryable {
            return 0  // somebody reads the history, a backup perhaps; in an hour it is tried again
        }
    }

    /// Days since the epoch that have a table.
    static func days(_ connection: any Connection) throws -> Set<Int64> {
        let names = try connection.all(
            """
            SELECT CAST(child.relname AS text) FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
            WHERE inhparent = CAST('task_run_ended' AS regclass)
            """
        ) { $0.text(0) ?? "" }
        return Set(names.compactMap { $0.hasPrefix(prefix) ? Int64($0.dropFirst(prefix.count)) : nil })
    }

    /// Makes tables for attempts that are brought in from elsewhere: rows of a day that came before its table lie in the
    /// table for all others, go row by row, and keep the day from getting one.
    static func makeRoom(for attempts: [(ending: String, finishedAt: Int64)], on connection: any Connection) throws {
        let lasting = attempts.filter { endings.contains($0.ending) && $0.finishedAt >= 0 }
        let known = try days(connection)
        let missing = Set(lasting.map { $0.finishedAt / dayUs }).subtracting(known).filter { $0 <= lastDay }
        for day in missing.sorted().suffix(max(0, maxDays - known.count)) { try make(day, connection) }
    }

    /// Of what lies in tables by day; others are few and lie in one.
    private static let endings: Set<String> = ["succeeded", "cancelled", "released", "parked"]
    /// Tables that are made for a history from elsewhere; what is beyond them lies in the table for all others.
    private static let maxDays = 100
    /// The year 2243; times beyond are nobody's.
    private static let lastDay: Int64 = 100_000

    /// Not when rows of that day lie in the table for all others already.
    private static func make(_ day: Int64, _ connection: any Connection) throws {
        let (start, end) = (day * dayUs, (day + 1) * dayUs)
        let isLate = try connection.first(
            "SELECT 1 FROM task_run_other WHERE finished_at >= \(start) AND finished_at < \(end) LIMIT 1"
        ) { _ in true }
        guard isLate == nil else { return }
        try connection.execute(
            Query(
                stringLiteral: """
                    CREATE TABLE \(prefix)\(day) PARTITION OF task_run_ended FOR VALUES FROM (\(start)) TO (\(end))
                    """))
    }

    private static func drop(_ day: Int64, _ connection: any Connection) throws -> Int {
        let table = "\(prefix)\(day)"
        let rows = try connection.first(Query(stringLiteral: "SELECT count(*) FROM \(table)")) { $0.number(0) } ?? 0
        try connection.execute(Query(stringLiteral: "DROP TABLE \(table)"))
        return rows
    }
}
