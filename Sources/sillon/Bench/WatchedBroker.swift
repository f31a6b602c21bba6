import Contracts
import Domain
import UseCases

/// Tells which tasks a lease brought.
struct WatchedBroker: BrokerWrapper {
    let broker: any TaskBroker
    private let picked: @Sendable (Int64) -> Void

    init(_ broker: any TaskBroker, picked: @escaping @Sendable (Int64) -> Void) {
        self.broker = broker
        self.picked = picked
    }

    func lease(_ request: LeaseRequest) async throws -> [LeasedTask] {
        let tasks = try await broker.lease(request)
        for task in tasks { picked(task.lease.taskID) }
        return tasks
    }
}
