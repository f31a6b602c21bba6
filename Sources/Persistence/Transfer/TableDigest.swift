import Crypto
import Domain

/// What a table holds, in a form that is the same on every engine.
package struct TableDigest: Hashable, Sendable, CustomStringConvertible {
    package let table: String
    package let rows: Int
    /// SHA-256 over all rows in the order of their key.
    package let checksum: String
    /// The highest id ever given; nil where ids are not given. Not part of the comparison of tables, since an engine
    /// may skip ids.
    package let highestID: Int64?

    package var description: String { "\(rows) rows, \(checksum.prefix(16))" }

    func holdsTheSame(as other: TableDigest) -> Bool { rows == other.rows && checksum == other.checksum }

    /// Of all tables, in one snapshot.
    static func all(
        on connection: any Connection, each: (TableDigest) -> Void = { _ in }
    ) throws -> [TableDigest] {
        try StoredTable.all.map { table in
            let columns = try table.columns(on: connection)
            var builder = Builder(table, columns)
            try table.forEachChunk(columns, on: connection) { builder.add($0) }
            // An older schema has fewer tables.
            let highest = columns.isEmpty ? nil : try table.highestID(on: connection)
            let digest = builder.digest(highestID: highest)
            each(digest)
            return digest
        }
    }

    /// Throws `TransferError.differs` for the first table that is not the same.
    static func compare(_ source: [TableDigest], _ target: [TableDigest]) throws {
        for (one, other) in zip(source, target) where !one.holdsTheSame(as: other) {
            throw TransferError.differs(table: one.table, source: "\(one)", target: "\(other)")
        }
    }

    /// Adds up rows: each value as its type, its length and its bytes.
    struct Builder {
        private let table: String
        private var rows = 0
        private var hash = SHA256()

        init(_ table: StoredTable, _ columns: [StoredColumn]) {
            self.table = table.name
            for column in columns { hash.update(data: Array("\(column.name):\(column.kind);".utf8)) }
        }

        mutating func add(_ chunk: [[SQLValue]]) {
            rows += chunk.count
            var bytes: [UInt8] = []
            for row in chunk {
                for value in row { Self.append(value, to: &bytes) }
            }
            hash.update(data: bytes)
        }

        func digest(highestID: Int64?) -> TableDigest {
            TableDigest(
                table: table, rows: rows, checksum: Hex.encode(Array(hash.finalize())), highestID: highestID)
        }

        private static func append(_ value: SQLValue, to bytes: inout [UInt8]) {
            switch value {
            case .null: bytes.append(0)
            case .integer(let number): append(1, UInt64(bitPattern: number), to: &bytes)
            // SQLite keeps no negative zero.
            case .double(let number): append(2, (number == 0 ? 0 : number).bitPattern, to: &bytes)
            case .text(let text):
                append(3, UInt64(text.utf8.count), to: &bytes)
                bytes.append(contentsOf: text.utf8)
            case .bytes(let some):
                append(4, UInt64(some.count), to: &bytes)
                bytes.append(contentsOf: some)
            case .integers: preconditionFailure("no column holds a list")
            }
        }

        private static func append(_ kind: UInt8, _ number: UInt64, to bytes: inout [UInt8]) {
            bytes.append(kind)
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
    }
}
