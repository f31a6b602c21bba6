@testable import Persistence

extension Database {
    /// How the engine would carry out a query, line by line.
    func plan(of query: Query) async throws -> [String] {
        try await read { connection in
            switch connection.dialect {
            case .sqlite: try connection.all("EXPLAIN QUERY PLAN " + query) { $0.text(3) ?? "" }
            case .postgres: try connection.all("EXPLAIN " + query) { $0.text(0) ?? "" }
            }
        }
    }

    /// Lines of the plan that read a table from end to end, without the small indexes in `allowed`.
    func wholeReads(of query: Query, allowed: [String] = []) async throws -> [String] {
        try await plan(of: query).filter { line in
            let isWhole = dialect == .sqlite ? line.hasPrefix("SCAN ") : line.contains("Seq Scan on")
            return isWhole && !line.contains("VIRTUAL TABLE") && !allowed.contains { line.contains($0) }
        }
    }
}
