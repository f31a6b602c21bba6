/// A column by its name and portable type.
struct StoredColumn: Hashable, Sendable {
    enum Kind: Sendable {
        case integer, double, text, bytes
    }

    let name: String
    let kind: Kind

    init(name: String, declared: String) throws {
        self.name = name
        kind =
            switch declared {
            case "INTEGER", "smallint", "integer", "bigint": .integer
            case "REAL", "double precision": .double
            case "TEXT", "text": .text
            case "BLOB", "bytea": .bytes
            default: throw TransferError.unknownType(column: name, type: declared)
            }
    }

    func value(_ row: any Row, _ number: Int) -> SQLValue {
        switch kind {
        case .integer: row.int(number).map(SQLValue.integer) ?? .null
        case .double: row.double(number).map(SQLValue.double) ?? .null
        case .text: row.text(number).map(SQLValue.text) ?? .null
        case .bytes: row.bytes(number).map(SQLValue.bytes) ?? .null
        }
    }
}
