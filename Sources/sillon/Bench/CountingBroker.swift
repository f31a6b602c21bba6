import Contracts
import Domain
import Synchronization
import UseCases

/// Tells when a number of tasks has been settled, and notes how long claims took. When the queue
/// is out of reach for long, it gives up: a worker would go on trying.
final class CountingBroker: BrokerWrapper {
    let done = StopSignal()
    let broker: any TaskBroker
    private let goal: Int
    private let settled = Mutex(0)
    private let claims = Mutex<[Double]>([])
    private let trouble = Mutex(Trouble())

    private struct Trouble {
        var since: ContinuousClock.Instant?
        var final: (any Error)?
    }

    /// A server that is started again is back by then.
    private static let patience = Duration.seconds(20)

    /// Why the tasks will not be settled any more.
    var problem: (any Error)? { trouble.withLock { $0.final } }

    /// Milliseconds of each lease that came back with tasks.
    var claimMilliseconds: [Double] { claims.withLock { $0 } }

    init(_ broker: any TaskBroker, until goal: Int) {
        self.broker = broker
        self.goal = goal
    }

    func settle(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        let verdicts = try await watching { try await broker.settle(settlements, worker: worker) }
        let accepted = verdicts.count { $0 == .accepted }
        let total = settled.withLock { settled in
            settled += accepted
            return settled
        }
        if total >= goal { done.raise() }
        return verdicts
    }

    private func watching<Result>(_ call: () async throws -> Result) async throws -> Result {
        if let problem { throw problem }
        do {
            let result = try await call()
            trouble.withLock { $0.since = nil }
            return result
        } catch {
            note(error)
            throw error
        }
    }

    private func note(_ error: any Error) {
        let isFinal = trouble.withLock { trouble in
            let since = trouble.since ?? .now
            trouble.since = since
            var isFatal = false
            if case StoreError.fatal = error { isFatal = true }
            if isFatal || ContinuousClock.now - since > Self.patience { trouble.final = trouble.final ?? error }
            return trouble.final != nil
        }
        if isFinal { done.raise() }
    }

    func lease(_ request: LeaseRequest) async throws -> [LeasedTask] {
        let start = ContinuousClock.now
        let tasks = try await watching { try await broker.lease(request) }
        let duration = (ContinuousClock.now - start) / .milliseconds(1)
        if !tasks.isEmpty { claims.withLock { $0.append(duration) } }
        return tasks
    }

    func deregister(worker: Int64) async throws {
        try await watching { try await broker.deregister(worker: worker) }
    }
}
