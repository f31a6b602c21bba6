import Contracts
import Domain
import Synchronization
import UseCases

/// A queue in memory with the broker's manners and nothing else, so that the worker's own behaviour can be seen.
final class ScriptedBroker: TaskBroker {
    struct State {
        var ready: [LeasedTask] = []
        var settled: [Settlement] = []
        var cancelled: [Int64] = []
        var registrations: [WorkerRegistration] = []
        var deregistrations = 0
        /// As a server that takes the request and never answers.
        var isSilent = false
        /// Registrations that are waited for.
        var waiting = 0
        var heartbeats: [Heartbeat] = []
        var settleFailuresLeft = 0
        /// Thrown by the next walks when they begin.
        var walkErrors: [StoreError] = []
        var largestLease = 0
        var known: [KnownFolder] = []
        var listings: [FolderListing] = []
        /// Answered to the next report.
        var suspects: [FilePath] = []
        var gone: [FilePath] = []
        var stopAfterReports = Int.max
        var reports = 0
        var analyzedKeys: Set<String> = []
        var analyzedVersions: Set<String> = [AudioAnalysis.currentVersion]
        var hasFingerprints = false
    }

    let state = Mutex(State())
    private let (changes, change) = AsyncStream.makeStream(of: Void.self)

    func add(_ tasks: [LeasedTask]) { state.withLock { $0.ready += tasks } }

    var registrations: [WorkerRegistration] { state.withLock(\.registrations) }
    func register(_ worker: WorkerRegistration) async throws {
        let isSilent = state.withLock { state in
            if state.isSilent { state.waiting += 1 } else { state.registrations.append(worker) }
            return state.isSilent
        }
        guard isSilent else { return }
        defer { state.withLock { $0.waiting -= 1 } }
        try await Task.sleep(for: .seconds(3600))
    }

    func lease(_ request: LeaseRequest) async throws -> [LeasedTask] {
        while !Task.isCancelled {
            let taken = state.withLock { state in
                let taken = Array(state.ready.filter { request.kinds[$0.kind] != nil }.prefix(request.max))
                state.ready.removeAll { task in taken.contains { $0.lease == task.lease } }
                state.largestLease = max(state.largestLease, taken.count)
                return taken
            }
            if !taken.isEmpty { return taken }
            try? await Task.sleep(for: .milliseconds(2))  // cancelled: the loop ends
        }
        return []
    }

    func renew(_ heartbeat: Heartbeat) async throws -> [Int64] {
        state.withLock { state in
            state.heartbeats.append(heartbeat)
            return state.cancelled
        }
    }

    func cancellations(worker: Int64) async throws -> [Int64] { state.withLock { $0.cancelled } }

    func settle(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        let fails = state.withLock { state in
            guard state.settleFailuresLeft > 0 else {
                state.settled += settlements
                return false
            }
            state.settleFailuresLeft -= 1
            return true
        }
        if fails { throw StoreError.retryable(afterSeconds: 0, "busy") }
        change.yield()
        return settlements.map { _ in .accepted }
    }

    func deregister(worker: Int64) async throws { state.withLock { $0.deregistrations += 1 } }

    func beginWalk(lease: Lease) async throws -> [KnownFolder] {
        try state.withLock { state in
            if !state.walkErrors.isEmpty { throw state.walkErrors.removeFirst() }
            return state.known
        }
    }

    func report(_ listings: [FolderListing], gone: [FilePath], lease: Lease) async throws -> WalkDirective {
        state.withLock { state in
            state.listings += listings
            state.gone += gone
            state.reports += 1
            defer { state.suspects = [] }
            return state.reports >= state.stopAfterReports ? .stop : .proceed(lookAt: state.suspects)
        }
    }

    func hasAnalysis(contentKey: String, version: String, withFingerprint: Bool) async throws -> Bool {
        state.withLock { state in
            state.analyzedKeys.contains(contentKey) && state.analyzedVersions.contains(version)
                && (state.hasFingerprints || !withFingerprint)
        }
    }

    /// Waits until that many settlements came in.
    func settled(_ count: Int) async -> [Settlement] {
        for await _ in changes {
            let settled = state.withLock { $0.settled }
            if settled.count >= count { return settled }
        }
        return []
    }
}
