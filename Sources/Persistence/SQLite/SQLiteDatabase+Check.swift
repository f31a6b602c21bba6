import GRDBSQLite

extension SQLiteDatabase {
    /// What is wrong with the file, in SQLite's words; empty when it is sound. Reads the whole file.
    package func damage() async throws -> [String] {
        let lines = try await read { connection in
            try connection.all("PRAGMA quick_check(10)") { $0.text(0) ?? "" }
        }
        return lines == ["ok"] ? [] : lines
    }

    /// The version of the SQLite that is linked in.
    package static var version: String { String(cString: sqlite3_libversion()) }
}
