import Contracts
import Domain
import UseCases

/// The end of a walk is carried out before its result is settled: in steps, each under the lease and in a transaction
/// of its own, so that others come to write between them. Whoever is killed between two steps leaves a library in
/// which some of the moves are made and some are not: the walk starts again and finds the rest.
extension DatabaseBroker {
    /// Between two steps somebody may change what they were made for; then the rest is planned again, so often.
    static let maxPlans = 10

    func endWalk(_ outcome: ScanCompleteOutcome, _ lease: Lease, worker: Int64) async throws {
        for phase in [ScanPhase.places(outcome), .chains, .candidates] {
            guard try await carryOut(phase, lease, worker: worker) else { return }
        }
    }

    /// False when the lease is lost or nobody wants the scan any more.
    func carryOut(_ phase: ScanPhase, _ lease: Lease, worker: Int64) async throws -> Bool {
        for _ in 0..<Self.maxPlans {
            guard let steps = try await plan(phase, lease) else { return false }
            switch try await carryOut(steps, lease, worker: worker) {
            case .done: return true
            case .unwanted: return false
            case .outdated: continue
            }
        }
        throw StoreError.retryable(afterSeconds: 1, "the library changes faster than the end of a scan can follow")
    }

    private func plan(_ phase: ScanPhase, _ lease: Lease) async throws -> [ScanEndStep]? {
        let sink = context.sink
        return try await context.database.read { connection in
            let held: Query = """
                SELECT scan_id FROM task WHERE id = \(lease.taskID) AND state = 'running' AND lease = \(lease.token)
                """
            guard let rowID = try connection.first(held, { $0.int(0) }) ?? nil,
                let scan = try OpenScan.load(rowID: rowID, from: connection)
            else { return nil }
            return try sink.steps(phase, scope: scan.scope, marked: scan.missing, in: connection)
        }
    }

    private enum StepsEnd {
        case done, unwanted, outdated
    }

    private func carryOut(_ steps: [ScanEndStep], _ lease: Lease, worker: Int64) async throws -> StepsEnd {
        let sink = context.sink
        for step in steps {
            let end = try await context.write(worker: worker) { transaction -> StepsEnd in
                guard let (row, scan) = try transaction.wantedWalk(lease) else { return .unwanted }
                let found = try sink.carryOut(
                    step, scope: scan.scope, now: transaction.now, in: transaction.connection)
                guard let found else { return .outdated }
                try transaction.add(found, to: row)
                return .done
            }
            guard end == .done else { return end }
        }
        return .done
    }
}
