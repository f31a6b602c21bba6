import Contracts
import Domain
import UseCases

extension DatabaseTaskStore {
    /// Tasks inserted in one transaction.
    private static let fillBatch = 5000

    /// Fills the queue with tasks that do nothing, to measure how fast it drains.
    package func fillNoops(count: Int) async throws {
        var left = count
        while left > 0 {
            let batch = min(left, Self.fillBatch)
            let task = EnqueuedTask(NewTask(payload: .noop, priority: .normal), scanID: nil, parentID: nil)
            try await context.write { transaction in
                try transaction.enqueue(Array(repeating: task, count: batch))
            }
            left -= batch
        }
    }
}
