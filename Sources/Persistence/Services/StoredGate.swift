import Domain
import UseCases

/// Rows of `service_gate` and `service_quota`. Times are microseconds in rows and seconds elsewhere.
enum StoredGate {
    private static let columns: StaticString = """
        state, failures_in_row, until_at, era, openings, requests, failures, failure_reason, failure_message, failed_at
        """

    static func record(
        of door: ServiceDoor, _ policy: ServicePolicy, _ connection: any Connection
    ) throws -> ServiceRecord? {
        try connection.first(
            """
            SELECT \(raw: columns) FROM service_gate
            WHERE service = \(door.service) AND host = \(door.host) AND purpose = \(door.purpose.rawValue)
            """
        ) { record($0, policy.breaker, from: 0) }
    }

    private static func record(
        _ row: any Row, _ policy: CircuitBreaker.Policy, from first: Int
    ) -> ServiceRecord {
        let until = seconds(row.int(first + 2)) ?? 0
        let state: CircuitBreaker.State =
            switch row.text(first) {
            case "open": .open(untilSeconds: until)
            case "half_open": .halfOpen(untilSeconds: until)
            default: .closed(failures: row.number(first + 1))
            }
        return ServiceRecord(
            breaker: CircuitBreaker(
                policy, state: state, era: row.number(first + 3), openings: row.number(first + 4)),
            requests: row.number(first + 5), failures: row.number(first + 6), lastFailure: row.failure(first + 7),
            lastFailureAt: seconds(row.int(first + 9)))
    }

    static func write(
        _ record: ServiceRecord, of door: ServiceDoor, now: Int64, _ connection: any Connection
    ) throws {
        let breaker = record.breaker
        let (state, failures, until): (String, Int, Int64?) =
            switch breaker.state {
            case .closed(let failures): ("closed", failures, nil)
            case .open(let until): ("open", 0, microseconds(until))
            case .halfOpen(let until): ("half_open", 0, microseconds(until))
            }
        try connection.execute(
            """
            INSERT INTO service_gate (service, host, purpose, state, failures_in_row, until_at, era, openings,
                requests, failures, failure_reason, failure_message, failed_at, used_at)
            VALUES (\(door.service), \(door.host), \(door.purpose.rawValue), \(state), \(failures), \(until),
                \(breaker.era), \(breaker.openings), \(record.requests), \(record.failures),
                \(record.lastFailure?.reason.rawValue), \(record.lastFailure?.message),
                \(record.lastFailureAt.map(microseconds)), \(now))
            ON CONFLICT (service, host, purpose) DO UPDATE SET state = excluded.state,
                failures_in_row = excluded.failures_in_row, until_at = excluded.until_at, era = excluded.era,
                openings = excluded.openings, requests = excluded.requests, failures = excluded.failures,
                failure_reason = excluded.failure_reason, failure_message = excluded.failure_message,
                failed_at = excluded.failed_at, used_at = excluded.used_at
            """)
    }

    static func quota(
        of door: ServiceDoor, _ policy: ServicePolicy, _ connection: any Connection
    ) throws -> TokenBucket {
        let fullAt = try connection.first(
            "SELECT full_at FROM service_quota WHERE service = \(door.service) AND host = \(door.host)"
        ) { seconds($0.int(0)) }
        return TokenBucket(
            capacity: policy.requestsAtOnce, perSecond: policy.requestsPerSecond, fullAt: (fullAt ?? nil) ?? 0)
    }

    static func write(_ quota: TokenBucket, of door: ServiceDoor, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO service_quota (service, host, full_at)
            VALUES (\(door.service), \(door.host), \(microseconds(quota.fullAt)))
            ON CONFLICT (service, host) DO UPDATE SET full_at = excluded.full_at
            """)
    }

    static func all(at now: Double, _ connection: any Connection) throws -> [StoredServiceRecord] {
        try connection.all(
            """
            SELECT service_gate.service, service_gate.host, purpose, full_at, \(raw: columns)
            FROM service_gate LEFT JOIN service_quota
                ON service_quota.service = service_gate.service AND service_quota.host = service_gate.host
            ORDER BY service_gate.service, service_gate.host, purpose DESC
            """
        ) { row in
            StoredServiceRecord(
                door: ServiceDoor(
                    service: row.text(0) ?? "", host: row.text(1) ?? "",
                    purpose: ServiceDoor.Purpose(rawValue: row.text(2) ?? "") ?? .work),
                record: record(row, CircuitBreaker.Policy(), from: 4), fullAt: seconds(row.int(3)) ?? 0, now: now)
        }
    }

    private static func seconds(_ microseconds: Int64?) -> Double? { microseconds.map { Double($0) / 1_000_000 } }

    /// Clamped: a time that is no number must not end the process.
    private static func microseconds(_ seconds: Double) -> Int64 {
        Int64(exactly: (seconds * 1_000_000).rounded()) ?? 0
    }
}
