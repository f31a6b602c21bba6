import Dispatch

/// One connection to the server with the statements prepared on it.
///
/// Not marked Sendable by the compiler's proof but by this one: every stored property but the constants is touched on
/// `queue` alone, and whoever holds the session from the pool is the only one to use that queue.
final class PostgresSession: @unchecked Sendable {
    enum Mode {
        case snapshot
        case write(durable: Bool)
    }

    let queue = DispatchQueue(label: "sillon.postgres")
    let openedAt = ContinuousClock.now
    private let url: PostgresURL
    private let options: PostgresOptions
    private var connection: LibPQ?
    private var statements: [String: Statement] = [:]
    private var statementCount = 0
    private var lastUse = ContinuousClock.now
    /// Statements that were put on the way and not answered yet.
    private var underWay = 0

    private struct Statement {
        let name: String
        let types: [UInt32]
    }

    /// Statements kept prepared; beyond it all are forgotten.
    private static let maxStatements = 500
    /// Statements that travel together.
    private static let maxUnderWay = 50
    /// A connection that was used this recently is not asked whether it lives.
    private static let pingAfter = Duration.seconds(2)
    private static let pingLimit = Duration.seconds(2)

    init(_ url: PostgresURL, _ options: PostgresOptions) {
        self.url = url
        self.options = options
    }

    /// Runs `body` on the session's own thread.
    func perform<Result: Sendable>(_ body: @Sendable @escaping (PostgresSession) -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body(self)) }
        }
    }

    /// True when the next user can have it.
    var isUsable: Bool { connection?.isIdle ?? false }

    /// The server's version: 150018 for 15.18.
    func serverVersion() throws -> Int {
        try ready().serverVersion
    }

    func close(then done: @Sendable @escaping () -> Void) {
        queue.async {
            self.disconnect()
            done()
        }
    }

    /// On the session's own thread.
    func disconnect() { connection = nil }

    // MARK: transactions

    func transaction<Result>(_ mode: Mode, _ body: (any Connection) throws -> Result) throws -> Result {
        defer { lastUse = .now }
        let connection = try ready()
        let result: Result
        do {
            try begin(mode, connection)
            result = try body(PostgresConnection(session: self))
            try arrive(connection)
        } catch {
            rollback(connection)
            throw error
        }
        try commit(connection)
        return result
    }

    /// What only reads is begun together with its first statement: most have no other.
    private func begin(_ mode: Mode, _ connection: LibPQ) throws {
        switch mode {
        case .snapshot: try perform("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        case .write(durable: false): _ = try connection.run("BEGIN", limit: options.answerLimit)
        case .write(durable: true):
            _ = try connection.run("BEGIN; SET LOCAL synchronous_commit = on", limit: options.answerLimit)
        }
    }

    private func rollback(_ connection: LibPQ) {
        do {
            try forgetUnderWay(connection)
            _ = try connection.run("ROLLBACK", limit: Self.pingLimit)
        } catch {
            self.connection = nil  // the server rolls back what has lost its session
        }
    }

    /// The transaction fails for another reason already.
    private func forgetUnderWay(_ connection: LibPQ) throws(PostgresError) {
        do throws(PostgresError) {
            try arrive(connection)
        } catch {
            if error.isConnectionLost { throw error }
        }
    }

    private func commit(_ connection: LibPQ) throws {
        do {
            _ = try connection.run("COMMIT", limit: options.answerLimit)
        } catch {
            var error = error
            error.isOutcomeUnknown = error.isConnectionLost
            if error.isConnectionLost { self.connection = nil }
            throw error
        }
    }

    // MARK: statements

    func execute(_ query: Query) throws -> PostgresResult {
        let connection = try ready()
        let statement = try statements[query.sql] ?? prepare(query, connection)
        let parameters = try PostgresParameters(query.binds, types: statement.types)
        guard underWay > 0 else {
            return try connection.execute(statement.name, parameters, limit: options.answerLimit)
        }
        underWay = 0
        try connection.enqueue(statement.name, parameters)
        return try connection.collect(limit: options.answerLimit)
    }

    /// Calls `each` with every row, while the others are still at the server.
    func stream(_ query: Query, _ each: (PostgresResult) throws -> Void) throws {
        let connection = try ready()
        try arrive(connection)
        let statement = try statements[query.sql] ?? prepare(query, connection)
        let parameters = try PostgresParameters(query.binds, types: statement.types)
        try connection.stream(statement.name, parameters, limit: options.answerLimit, each)
    }

    /// Puts a statement on the way; its error comes with a later one.
    func perform(_ query: Query) throws {
        let connection = try ready()
        let statement = try statements[query.sql] ?? prepare(query, connection)
        try connection.enqueue(statement.name, try PostgresParameters(query.binds, types: statement.types))
        underWay += 1
        if underWay >= Self.maxUnderWay { try arrive(connection) }
    }

    /// Inserts rows with COPY.
    func load(_ rows: [[SQLValue]], into table: String, columns: String) throws {
        let connection = try ready()
        let shape = try execute(Query(stringLiteral: "SELECT \(columns) FROM \(table) LIMIT 0"))
        let types = (0..<shape.columnCount).map(shape.type)
        let count = try connection.copy(
            "COPY \(table) (\(columns)) FROM STDIN (FORMAT binary)", PostgresCopyData(rows, types: types).bytes,
            limit: options.answerLimit)
        guard count == rows.count else {
            throw PostgresError(state: "XX000", message: "COPY took \(count) of \(rows.count) rows")
        }
    }

    private func arrive(_ connection: LibPQ) throws(PostgresError) {
        guard underWay > 0 else { return }
        underWay = 0
        _ = try connection.collect(limit: options.answerLimit)
    }

    /// Statements without values, one after the other.
    func run(_ sql: String, limit: Duration) throws {
        _ = try ready().run(sql, limit: limit)
    }

    func forgetStatements() throws {
        statements = [:]
        _ = try ready().run("DEALLOCATE ALL", limit: options.answerLimit)
    }

    private func prepare(_ query: Query, _ connection: LibPQ) throws -> Statement {
        try arrive(connection)
        if statements.count >= Self.maxStatements { try forgetStatements() }
        statementCount += 1
        let name = "s\(statementCount)"
        let sql = PostgresSQL.numbered(query.sql)
        try connection.prepare(name, sql, types: query.binds.map(\.postgresType), limit: options.answerLimit)
        let types = try connection.parameterTypes(name, limit: options.answerLimit)
        let statement = Statement(name: name, types: types)
        statements[query.sql] = statement
        return statement
    }

    // MARK: connecting

    /// Connects at first use, and again after a loss; a session in a transaction has its connection.
    private func ready() throws -> LibPQ {
        if let connection { return connection }
        do {
            let onNotice = options.onNotice
            let opened = try LibPQ(url.parameters) { [url] in onNotice(url.withoutPassword($0)) }
            _ = try opened.run(options.sessionSetup, limit: options.answerLimit)
            statements = [:]
            connection = opened
            return opened
        } catch {
            var error = error
            error.message = url.withoutPassword(error.message)
            throw error
        }
    }

    /// Drops a connection that lay idle and does not answer any more; `ready` makes another.
    func ping() {
        guard options.prePing, let connection, ContinuousClock.now - lastUse > Self.pingAfter else { return }
        do {
            _ = try connection.run("SELECT 1", limit: Self.pingLimit)
        } catch {
            self.connection = nil  // found dead: that is what the ping is for
        }
    }
}
