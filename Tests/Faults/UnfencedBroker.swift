import Contracts
import Domain
import TestSupport
import UseCases

/// Tells the gullible database which leases a settle brings, one settle at a time.
struct UnfencedBroker: TaskBroker {
    let base: any TaskBroker
    let database: UnfencedDatabase
    private let turns = Turns()

    init(base: any TaskBroker, database: UnfencedDatabase) {
        self.base = base
        self.database = database
    }

    func settle(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        try await turns.take {
            database.present(settlements.map(\.lease))
            defer { database.present([]) }
            return try await base.settle(settlements, worker: worker)
        }
    }

    func register(_ worker: WorkerRegistration) async throws { try await base.register(worker) }
    func lease(_ request: LeaseRequest) async throws -> [LeasedTask] { try await base.lease(request) }
    func renew(_ heartbeat: Heartbeat) async throws -> [Int64] { try await base.renew(heartbeat) }
    func cancellations(worker: Int64) async throws -> [Int64] { try await base.cancellations(worker: worker) }
    func deregister(worker: Int64) async throws { try await base.deregister(worker: worker) }
    func beginWalk(lease: Lease) async throws -> [KnownFolder] { try await base.beginWalk(lease: lease) }

    func report(_ listings: [FolderListing], gone: [FilePath], lease: Lease) async throws -> WalkDirective {
        try await base.report(listings, gone: gone, lease: lease)
    }

    func hasAnalysis(contentKey: String, version: String, withFingerprint: Bool) async throws -> Bool {
        try await base.hasAnalysis(
            contentKey: contentKey, version: version, withFingerprint: withFingerprint)
    }
}

/// Lets callers through one after the other, in the order of their coming.
private actor Turns {
    private var last: Task<Void, Never>?

    func take<Result: Sendable>(_ body: @Sendable @escaping () async throws -> Result) async throws -> Result {
        let before = last
        let turn = Task {
            await before?.value
            return try await body()
        }
        // The next one awaits it.
        last = Task { _ = await turn.result }
        return try await turn.value
    }
}
