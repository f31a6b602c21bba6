import Contracts
import Domain
import UseCases

/// A broker that passes everything on; who measures says only what it does with the calls that it is about.
protocol BrokerWrapper: TaskBroker {
    var broker: any TaskBroker { get }
}

extension BrokerWrapper {
    func register(_ worker: WorkerRegistration) async throws { try await broker.register(worker) }
    func lease(_ request: LeaseRequest) async throws -> [LeasedTask] { try await broker.lease(request) }
    func renew(_ heartbeat: Heartbeat) async throws -> [Int64] { try await broker.renew(heartbeat) }
    func cancellations(worker: Int64) async throws -> [Int64] { try await broker.cancellations(worker: worker) }
    func deregister(worker: Int64) async throws { try await broker.deregister(worker: worker) }
    func beginWalk(lease: Lease) async throws -> [KnownFolder] { try await broker.beginWalk(lease: lease) }

    func settle(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        try await broker.settle(settlements, worker: worker)
    }

    func report(_ listings: [FolderListing], gone: [FilePath], lease: Lease) async throws -> WalkDirective {
        try await broker.report(listings, gone: gone, lease: lease)
    }

    func hasAnalysis(contentKey: String, version: String, withFingerprint: Bool) async throws -> Bool {
        try await broker.hasAnalysis(
            contentKey: contentKey, version: version, withFingerprint: withFingerprint)
    }
}
