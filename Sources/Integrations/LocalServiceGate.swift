import Domain
import Synchronization
import UseCases

/// Breakers and quotas of this process alone.
package final class LocalServiceGate: ServiceGate {
    private struct State {
        var records: [ServiceDoor: ServiceRecord] = [:]
        var quotas: [ServiceDoor: TokenBucket] = [:]
    }

    private let clock: ServiceClock
    private let state = Mutex(State())

    /// Doors beyond this are those of hosts that services named: they are forgotten.
    private static let doorsMax = 1000

    package init(clock: ServiceClock = .system) {
        self.clock = clock
    }

    package func enter(_ door: ServiceDoor, _ policy: ServicePolicy, limit: Double) async throws -> ServiceAdmission {
        let now = clock.now()
        return state.withLock { state in
            if state.records.count > Self.doorsMax { state = State() }
            let empty = TokenBucket(capacity: policy.requestsAtOnce, perSecond: policy.requestsPerSecond)
            let shared = ServiceDoor(service: door.service, host: door.host, purpose: .work)
            return state.records[door, default: ServiceRecord(breaker: CircuitBreaker(policy.breaker))]
                .enter(policy, &state.quotas[shared, default: empty], at: now, limit: limit)
        }
    }

    package func leave(
        _ door: ServiceDoor, _ policy: ServicePolicy, _ turn: ServiceTurn, _ end: ServiceEnd
    ) async throws -> Double {
        let (now, unit) = (clock.now(), clock.unit())
        return state.withLock { state in
            state.records[door]?.leave(turn, end, at: now, unit: unit)
            return state.records[door]?.breaker.waitSeconds(at: now) ?? 0
        }
    }
}
