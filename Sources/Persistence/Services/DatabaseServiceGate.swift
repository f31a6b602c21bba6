import Contracts
import Domain
import Synchronization
import UseCases

/// The breakers and quotas of services outside, shared by all processes on one database, and kept when they stop.
///
/// A service that is well and whose quota is nobody else's matter costs one look at a row; everything else is one short
/// transaction.
package final class DatabaseServiceGate: ServiceGate, ServiceRecords {
    private struct Unwritten {
        var requests = 0
        /// Seconds of the database's clock; nil before the first.
        var writtenAt: Double?
    }

    private let context: QueueContext
    /// Requests that were answered and that no row counts yet.
    private let unwritten = Mutex<[ServiceDoor: Unwritten]>([:])

    /// How long a count may wait for company.
    private static let countSeconds: Double = 10

    init(context: QueueContext) {
        self.context = context
    }

    package func enter(
        _ door: ServiceDoor, _ policy: ServicePolicy, limit: Double
    ) async throws -> ServiceAdmission {
        if !policy.sharesQuota, let turn = try await wellKnown(door, policy) { return .go(turn) }
        return try await context.write { transaction in
            let connection = transaction.connection
            try connection.lock(Self.lockName(door))
            let now = Self.seconds(transaction.now)
            var quota = try StoredGate.quota(of: door, policy, connection)
            quota.distrust(at: now, patience: policy.patienceSeconds)
            let before = try StoredGate.record(of: door, policy, connection)
            var record = before ?? ServiceRecord(breaker: CircuitBreaker(policy.breaker))
            let admission = record.enter(policy, &quota, at: now, limit: limit)
            guard case .go = admission else { return admission }
            if before != record { try StoredGate.write(record, of: door, now: transaction.now, connection) }
            if policy.sharesQuota { try StoredGate.write(quota, of: door, connection) }
            return admission
        }
    }

    /// A turn for a door that is closed to nobody, found without writing.
    private func wellKnown(_ door: ServiceDoor, _ policy: ServicePolicy) async throws -> ServiceTurn? {
        try await context.database.read { connection in
            let record = try StoredGate.record(of: door, policy, connection)
            var breaker = record?.breaker ?? CircuitBreaker(policy.breaker)
            guard case .closed = breaker.state, case .go(let permit) = breaker.admit(at: 0) else { return nil }
            return ServiceTurn(permit: permit, waitSeconds: 0)
        }
    }

    package func leave(
        _ door: ServiceDoor, _ policy: ServicePolicy, _ turn: ServiceTurn, _ end: ServiceEnd
    ) async throws -> Double {
        if end == .answered, !turn.permit.isProbe, turn.permit.isClean, mayWait(door) { return 0 }
        if end == .abandoned, !turn.permit.isProbe { return 0 }
        let counted = unwritten.withLock { $0[door]?.requests ?? 0 }
        let (unit, door) = (context.randomUnit(), door)
        let (wait, now) = try await context.write { transaction in
            let connection = transaction.connection
            try connection.lock(Self.lockName(door))
            let now = Self.seconds(transaction.now)
            var record =
                try StoredGate.record(of: door, policy, connection)
                ?? ServiceRecord(breaker: CircuitBreaker(policy.breaker))
            let wasReached = record.breaker.isReached
            record.requests += counted
            record.leave(turn, end, at: now, unit: unit)
            try StoredGate.write(record, of: door, now: transaction.now, connection)
            if wasReached, !record.breaker.isReached, !end.isPause {
                transaction.announcements.append(
                    .serviceUnreachable(
                        ServiceUnreachable(
                            service: door.service, host: door.host, reason: record.lastFailure?.reason,
                            message: record.lastFailure?.message)))
            }
            return (record.breaker.waitSeconds(at: now), now)
        }
        unwritten.withLock { all in
            all[door, default: Unwritten()].requests -= counted
            all[door, default: Unwritten()].writtenAt = now
        }
        return wait
    }

    /// Counts a request in memory when its row was written a moment ago.
    private func mayWait(_ door: ServiceDoor) -> Bool {
        let now = Self.seconds(context.clock())
        return unwritten.withLock { all in
            guard let writtenAt = all[door]?.writtenAt, abs(now - writtenAt) < Self.countSeconds else { return false }
            all[door, default: Unwritten()].requests += 1
            return true
        }
    }

    package func records() async throws -> [StoredServiceRecord] {
        let context = context
        return try await context.database.read { connection in
            try StoredGate.all(at: Self.seconds(context.times(on: connection).now), connection)
        }
    }

    private static func lockName(_ door: ServiceDoor) -> String { "service \(door.service) \(door.host)" }

    private static func seconds(_ microseconds: Int64) -> Double { Double(microseconds) / 1_000_000 }
}
