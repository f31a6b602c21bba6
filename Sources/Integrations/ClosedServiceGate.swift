import Domain
import UseCases

/// For processes without a database: a quota that all must keep together cannot be kept by one of them.
package struct ClosedServiceGate: ServiceGate {
    private let local: LocalServiceGate

    package init(clock: ServiceClock = .system) {
        local = LocalServiceGate(clock: clock)
    }

    package func enter(_ door: ServiceDoor, _ policy: ServicePolicy, limit: Double) async throws -> ServiceAdmission {
        guard policy.sharesQuota else { return try await local.enter(door, policy, limit: limit) }
        throw Failure(
            .serviceUnavailable,
            "\(door.service) counts the requests of all workers together, and this one has no database to count them in"
        )
    }

    package func leave(
        _ door: ServiceDoor, _ policy: ServicePolicy, _ turn: ServiceTurn, _ end: ServiceEnd
    ) async throws -> Double {
        try await local.leave(door, policy, turn, end)
    }
}
