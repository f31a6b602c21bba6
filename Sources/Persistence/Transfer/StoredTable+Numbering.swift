extension StoredTable {
    /// The highest id that was ever given, which may be higher than those that are left; nil where ids are not given.
    func highestID(on connection: any Connection) throws -> Int64? {
        guard key == ["id"] else { return nil }
        let greatest = try connection.first(Query(stringLiteral: "SELECT MAX(id) FROM \(name)")) { $0.int(0) } ?? nil
        return max(greatest ?? 0, try givenID(on: connection) ?? 0)
    }

    /// Sees to it that no id up to this one is given again.
    func continueIDs(after highest: Int64, on connection: any Connection) throws {
        guard highest > 0 else { return }
        switch connection.dialect {
        case .sqlite:
            guard try numbersNeverReturn(on: connection) else { return }
            try connection.execute("DELETE FROM sqlite_sequence WHERE name = \(name)")
            try connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (\(name), \(highest))")
        case .postgres:
            guard let sequence = try sequence(on: connection) else { return }
            try connection.forEach("SELECT setval(CAST(CAST(\(sequence) AS text) AS regclass), \(highest))") { _ in }
        }
    }

    private func givenID(on connection: any Connection) throws -> Int64? {
        switch connection.dialect {
        case .sqlite:
            guard try numbersNeverReturn(on: connection) else { return nil }
            return try connection.first("SELECT seq FROM sqlite_sequence WHERE name = \(name)") { $0.int(0) } ?? nil
        case .postgres:
            guard let sequence = try sequence(on: connection) else { return nil }
            let last = "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM \(sequence)"
            return try connection.first(Query(stringLiteral: last)) { $0.int(0) } ?? nil
        }
    }

    private func numbersNeverReturn(on connection: any Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = \(name) AND sql LIKE '%AUTOINCREMENT%'"
        ) { _ in true } ?? false
    }

    private func sequence(on connection: any Connection) throws -> String? {
        try connection.first("SELECT pg_get_serial_sequence(CAST(\(name) AS text), 'id')") { $0.text(0) } ?? nil
    }
}
