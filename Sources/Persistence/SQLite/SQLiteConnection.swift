import GRDB
import GRDBSQLite
import UseCases

/// Runs queries as cached statements. Stepping by hand, without GRDB's row objects, halves the cost of a settle.
struct SQLiteConnection: Connection {
    let database: GRDB.Database
    var dialect: Dialect { .sqlite }

    @discardableResult
    func execute(_ query: Query) throws -> Int {
        try run(query) { _ in }
        return Int(sqlite3_changes(database.sqliteConnection))
    }

    /// `each` must not run the very same query: it would reset the statement that is being read.
    func forEach(_ query: Query, _ each: (any Row) throws -> Void) throws {
        try run(query) { try each(SQLiteRow(statement: $0)) }
    }

    /// Not with RETURNING, for which SQLite fills a table of its own and prepares to undo the row: half the cost again.
    func insert(_ query: Query) throws -> Int64 {
        try run(query) { _ in }
        return sqlite3_last_insert_rowid(database.sqliteConnection)
    }

    private func run(_ query: Query, _ each: (OpaquePointer) throws -> Void) throws {
        let statement = try database.cachedStatement(sql: query.sql)
        let handle = statement.sqliteStatement
        try bind(query.binds, to: handle)
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try each(handle)
            case SQLITE_DONE: return
            case let code: throw failure(code, query)
            }
        }
    }

    private func bind(_ values: [SQLValue], to handle: OpaquePointer) throws {
        precondition(Int(sqlite3_bind_parameter_count(handle)) == values.count, "a query binds every placeholder once")
        for (offset, value) in values.enumerated() {
            let index = Int32(offset + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(handle, index)
                case .integer(let number): sqlite3_bind_int64(handle, index, number)
                case .double(let number): sqlite3_bind_double(handle, index, number)
                case .text(let text): bindText(text, to: handle, at: index)
                case .bytes(let bytes): bindBytes(bytes, to: handle, at: index)
                case .integers(let list): bindText(Self.json(list), to: handle, at: index)
                }
            guard code == SQLITE_OK else { throw failure(code, nil) }
        }
    }

    private static func json(_ list: [Int64]) -> String {
        "[" + list.lazy.map(String.init).joined(separator: ",") + "]"
    }

    private func bindText(_ text: String, to handle: OpaquePointer, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(handle, index, $0.baseAddress ?? Self.empty, Int32($0.count), Self.transient)
            }
        }
    }

    private func bindBytes(_ bytes: [UInt8], to handle: OpaquePointer, at index: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            buffer.isEmpty
                ? sqlite3_bind_zeroblob(handle, index, 0)
                : sqlite3_bind_blob(handle, index, buffer.baseAddress, Int32(buffer.count), Self.transient)
        }
    }

    private func failure(_ code: Int32, _ query: Query?) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection)),
            message: String(cString: sqlite3_errmsg(database.sqliteConnection)),
            sql: query?.sql)
    }

    /// SQLite copies the bytes before the call returns.
    private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
    /// A null pointer would bind NULL instead of "". The pointer lives as long as the process.
    private nonisolated(unsafe) static let empty: UnsafePointer<CChar> = {
        let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        pointer.initialize(to: 0)
        return UnsafePointer(pointer)
    }()
}

struct SQLiteRow: Row {
    let statement: OpaquePointer

    func int(_ column: Int) -> Int64? {
        isNull(column) ? nil : sqlite3_column_int64(statement, Int32(column))
    }

    func double(_ column: Int) -> Double? {
        isNull(column) ? nil : sqlite3_column_double(statement, Int32(column))
    }

    func text(_ column: Int) -> String? {
        guard !isNull(column), let start = sqlite3_column_text(statement, Int32(column)) else { return nil }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int) -> [UInt8]? {
        guard !isNull(column) else { return nil }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        guard count > 0, let start = sqlite3_column_blob(statement, Int32(column)) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
    }
}
