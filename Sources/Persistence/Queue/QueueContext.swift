import Domain
import UseCases

/// What every part of the queue needs: the database, the catalogue behind it, clocks and chance.
struct QueueContext: Sendable {
    let database: any Database
    let sink: any OutcomeSink
    let clock: MicrosecondClock
    let leaseClock: LeaseClock
    let random: @Sendable () -> UInt64
    let signal: QueueSignal
    private let notices = WorkNotices()

    init(
        database: any Database, sink: any OutcomeSink, clock: @escaping MicrosecondClock, leaseClock: LeaseClock,
        random: @escaping @Sendable () -> UInt64, signal: QueueSignal
    ) {
        self.database = database
        self.sink = sink
        self.clock = clock
        self.leaseClock = leaseClock
        self.random = random
        self.signal = signal
    }

    /// Runs `body` in one transaction; the ledger is written last, and waiting leases hear of new work.
    @discardableResult
    func write<Result: Sendable>(
        durable: Bool = false, worker: Int64 = QueueTransaction.nobody,
        _ body: @Sendable @escaping (inout QueueTransaction) throws -> Result
    ) async throws -> Result {
        let (result, hasNewWork) = try await database.write(durable: durable) { connection in
            var transaction = try QueueTransaction(self, on: connection, worker: worker)
            let result = try body(&transaction)
            try transaction.finish()
            if transaction.hasNewWork { try notices.send(on: connection) }
            return (result, transaction.hasNewWork)
        }
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
