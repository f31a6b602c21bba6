@testable import Persistence

extension Database {
    /// A number that stays the same as long as nothing is inserted, changed or deleted.
    func writeMark() async throws -> Int64 {
        try await write { connection in
            guard connection.dialect == .postgres else {
                return try connection.first("SELECT total_changes()") { $0.int(0) ?? 0 } ?? 0
            }
            let tables = try connection.all(
                "SELECT CAST(relname AS text) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            ) { $0.text(0) ?? "" }
            return try tables.sorted().reduce(0) { sum, table in
                // Where each row lies, and which transaction put it there.
                let digest = Query(
                    stringLiteral: """
                        SELECT CAST(COALESCE(SUM(hashtext(CAST(xmin AS text) || CAST(ctid AS text))), 0) AS bigint)
                        FROM \(table)
                        """)
                return try sum &* 31 &+ (connection.first(digest) { $0.int(0) ?? 0 } ?? 0)
            }
        }
    }
}
