extension Query {
    /// A subquery that yields `ids`, in one bind whatever their number.
    static func ids(_ ids: [Int64], _ dialect: Dialect) -> Query {
        let list = ids.lazy.map(String.init).joined(separator: ",")
        return switch dialect {
        case .sqlite: "SELECT value FROM json_each(\("[" + list + "]"))"
        case .postgres: "SELECT unnest(CAST(\("{" + list + "}") AS bigint[]))"
        }
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
