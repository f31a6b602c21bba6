import CLibPQ

/// Rows that libpq holds until the last user of them is gone.
final class PostgresResult {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit { PQclear(result) }

    var rowCount: Int { Int(PQntuples(result)) }

    /// Rows that a command changed or answered.
    var affectedRows: Int {
        PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    /// What the server expects for the parameters of a statement that was described.
    var parameterTypes: [UInt32] {
        (0..<PQnparams(result)).map { PQparamtype(result, $0) }
    }

    var columnCount: Int { Int(PQnfields(result)) }
    func type(_ column: Int) -> UInt32 { PQftype(result, Int32(column)) }

    /// Nil for NULL. The bytes live as long as the result.
    func withBytes<Value>(_ row: Int, _ column: Int, _ read: (UnsafeRawBufferPointer) -> Value) -> Value? {
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return nil }
        return read(UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column))))
    }
}
