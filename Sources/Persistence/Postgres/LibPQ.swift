import CLibPQ
import Glibc

/// One connection of PostgreSQL's C library. Every call may block its thread, but never beyond its time limit.
///
/// Only this type and `PostgresResult` know the library. Nothing of C leaves it but copies, and results that own their memory.
final class LibPQ {
    let connection: OpaquePointer
    private let notices: NoticeBox

    private final class NoticeBox {
        let show: @Sendable (String) -> Void
        init(_ show: @escaping @Sendable (String) -> Void) { self.show = show }
    }

    /// Connects. libpq itself holds to the parameter `connect_timeout`.
    init(_ parameters: [String: String], onNotice: @escaping @Sendable (String) -> Void) throws(PostgresError) {
        let pairs = parameters.sorted { $0.key < $1.key }
        let opened = Self.withCStrings(pairs.map(\.key)) { keywords in
            Self.withCStrings(pairs.map(\.value)) { values in PQconnectdbParams(keywords, values, 0) }
        }
        guard let opened else { throw .lost("out of memory for a connection") }
        guard PQstatus(opened) == CONNECTION_OK, PQsetnonblocking(opened, 1) == 0 else {
            defer { PQfinish(opened) }
            let why = Self.text(PQerrorMessage(opened))
            throw PostgresError(state: Self.state(ofRefusal: why), message: why, isConnectionLost: true)
        }
        connection = opened
        notices = NoticeBox(onNotice)
        PQsetNoticeProcessor(
            connection,
            { box, message in
                guard let box, let message else { return }
                Unmanaged<NoticeBox>.fromOpaque(box).takeUnretainedValue().show(LibPQ.text(message))
            }, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit { PQfinish(connection) }

    // MARK: statements

    /// One or more statements without values; answers the last one's result. Columns come as text.
    func run(_ sql: String, limit: Duration) throws(PostgresError) -> PostgresResult {
        guard PQsendQuery(connection, sql) == 1 else { throw failure() }
        return try result(limit)
    }

    /// - Parameter types: type numbers of the parameters, 0 where the server is to find out.
    func prepare(_ name: String, _ sql: String, types: [UInt32], limit: Duration) throws(PostgresError) {
        guard PQsendPrepare(connection, name, sql, Int32(types.count), types) == 1 else { throw failure() }
        _ = try result(limit)
    }

    /// The types that the server expects for the parameters of a prepared statement.
    func parameterTypes(_ name: String, limit: Duration) throws(PostgresError) -> [UInt32] {
        guard PQsendDescribePrepared(connection, name) == 1 else { throw failure() }
        return try result(limit).parameterTypes
    }

    /// Values and columns are in binary form.
    func execute(
        _ name: String, _ parameters: PostgresParameters, limit: Duration
    ) throws(PostgresError) -> PostgresResult {
        let isSent = parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, Int32(lengths.count), values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw failure() }
        return try result(limit)
    }

    /// As `execute`, row by row: the library holds one at a time. What is left after `each` has thrown is read and forgotten.
    /// - Parameter limit: How long the server may let the next row wait.
    func stream(
        _ name: String, _ parameters: PostgresParameters, limit: Duration, _ each: (PostgresResult) throws -> Void
    ) throws {
        let isSent = parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, Int32(lengths.count), values, lengths, formats, 1)
        }
        guard isSent == 1, PQsetSingleRowMode(connection) == 1 else { throw failure() }
        var problem: (any Error)?
        while true {
            try waitForResult(until: ContinuousClock.now + limit)
            guard let answer = PQgetResult(connection) else { break }
            let result = PostgresResult(answer)
            switch PQresultStatus(answer) {
            case PGRES_SINGLE_TUPLE where problem == nil:
                do { try each(result) } catch { problem = error }
            case PGRES_FATAL_ERROR: problem = problem ?? failure(answer)
            default: break  // the end, or a row that nobody wants any more
            }
        }
        if var lost = problem as? PostgresError {
            lost.isConnectionLost = lost.isConnectionLost || isLost
            throw lost
        }
        if let problem { throw problem }
    }

    // MARK: several statements on one way

    /// Puts a statement into the next `collect`, without waiting.
    func enqueue(_ name: String, _ parameters: PostgresParameters) throws(PostgresError) {
        if PQpipelineStatus(connection) == PQ_PIPELINE_OFF, PQenterPipelineMode(connection) != 1 { throw failure() }
        let isSent = parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, Int32(lengths.count), values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw failure() }
    }

    /// Waits for all that was put in, and answers the last result. Throws the first error among them.
    func collect(limit: Duration) throws(PostgresError) -> PostgresResult {
        guard PQpipelineSync(connection) == 1 else { throw failure() }
        let deadline = ContinuousClock.now + limit
        var last: PostgresResult?
        var problem: PostgresError?
        var isAtEnd = false
        while !isAtEnd {
            try waitForResult(until: deadline)
            guard let answer = PQgetResult(connection) else {
                // Between the answers of two statements.
                guard !isLost, ContinuousClock.now < deadline else { throw failure() }
                continue
            }
            let result = PostgresResult(answer)
            switch PQresultStatus(answer) {
            case PGRES_PIPELINE_SYNC: isAtEnd = true
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: last = result
            case PGRES_FATAL_ERROR: problem = problem ?? failure(answer)
            default: break  // what comes after the first error is not carried out
            }
        }
        guard PQexitPipelineMode(connection) == 1 else { throw failure() }
        if let problem { throw problem }
        guard let last else { throw failure() }
        return last
    }

    /// True between transactions, when the next statement may be sent.
    var isIdle: Bool { PQstatus(connection) == CONNECTION_OK && PQtransactionStatus(connection) == PQTRANS_IDLE }
    var isLost: Bool { PQstatus(connection) != CONNECTION_OK }
    var serverVersion: Int { Int(PQserverVersion(connection)) }
    var socket: Int32 { PQsocket(connection) }

    /// Waits for the next notification; false when none came in time.
    func waitForNotification(limit: Duration) throws(PostgresError) -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            var hasSome = false
            while let note = PQnotifies(connection) {
                PQfreemem(note)
                hasSome = true
            }
            if hasSome { return true }
            guard try wait(for: Int16(POLLIN), until: deadline) else { return false }
            guard PQconsumeInput(connection) == 1 else { throw failure() }
        }
    }

    // MARK: waiting

    /// Sends what is buffered, reads all answers, and keeps the last. Throws the first error among them.
    func result(_ limit: Duration) throws(PostgresError) -> PostgresResult {
        let deadline = ContinuousClock.now + limit
        var last: PostgresResult?
        var problem: PostgresError?
        while true {
            try waitForResult(until: deadline)
            guard let answer = PQgetResult(connection) else { break }
            let result = PostgresResult(answer)
            switch PQresultStatus(answer) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: last = result
            case PGRES_FATAL_ERROR: problem = problem ?? failure(answer)
            default: throw .lost("the server began what nobody asked for")
            }
        }
        if var problem {
            problem.isConnectionLost = problem.isConnectionLost || isLost
            throw problem
        }
        guard let last else { throw failure() }
        return last
    }

    /// Returns when everything is sent. Reads meanwhile: a server that waits to be read takes nothing more in.
    func send(until deadline: ContinuousClock.Instant) throws(PostgresError) {
        while true {
            let unsent = PQflush(connection)
            guard unsent >= 0 else { throw failure() }
            if unsent == 0 { return }
            guard try wait(for: Int16(POLLIN | POLLOUT), until: deadline) else {
                throw .lost("the database did not answer in time")
            }
            guard PQconsumeInput(connection) == 1 else { throw failure() }
        }
    }

    /// Returns when the next result can be taken without waiting.
    func waitForResult(until deadline: ContinuousClock.Instant) throws(PostgresError) {
        while true {
            let unsent = PQflush(connection)
            guard unsent >= 0 else { throw failure() }
            if unsent == 0, PQisBusy(connection) == 0 { return }
            guard try wait(for: Int16(unsent == 0 ? POLLIN : POLLIN | POLLOUT), until: deadline) else {
                throw .lost("the database did not answer in time")
            }
            guard PQconsumeInput(connection) == 1 else { throw failure() }
        }
    }

    /// False when the deadline has passed.
    private func wait(for events: Int16, until deadline: ContinuousClock.Instant) throws(PostgresError) -> Bool {
        var descriptor = pollfd(fd: PQsocket(connection), events: events, revents: 0)
        while true {
            let left = (deadline - ContinuousClock.now) / .milliseconds(1)
            guard left > 0 else { return false }
            switch poll(&descriptor, 1, Int32(min(left.rounded(.up), 60_000))) {
            case 0: continue
            case 1...: return true
            default: guard errno == EINTR else { throw .lost("the connection cannot be watched") }
            }
        }
    }

    // MARK: errors

    func failure() -> PostgresError {
        PostgresError(state: "", message: Self.text(PQerrorMessage(connection)), isConnectionLost: isLost)
    }

    /// Only the first line of the server's report: its details repeat values of rows.
    func failure(_ result: OpaquePointer) -> PostgresError {
        let state = Self.field("C", of: result)
        guard !state.isEmpty else { return failure() }
        return PostgresError(state: state, message: Self.field("M", of: result))
    }

    private static func field(_ code: Unicode.Scalar, of result: OpaquePointer) -> String {
        PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) } ?? ""
    }

    private static func text(_ message: UnsafePointer<CChar>?) -> String {
        guard let message else { return "no message" }
        var text = String(cString: message)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies.map { UnsafePointer($0) } + [nil])
    }
}
