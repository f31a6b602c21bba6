import Persistence
import Synchronization
import UseCases

/// A database on which the queue believes every claim that was ever made: the fence is gone. The simulation must then
/// find doubled effects; if it does not, it would not find them in the real queue either.
package final class UnfencedDatabase: DatabaseWrapper {
    private struct Claims {
        var rows: [Lease: CapturedRow] = [:]
        var presented: [Lease] = []
    }

    package let wrapped: any Database
    private let claims = Mutex(Claims())

    package init(_ base: any Database) {
        wrapped = base
    }

    package func write<Result: Sendable>(
        durable: Bool, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await wrapped.write(durable: durable) { try body(Gullible(base: $0, owner: self)) }
    }

    /// The leases that the next settle brings.
    package func present(_ leases: [Lease]) {
        claims.withLock { $0.presented = leases }
    }

    fileprivate func keep(_ row: CapturedRow) {
        claims.withLock { $0.rows[Lease(taskID: row.int(0) ?? 0, token: row.int(14) ?? 0)] = row }
    }

    /// The presented claims among those that `query` asks for: its first value is a list of task ids.
    fileprivate func believed(by query: Query) -> [CapturedRow] {
        guard case .integers(let list) = query.binds.first else { return [] }
        let ids = Set(list)
        return claims.withLock { claims in
            claims.presented.filter { ids.contains($0.taskID) }.compactMap { claims.rows[$0] }
        }
    }
}

/// Remembers what claims return, and gives it back when a settle looks for what is held.
private struct Gullible: Connection {
    let base: any Connection
    let owner: UnfencedDatabase
    var dialect: Dialect { base.dialect }

    func execute(_ query: Query) throws -> Int { try base.execute(query) }
    func perform(_ query: Query) throws { try base.perform(query) }
    func serverTime() throws -> Int64? { try base.serverTime() }

    func forEach(_ query: Query, _ each: (any Row) throws -> Void) throws {
        let isClaim = query.sql.hasPrefix("UPDATE task SET state") && query.sql.contains("lease = ?")
        let isLook = query.sql.contains("cancel_requested") && query.sql.contains("FROM task WHERE id ")
        let isRemoval = query.sql.hasPrefix("WITH gone AS")
        let believed = isLook || isRemoval ? owner.believed(by: query) : []
        if !believed.isEmpty {
            if isRemoval { try base.forEach(query) { _ in } }
            return try believed.forEach { try each($0) }
        }
        try base.forEach(query) { row in
            if isClaim { owner.keep(CapturedRow(row, columns: 21)) }
            try each(row)
        }
    }
}

/// A row that outlives its statement.
private struct CapturedRow: Row, Sendable {
    private let ints: [Int64?]
    private let texts: [String?]

    /// Of `TaskRow.columns`: kind, state, payload, failure, dedupe key and trace.
    private static let textColumns: Set = [1, 3, 5, 17, 18, 19, 20]

    init(_ row: any Row, columns: Int) {
        ints = (0..<columns).map { Self.textColumns.contains($0) ? nil : row.int($0) }
        texts = (0..<columns).map { Self.textColumns.contains($0) ? row.text($0) : nil }
    }

    func int(_ column: Int) -> Int64? { ints[column] }
    func double(_ column: Int) -> Double? { nil }
    func text(_ column: Int) -> String? { texts[column] }
    func bytes(_ column: Int) -> [UInt8]? { nil }
}
