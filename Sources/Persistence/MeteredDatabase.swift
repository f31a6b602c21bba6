import CoreMetrics
import Synchronization
import Telemetry
import UseCases

/// A database whose transactions are timed and counted.
package final class MeteredDatabase: Database {
    private let engine: any Database
    private let reads: Meters
    private let writes: Meters

    package init(_ engine: any Database) {
        self.engine = engine
        reads = Meters(.read)
        writes = Meters(.write)
    }

    package var dialect: Dialect { engine.dialect }

    package func read<Result: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await reads.measure { passage in
            try await self.engine.read { connection in
                passage.begin()
                return try body(connection)
            }
        }
    }

    package func write<Result: Sendable>(
        durable: Bool, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await writes.measure { passage in
            try await self.engine.write(durable: durable) { connection in
                passage.begin()
                return try body(connection)
            }
        }
    }

    package func changeCounter() async throws -> Int64 { try await engine.changeCounter() }
    package func onWork(_ wake: @Sendable @escaping () -> Void) { engine.onWork(wake) }
    package func tidyUp() async throws { try await engine.tidyUp() }
    package func emptyLog() async throws { try await engine.emptyLog() }
    package func close() throws { try engine.close() }
}

/// Held, not looked up: small transactions take some dozen microseconds.
private struct Meters: Sendable {
    private let access: DatabaseAccess
    private let waitSeconds: Recorder
    private let transactionSeconds: Recorder
    private let waiting: Meter
    private let busy: Meter

    init(_ access: DatabaseAccess) {
        self.access = access
        waitSeconds = Metrics.database.waitSeconds.recorder(access)
        transactionSeconds = Metrics.database.transactionSeconds.recorder(access)
        waiting = Metrics.database.connections.meter(.waiting)
        busy = Metrics.database.connections.meter(.busy)
    }

    func measure<Result>(_ transaction: (Passage) async throws -> Result) async throws -> Result {
        let passage = Passage(waiting: waiting, busy: busy)
        defer { passage.end() }
        do {
            let result = try await transaction(passage)
            if let times = passage.times {
                waitSeconds.record(times.waiting / .seconds(1))
                transactionSeconds.record(times.running / .seconds(1))
            }
            return result
        } catch {
            if let error = DatabaseError(error) { Metrics.database.errors.count(access, error) }
            throw error
        }
    }
}

/// One transaction on its way: it waits for a connection, then it runs, perhaps several times.
private final class Passage: Sendable {
    private let waiting: Meter
    private let busy: Meter
    private let start = ContinuousClock.now
    private let begun = Mutex<ContinuousClock.Instant?>(nil)

    init(waiting: Meter, busy: Meter) {
        self.waiting = waiting
        self.busy = busy
        waiting.increment()
    }

    /// Only the first try ends the wait.
    func begin() {
        let isFirst = begun.withLock { begun in
            defer { if begun == nil { begun = .now } }
            return begun == nil
        }
        guard isFirst else { return }
        waiting.decrement()
        busy.increment()
    }

    var times: (waiting: Duration, running: Duration)? {
        begun.withLock { $0 }.map { ($0 - start, .now - $0) }
    }

    func end() {
        if begun.withLock({ $0 }) == nil { waiting.decrement() } else { busy.decrement() }
    }
}

extension DatabaseError {
    /// Nil for what the database is not to blame for: what is asked for is not there, say.
    init?(_ error: any Error) {
        switch error as? StoreError {
        case .retryable: self = .retryable
        case .outOfSpace: self = .outOfSpace
        case .fatal: self = .fatal
        case .notFound, .conflict, .preconditionFailed, nil: return nil
        }
    }
}
