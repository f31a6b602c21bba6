import Contracts
import Domain
import UseCases

extension DatabaseTaskStore {
    /// Tasks inserted in one transaction.
    private static let fillBatch = 5000

    /// Fills the queue with tasks that do nothing, to measure how fast it drains.
    ///
    /// - Parameter runAt: microseconds since the epoch; nil means now.
    package func fillNoops(
        _ chain: NoopChain = NoopChain(followers: 0, note: nil), count: Int, runAt: Int64? = nil
    ) async throws {
        let task = EnqueuedTask(
            NewTask(payload: .noopChain(chain), priority: .normal, runAt: runAt), scanID: nil, parentID: nil)
        var left = count
        while left > 0 {
            let batch = min(left, Self.fillBatch)
            try await context.write { transaction in
                try transaction.load(task, count: batch)
            }
            left -= batch
        }
    }
}
