import Contracts
import Domain
import UseCases

/// Passes everything on, and tells which tasks a lease brought.
struct WatchedBroker: TaskBroker {
    private let broker: any TaskBroker
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

    func settle(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        try await broker.settle(settlements, worker: worker)
    }

    func register(_ worker: WorkerRegistration) async throws { try await broker.register(worker) }
    func renew(_ heartbeat: Heartbeat) async throws -> [Int64] { try await broker.renew(heartbeat) }
    func cancellations(worker: Int64) async throws -> [Int64] { try await broker.cancellations(worker: worker) }
    func deregister(worker: Int64) async throws { try await broker.deregister(worker: worker) }
    func beginWalk(lease: Lease) async throws -> [KnownFolder] { try await broker.beginWalk(lease: lease) }

    func report(_ listings: [FolderListing], lease: Lease) async throws -> WalkDirective {
        try await broker.report(listings, lease: lease)
    }

    func hasAnalysis(contentKey: String, version: String) async throws -> Bool {
        try await broker.hasAnalysis(contentKey: contentKey, version: version)
    }
}
