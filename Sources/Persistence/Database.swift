/// One database engine, as small as the stores need it. Bodies run on a thread of the engine, never on the
/// cooperative pool, and everything in one `write` commits together or not at all.
///
/// A body may run more than once before its result counts: where transactions work side by side, one that met another
/// on the same rows, or lost its connection before the commit, is rolled back and run again. So a body changes nothing
/// but the database. A commit whose answer was lost is never repeated: it throws `retryable`.
package protocol Database: Sendable {
    var dialect: Dialect { get }

    /// A consistent snapshot; writing in it is an error.
    func read<Result: Sendable>(_ body: @Sendable @escaping (any Connection) throws -> Result) async throws -> Result

    /// Durable commits survive a power cut when the call returns; others may be lost by one, never torn.
    func write<Result: Sendable>(
        durable: Bool, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result

    /// A number that changes when any process commits to this database. Cheap.
    func changeCounter() async throws -> Int64

    /// Lets `wake` be called soon after another process queued work, where the engine can tell. Once for a database.
    func onWork(_ wake: @Sendable @escaping () -> Void)

    /// Gives back space, in quiet times.
    func tidyUp() async throws

    /// Before the last `close`: where the engine has a file, lets that file alone hold everything.
    func emptyLog() async throws

    /// Ends all connections; the database is not used afterwards.
    func close() throws
}

extension Database {
    package func onWork(_ wake: @Sendable @escaping () -> Void) {}
    package func tidyUp() async throws {}
    package func emptyLog() async throws {}

    package func write<Result: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await write(durable: false, body)
    }
}

package enum Dialect: Sendable {
    case sqlite, postgres
}

/// A connection inside a transaction.
package protocol Connection {
    var dialect: Dialect { get }

    /// Answers how many rows were changed.
    @discardableResult
    func execute(_ query: Query) throws -> Int

    /// As `execute`, when nobody needs to know how many rows: on a server it may travel together with what follows,
    /// and its error then comes with a later statement or the commit.
    func perform(_ query: Query) throws

    /// Calls `each` with every row; a row is valid only during the call.
    func forEach(_ query: Query, _ each: (any Row) throws -> Void) throws

    /// As `forEach`, for many rows: few are in memory at a time, and `each` may ask this connection nothing else.
    func stream(_ query: Query, _ each: (any Row) throws -> Void) throws

    /// Runs an INSERT of one row into a table with a column `id`; answers the new id.
    func insert(_ query: Query) throws -> Int64

    /// Inserts many rows, each with a value for every column, by the fastest way that the engine has. Table and columns
    /// are names of the schema, never input.
    func load(_ rows: [[SQLValue]], into table: String, columns: [String]) throws

    /// The server's time of day when the transaction began, microseconds since the epoch; nil where there is no server.
    func serverTime() throws -> Int64?
}

extension Connection {
    package func insert(_ query: Query) throws -> Int64 {
        guard let id = try first(query + " RETURNING id", { $0.int(0) }) ?? nil else {
            preconditionFailure("an INSERT with RETURNING answers one row")
        }
        return id
    }

    package func serverTime() throws -> Int64? { nil }
    package func perform(_ query: Query) throws { try execute(query) }
    package func stream(_ query: Query, _ each: (any Row) throws -> Void) throws { try forEach(query, each) }

    /// Values of one INSERT; SQLite takes no more than 32,766.
    private static var loadedValuesMax: Int { 16_000 }

    package func load(_ rows: [[SQLValue]], into table: String, columns: [String]) throws {
        let values = "(" + columns.map { _ in "?" }.joined(separator: ", ") + ")"
        var rest = rows[...]
        while !rest.isEmpty {
            let some = rest.prefix(max(1, Self.loadedValuesMax / max(1, columns.count)))
            let places = Array(repeating: values, count: some.count).joined(separator: ", ")
            var query = Query(stringLiteral: "INSERT INTO \(table) (\(Self.list(columns))) VALUES \(places)")
            query.binds = some.flatMap(\.self)
            try execute(query)
            rest = rest.dropFirst(some.count)
        }
    }

    /// Names of columns as SQL has them.
    static func list(_ columns: [String]) -> String { columns.map { "\"\($0)\"" }.joined(separator: ", ") }

    package func all<Result>(_ query: Query, _ map: (any Row) throws -> Result) throws -> [Result] {
        var results: [Result] = []
        try forEach(query) { results.append(try map($0)) }
        return results
    }

    /// The first row, or nil.
    package func first<Result>(_ query: Query, _ map: (any Row) throws -> Result) throws -> Result? {
        var result: Result?
        try forEach(query) { row in
            if result == nil { result = try map(row) }
        }
        return result
    }
}

/// Columns by position, from 0. NULL is nil; a column of another type is a programmer error.
package protocol Row {
    func int(_ column: Int) -> Int64?
    func double(_ column: Int) -> Double?
    func text(_ column: Int) -> String?
    func bytes(_ column: Int) -> [UInt8]?
}
