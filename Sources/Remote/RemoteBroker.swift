import Contracts
import Domain
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import Telemetry
import UseCases

/// The queue of a server, over HTTP. Nothing that is sent twice counts twice: leases carry their fencing token, results
/// the lease and run that they belong to. The server's clock is never compared with this device's.
package final class RemoteBroker: TaskBroker {
    private let server: ServerConnection
    private let randomToken: @Sendable () -> Int64
    /// What the last heartbeats told, by worker.
    private let cancelled = Mutex<[Int64: [Int64]]>([:])

    /// Devices are switched on in any order: a server that is not there yet is waited for.
    private static let arrival = ServerConnection.Effort(timeout: .seconds(30), tries: nil, noise: 0)
    private static let heartbeat = ServerConnection.Effort(timeout: .seconds(5), tries: 2)
    /// A server that is started again must not cost an attempt or a result.
    private static let patient = ServerConnection.Effort(timeout: .seconds(120), tries: 20)
    private static let farewell = ServerConnection.Effort(timeout: .seconds(2), tries: 2)
    /// Beyond the wait that the server was asked for.
    private static let leaseSlack = Duration.seconds(15)

    package init(
        server: ServerConnection,
        randomToken: @escaping @Sendable () -> Int64 = { Int64.random(in: 1...Int64.max) }
    ) {
        self.server = server
        self.randomToken = randomToken
    }

    /// Waits for a server that is not in reach, until the caller is cancelled.
    package func register(_ worker: WorkerRegistration) async throws {
        do {
            let answer = try await server.send(
                .PUT, "/v1/workers/\(worker.id)", RegisterMessage(worker), Self.arrival)
            guard answer.readableBytes == 0 else {
                throw StoreError.fatal("this is no server of Sillon: it answers something else")
            }
        } catch StoreError.preconditionFailed(let text) {
            throw StoreError.conflict(text)
        }
    }

    /// Does not give up: only by asking for the same lease again does the worker hear of tasks that were claimed when
    /// the connection was lost.
    package func lease(_ request: LeaseRequest) async throws -> [LeasedTask] {
        let message = LeaseMessage(
            worker: WireToken(request.worker), token: WireToken(request.token ?? randomToken()),
            kinds: request.kinds.byName, max: request.max, wait_seconds: request.waitSeconds)
        let effort = ServerConnection.Effort(
            timeout: .seconds(request.waitSeconds) + Self.leaseSlack, tries: nil)
        do {
            let answer: LeaseAnswer = try await server.call(.POST, "/v1/leases", message, effort)
            return answer.tasks.map { item in
                LeasedTask(
                    lease: Lease(taskID: item.task_id, token: item.lease.value), kind: item.task,
                    version: item.version, payload: item.payload, run: item.run,
                    trace: item.traceparent.flatMap { TraceParent($0) })
            }
        } catch is CancellationError {
            // The server sees that the connection is gone and hands back what it may have claimed.
            return []
        }
    }

    package func renew(_ heartbeat: Heartbeat) async throws -> [Int64] {
        let message = RenewMessage(
            worker: WireToken(heartbeat.worker), running: heartbeat.running, lease_seconds: heartbeat.leaseSeconds,
            draining: heartbeat.draining)
        let answer: RenewAnswer = try await server.call(.POST, "/v1/leases/renew", message, Self.heartbeat)
        cancelled.withLock { $0[heartbeat.worker] = answer.cancelled }
        return answer.cancelled
    }

    /// What the last heartbeat told: no request.
    package func cancellations(worker: Int64) async throws -> [Int64] {
        cancelled.withLock { $0[worker] ?? [] }
    }

    package func settle(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        var verdicts: [Verdict] = []
        for batch in ResultBatches(settlements) {
            let message = ResultsMessage(worker: WireToken(worker), results: batch.map(ResultMessage.init))
            let answer: VerdictsAnswer = try await server.call(.POST, "/v1/results", message, Self.patient)
            guard answer.verdicts.count == batch.count else {
                throw StoreError.fatal("the server gave \(answer.verdicts.count) verdicts on \(batch.count) results")
            }
            verdicts += answer.verdicts.map { $0 == "accepted" ? .accepted : .stale }
        }
        return verdicts
    }

    /// A server that cannot be reached takes back what this worker holds when its lease ends.
    package func deregister(worker: Int64) async throws {
        do {
            try await server.send(.DELETE, "/v1/workers/\(worker)", nil, Self.farewell)
        } catch let error as StoreError {
            server.logger.warning("The server did not hear the farewell", metadata: [LogKeys.error: "\(error)"])
        }
    }

    package func hasAnalysis(
        contentKey: String, version: String, withFingerprint: Bool
    ) async throws -> Bool {
        let answer: KnownAnswer = try await server.call(
            .GET, "/v1/contents/\(contentKey)?version=\(version)\(withFingerprint ? "&fingerprint=true" : "")", nil,
            Self.patient)
        return answer.known
    }

    package func beginWalk(lease: Lease) async throws -> [KnownFolder] {
        let answer: FoldersAnswer = try await server.call(
            .POST, "/v1/tasks/\(lease.taskID)/walk", WalkMessage(lease: WireToken(lease.token)), Self.patient)
        return answer.folders.map { KnownFolder(id: $0.id, path: $0.path) }
    }

    package func report(
        _ listings: [FolderListing], gone: [FilePath], lease: Lease
    ) async throws -> WalkDirective {
        let message = ReportMessage(
            lease: WireToken(lease.token), folders: listings.map(FolderMessage.init), gone: gone.isEmpty ? nil : gone)
        let answer: DirectiveAnswer = try await server.call(
            .POST, "/v1/tasks/\(lease.taskID)/walk/folders", message, Self.patient)
        return answer.proceed ? .proceed(lookAt: answer.look_at ?? []) : .stop
    }
}
