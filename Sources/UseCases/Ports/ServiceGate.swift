import Domain

/// Where those who ask a service agree whether and when it may be asked: the quota and the breaker of each door.
package protocol ServiceGate: Sendable {
    /// Throws when it cannot be told, because whoever keeps the count is away.
    /// - Parameter limit: seconds that the request may take.
    func enter(_ door: ServiceDoor, _ policy: ServicePolicy, limit: Double) async throws -> ServiceAdmission

    /// After each request that was let in. Answers for how many seconds the door is closed now, 0 when it is open.
    func leave(
        _ door: ServiceDoor, _ policy: ServicePolicy, _ turn: ServiceTurn, _ end: ServiceEnd
    ) async throws -> Double
}

/// What the records of all processes say.
package protocol ServiceRecords: Sendable {
    func records() async throws -> [StoredServiceRecord]
}

package struct StoredServiceRecord: Hashable, Sendable {
    package let door: ServiceDoor
    package let record: ServiceRecord
    /// When the quota is full again, in seconds of the same clock.
    package let fullAt: Double
    /// Seconds of that clock when this was read; it counts from the epoch.
    package let now: Double

    package init(door: ServiceDoor, record: ServiceRecord, fullAt: Double, now: Double) {
        self.door = door
        self.record = record
        self.fullAt = fullAt
        self.now = now
    }
}
