/// One database engine, as small as the stores need it. Bodies run on a thread of the engine, never on the
/// cooperative pool; they are not retried, and everything in one `write` commits together or not at all.
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
}

extension Database {
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

    /// Calls `each` with every row; a row is valid only during the call.
    func forEach(_ query: Query, _ each: (any Row) throws -> Void) throws

    /// Runs an INSERT of one row into a table with a column `id`; answers the new id.
    func insert(_ query: Query) throws -> Int64
}

extension Connection {
    package func insert(_ query: Query) throws -> Int64 {
        guard let id = try first(query + " RETURNING id", { $0.int(0) }) ?? nil else {
            preconditionFailure("an INSERT with RETURNING answers one row")
        }
        return id
    }

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
