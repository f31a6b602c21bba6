extension Query {
    /// The second half of "column is one of these", in one bind whatever their number. On PostgreSQL it is a condition
    /// of the index; a subquery would be a join, which a table that nobody has analysed yet makes a nested loop.
    static func among(_ ids: [Int64], _ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite: "IN (SELECT value FROM json_each(\(.integers(ids))))"
        case .postgres: "= ANY(\(.integers(ids)))"
        }
    }

    /// - Parameter texts: Some, and few: each makes the statement longer.
    static func oneOf(_ texts: [String]) -> Query {
        var query: Query = "IN ("
        for (place, text) in texts.enumerated() { query = query + (place == 0 ? "\(text)" : ", \(text)") }
        return query + ")"
    }

    /// Takes a row lock where rows are locked at all; SQLite has one writer.
    static func forUpdate(_ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite: ""
        case .postgres: " FOR UPDATE"
        }
    }

    /// As `forUpdate`, and leaves out rows that somebody else has locked.
    static func forUpdateSkippingLocked(_ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite: ""
        case .postgres: " FOR UPDATE SKIP LOCKED"
        }
    }
}

extension Connection {
    /// Holds others off until the transaction ends, where they could be in the way: one name, one holder.
    func lock(_ name: String) throws {
        guard dialect == .postgres else { return }
        try forEach("SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))") { _ in }
    }
}
