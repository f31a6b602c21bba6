import Contracts
import Domain
import UseCases

extension DatabaseBroker {
    package func settle(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        guard !settlements.isEmpty else { return [] }
        defer { payloads.forget(settlements.lazy.map(\.lease.taskID)) }
        do {
            return try await settleTogether(settlements, worker: worker)
        } catch let error where Self.isWorthIsolating(error) {
            return try await settleOneByOne(settlements, worker: worker)
        }
    }

    private func settleTogether(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        for settlement in settlements {
            guard case .completed(.scanComplete(let outcome)) = settlement.result else { continue }
            try await endWalk(outcome, settlement.lease, worker: worker)
        }
        let payloads = payloads
        return try await context.write(worker: worker) { try $0.settle(settlements, payloads: payloads) }
    }

    /// One result spoils the batch: the others are applied without it, and it becomes a failed attempt.
    private func settleOneByOne(_ settlements: [Settlement], worker: Int64) async throws -> [Verdict] {
        var verdicts: [Verdict] = []
        for settlement in settlements {
            do {
                verdicts += try await settleTogether([settlement], worker: worker)
            } catch let error where Self.isWorthIsolating(error) {
                verdicts.append(try await charge(settlement, error, worker: worker))
            }
        }
        return verdicts
    }

    private func charge(_ settlement: Settlement, _ error: any Error, worker: Int64) async throws -> Verdict {
        let failure =
            if case .failed(let own) = settlement.result {
                own
            } else {
                Failure(.internalError, "the result cannot be stored: \(error)")
            }
        return try await context.write(worker: worker) { transaction in
            guard let row = try transaction.held(settlement.lease) else { return .stale }
            try transaction.fail(row, failure, tellingCatalogue: false)
            return .accepted
        }
    }

    /// Busy and full databases are the same for every result; everything else may be the fault of one.
    static func isWorthIsolating(_ error: any Error) -> Bool {
        switch error as? StoreError {
        case .retryable, .outOfSpace: false
        default: !(error is CancellationError)
        }
    }
}
