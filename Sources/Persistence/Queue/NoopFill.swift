import Contracts
import Domain
import UseCases

extension DatabaseTaskStore {
    /// Tasks inserted in one transaction.
    private static let fillBatch = 5000

    /// Fills the queue with tasks that do nothing, as other tasks are queued, to measure how fast it drains.
    package func fillNoops(
        _ chain: NoopChain = NoopChain(followers: 0, note: nil), count: Int
    ) async throws {
        let task = Self.noop(chain, runAt: nil)
        try await inBatches(count) { transaction, batch in
            try transaction.enqueue(Array(repeating: task, count: batch))
        }
    }

    /// As `fillNoops`, the fastest way: for tasks that are only there to be in the way of those that are measured.
    ///
    /// - Parameter runAt: microseconds since the epoch; nil means now.
    package func loadNoops(
        _ chain: NoopChain = NoopChain(followers: 0, note: nil), count: Int, runAt: Int64? = nil
    ) async throws {
        let task = Self.noop(chain, runAt: runAt)
        try await inBatches(count) { transaction, batch in try transaction.load(task, count: batch) }
    }

    private static func noop(_ chain: NoopChain, runAt: Int64?) -> EnqueuedTask {
        EnqueuedTask(
            NewTask(payload: .noopChain(chain), priority: .normal, runAt: runAt), scanID: nil, parentID: nil)
    }

    private func inBatches(
        _ count: Int, _ body: @Sendable @escaping (inout QueueTransaction, Int) throws -> Void
    ) async throws {
        var left = count
        while left > 0 {
            let batch = min(left, Self.fillBatch)
            try await context.write { try body(&$0, batch) }
            left -= batch
        }
    }
}
