import Synchronization
import UseCases

/// The vectors of one model in a table that the database searches by itself; none is kept in this process.
///
/// The table follows the log of changes, as an index in memory does. How far it is filled stands in the same transaction
/// as the rows, so any process may go on where another one was killed, and two of them do not do the same work.
package final class PgvectorVectors: NearestVectors {
    struct State: Sendable {
        let entry: PgvectorRegistry.Entry
        let version: PgvectorVersion
        var isIndexed: Bool
    }

    let database: PostgresDatabase
    package let model: String
    private let firstDimension: Int
    let tell: @Sendable (PgvectorEvent) -> Void
    /// Nil until the table is known to be there, and again when it was found gone.
    private let state = Mutex<State?>(nil)
    let isBuilding = Mutex(false)
    private let catchingUp = SharedRun()

    /// Changes that a question waits for, some milliseconds each where there is an index.
    private static let waitedFor = 2000
    private static let retrySeconds: Double = 10

    /// - Parameter dimension: Of the first table; vectors of another length make another one when they are the most.
    package init(
        database: PostgresDatabase, model: String, dimension: Int, tell: @escaping @Sendable (PgvectorEvent) -> Void
    ) {
        self.database = database
        self.model = model
        firstDimension = dimension
        self.tell = tell
    }

    package var held: Int? { nil }
    package var dimension: Int {
        get async throws { try await reporting { try await current().entry.table.column.dimension } }
    }

    // MARK: the table

    /// Looks for the extension, installs it where it may, and makes the table. Throws `PgvectorProblem`.
    package func prepare() async throws { try await prepare(installing: true) }

    /// - Parameter installing: Only at the start: who drops the extension under a running server means it.
    @discardableResult
    private func prepare(installing: Bool) async throws -> State {
        let (model, dimension) = (model, firstDimension)
        let (state, version) = try await database.write { connection in
            let found = PgvectorExtension(connection: connection)
            let version = try found.require(installing: installing)
            try found.requireTables()
            let entry = try PgvectorRegistry(connection: connection).prepare(
                model: model, dimension: dimension, version: version)
            let isIndexed = try entry.table.indexState(connection) == .ready
            return (State(entry: entry, version: version, isIndexed: isIndexed), try found.installed() ?? "")
        }
        self.state.withLock { $0 = state }
        let column = state.entry.table.column
        tell(.prepared(version: version, column: column.type))
        if !column.mayBeIndexed { tell(.tooLongForIndex(column.dimension)) }
        return state
    }

    func current() async throws -> State {
        if let state = state.withLock({ $0 }) { return state }
        return try await prepare(installing: false)
    }

    func setIndexed() { state.withLock { $0?.isIndexed = true } }

    /// An empty table for vectors of another length.
    func begin(anew dimension: Int, in old: State) async throws {
        let model = model
        let entry = try await database.write { connection in
            try PgvectorRegistry(connection: connection).remake(
                model: model, dimension: dimension, version: old.version)
        }
        state.withLock { $0 = State(entry: entry, version: old.version, isIndexed: false) }
    }

    // MARK: keeping up

    /// The table may be behind for other reasons than this change, so it is always asked.
    package func catchUp(until last: Int64) async throws {
        try await reporting {
            switch try await behind() {
            case 0: return
            case Self.waitedFor...:
                throw SimilarityProblem.away(
                    "the vectors are being copied to where the database searches them; the server's log says how far "
                        + "that is", seconds: Self.retrySeconds)
            default: try await catchingUp.join { [self] in _ = try await fill() }
            }
        }
    }

    /// A table that was dropped, as by a restore, is made anew.
    func behind() async throws -> Int {
        if let count = try await knownBehind() { return count }
        forget()
        guard let count = try await knownBehind() else { throw PgvectorProblem.gone }
        return count
    }

    /// Nil for a table that is no more.
    private func knownBehind() async throws -> Int? {
        let state = try await current()
        do {
            return try await read { connection in
                try PgvectorRegistry(connection: connection).behind(state.entry, atMost: Self.waitedFor)
            }
        } catch PgvectorProblem.gone {
            return nil
        }
    }

    // MARK: answers

    package func nearest(to point: [Float], limit: Int, passing gate: VectorGate) async throws -> [Neighbour] {
        guard limit > 0 else { return [] }
        return try await reporting {
            let state = try await current()
            guard point.count == state.entry.table.column.dimension else {
                throw SimilarityProblem.away("the model's vectors have another length now", seconds: 1)
            }
            var plan = PgvectorPlan(
                limit: limit, isIndexed: state.isIndexed, iterates: state.version.hasIterativeScans)
            var (seen, passed): (Int, [Neighbour]) = (0, [])
            while let scan = plan.next(seen: seen, passed: passed.count) {
                let found = try await read { try state.entry.table.candidates(near: point, scan, $0) }
                seen = found.count
                passed = found.filter { gate.admits($0.id) }
                if passed.count >= limit { return Self.best(limit, of: passed) }
            }
            let ids = gate.admitted()
            guard !ids.isEmpty else { return [] }
            return try await read { try state.entry.table.best(near: point, among: ids, limit: limit, $0) }
        }
    }

    package func vectors(of ids: [Int64]) async throws -> [Int64: [Float]] {
        guard !ids.isEmpty else { return [:] }
        return try await reporting {
            let state = try await current()
            return try await read { try state.entry.table.vectors(of: ids, $0) }
        }
    }

    private static func best(_ limit: Int, of found: [Neighbour]) -> [Neighbour] {
        Array(found.sorted { $0.score > $1.score || ($0.score == $1.score && $0.id < $1.id) }.prefix(limit))
    }

    // MARK: what may be missing

    private func forget() { state.withLock { $0 = nil } }

    /// The table is looked for anew after it was missing.
    func forgetting<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let problem as PgvectorProblem {
            forget()
            throw problem
        }
    }

    /// To whoever asks, what is missing may come later.
    private func reporting<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await forgetting(body)
        } catch let problem as PgvectorProblem {
            throw SimilarityProblem.away(problem.description, seconds: Self.retrySeconds)
        }
    }

    func read<Result: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await database.read { connection in try PgvectorProblem.recognised { try body(connection) } }
    }

    func write<Result: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await database.write { connection in try PgvectorProblem.recognised { try body(connection) } }
    }
}

extension PgvectorProblem {
    /// No such table, column, type or function, or no library behind it.
    private static let goneStates: Set<String> = ["42P01", "42703", "42704", "42883", "58P01"]

    static func recognised<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as PostgresError where goneStates.contains(error.state) {
            throw PgvectorProblem.gone
        }
    }
}
