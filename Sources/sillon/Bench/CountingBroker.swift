import Contracts
import Domain
import Synchronization
import UseCases

/// Tells when a number of tasks has been settled, and notes how long claims took.
final class CountingBroker: BrokerWrapper {
    let done = StopSignal()
    let broker: any TaskBroker
    private let goal: Int
    private let settled = Mutex(0)
    private let claims = Mutex<[Double]>([])

    /// Milliseconds of each lease that came back with tasks.
    var claimMilliseconds: [Double] { claims.withLock { $0 } }

    init(_ broker: any TaskBroker, until goal: Int) {
        self.broker = broker
        self.goal = goal
    }

    func settle(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        let verdicts = try await broker.settle(settlements, worker: worker)
        let accepted = verdicts.count { $0 == .accepted }
        let total = settled.withLock { settled in
            settled += accepted
            return settled
        }
        if total >= goal { done.raise() }
        return verdicts
    }

    func lease(_ request: LeaseRequest) async throws -> [LeasedTask] {
        let start = ContinuousClock.now
        let tasks = try await broker.lease(request)
        let duration = (ContinuousClock.now - start) / .milliseconds(1)
        if !tasks.isEmpty { claims.withLock { $0.append(duration) } }
        return tasks
    }
}
