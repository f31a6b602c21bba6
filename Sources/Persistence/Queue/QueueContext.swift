import Domain
import Synchronization
import Telemetry
import UseCases

/// What every part of the queue needs: the database, the catalogue behind it, clocks and chance.
struct QueueContext: Sendable {
    let database: any Database
    let sink: any OutcomeSink
    let clock: MicrosecondClock
    let leaseClock: LeaseClock
    let random: @Sendable () -> UInt64
    let signal: QueueSignal
    /// What became of tasks, until it is written.
    let history = HistoryRecorder()
    /// Nil where nothing is recorded.
    let recorder: TraceRecorder?
    private let notices = WorkNotices()

    init(
        database: any Database, sink: any OutcomeSink, clock: @escaping MicrosecondClock, leaseClock: LeaseClock,
        random: @escaping @Sendable () -> UInt64, signal: QueueSignal,
        recorder: TraceRecorder? = nil
    ) {
        self.database = database
        self.sink = sink
        self.clock = clock
        self.leaseClock = leaseClock
        self.random = random
        self.signal = signal
        self.recorder = recorder
    }

    /// Runs `body` in one transaction; the ledger is written last, and waiting leases hear of new work.
    ///
    /// A durable one, which is done for a client, is not begun when the client's request was given up before its turn
    /// came: who was told to try again must not find the work done twice.
    @discardableResult
    func write<Result: Sendable>(
        durable: Bool = false, worker: Int64 = QueueTransaction.nobody,
        _ body: @Sendable @escaping (inout QueueTransaction) throws -> Result
    ) async throws -> Result {
        guard durable else { return try await run(durable: false, worker: worker, body) }
        let request = ClientRequest()
        return try await withTaskCancellationHandler {
            try await run(durable: true, worker: worker) { transaction in
                if request.isGivenUp { throw CancellationError() }
                return try body(&transaction)
            }
        } onCancel: {
            request.giveUp()
        }
    }

    private func run<Result: Sendable>(
        durable: Bool, worker: Int64, _ body: @Sendable @escaping (inout QueueTransaction) throws -> Result
    ) async throws -> Result {
        // The database's threads know nothing of the task that asks.
        let origin = recorder == nil ? nil : WorkContext.current?.trace
        let (result, hasNewWork, events, now) = try await database.write(durable: durable) { connection in
            var transaction = try QueueTransaction(self, on: connection, worker: worker, origin: origin)
            let result = try body(&transaction)
            try transaction.finish()
            if transaction.hasNewWork { try notices.send(on: connection) }
            return (result, transaction.hasNewWork, transaction.events, transaction.now)
        }
        events.publish(recorder)
        events.record(in: history, at: now)
        if hasNewWork { signal.raise() }
        return result
    }

    /// Time of day and time of leases, in microseconds.
    func times(on connection: any Connection) throws -> (now: Int64, leaseNow: Int64) {
        if leaseClock.isOfServer, let time = try connection.serverTime() { return (time, time) }
        return (clock(), leaseClock.now())
    }

    /// A random positive number: a lease token or an id.
    func randomID() -> Int64 { Int64(bitPattern: random() >> 1) | 1 }

    /// In 0..<1.
    func randomUnit() -> Double { Double(random() >> 11) * 0x1p-53 }
}

/// Tells the thread of a database that nobody waits for its answer any more.
private final class ClientRequest: Sendable {
    private let state = Mutex(false)

    var isGivenUp: Bool { state.withLock { $0 } }

    func giveUp() {
        state.withLock { $0 = true }
    }
}
