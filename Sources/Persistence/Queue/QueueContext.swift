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

    /// Runs `body` in one transaction; the ledger is written last, and waiting leases hear of new work.
    @discardableResult
    func write<Result: Sendable>(
        durable: Bool = false, worker: Int64 = QueueTransaction.nobody,
        _ body: @Sendable @escaping (inout QueueTransaction) throws -> Result
    ) async throws -> Result {
        let (result, hasNewWork) = try await database.write(durable: durable) { connection in
            var transaction = QueueTransaction(self, on: connection, worker: worker)
            let result = try body(&transaction)
            try transaction.finish()
            return (result, transaction.hasNewWork)
        }
        if hasNewWork { signal.raise() }
        return result
    }

    /// A random positive number: a lease token or an id.
    func randomID() -> Int64 { Int64(bitPattern: random() >> 1) | 1 }

    /// In 0..<1.
    func randomUnit() -> Double { Double(random() >> 11) * 0x1p-53 }
}
