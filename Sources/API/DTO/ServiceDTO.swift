import Domain
import UseCases

extension Shape where Value == ServiceStatus {
    static let service = Shape.object("Service") {
        Field("name", .text, "musicbrainz, or a model behind a service: ollama:nomic-embed-text.") { $0.name }
        Field("title", .text) { $0.title }
        Field(optional: "address", .text, "Null for what is not configured any more.") { $0.address }
        Field(
            "state", .choice,
            "Of the worst of its doors. closed: all is well; open: it failed and is left alone; half_open: a probe is "
                + "under way; blocked: somebody has to do something."
        ) { $0.state }
        Field(optional: "requests_per_second", .number, "Its quota; null for what is not configured any more.") {
            $0.policy?.requestsPerSecond
        }
        Field(optional: "requests_at_once", .number) { $0.policy?.requestsAtOnce }
        Field(optional: "quota_used", .number, "0 to 1, more when requests wait; null where each process counts alone.")
        { $0.quotaUsed }
        Field("requests", .count, "Since the first; a few of the last seconds may be missing.") { status in
            status.doors.reduce(0) { $0 + $1.record.requests }
        }
        Field("failures", .count) { status in status.doors.reduce(0) { $0 + $1.record.failures } }
        Field("doors", Shape<StoredServiceRecord>.serviceDoor.list, "Each has a breaker of its own.") { $0.doors }
    }
}

extension Shape where Value == StoredServiceRecord {
    static let serviceDoor = Shape.object("ServiceDoor") {
        Field("host", .text) { $0.door.host }
        Field("purpose", .choice, "look: questions about the service itself.") { $0.door.purpose }
        Field("state", .choice) { $0.state }
        Field("retry_after_seconds", .number, "Until the next request, a probe; 0 when one may be made now.") {
            $0.waitSeconds
        }
        Field("requests", .count) { $0.record.requests }
        Field("failures", .count) { $0.record.failures }
        Field(optional: "last_error", .text) { $0.record.lastFailure?.message }
        Field(optional: "last_error_reason", .choice) { $0.record.lastFailure?.reason }
        Field(optional: "last_error_at", .time) {
            $0.record.lastFailureAt.map { Int64(exactly: ($0 * 1e6).rounded()) ?? 0 }
        }
    }
}

extension ServiceStatus {
    var quotaUsed: Double? {
        guard let policy, policy.sharesQuota else { return nil }
        return doors.map { door in
            TokenBucket(
                capacity: policy.requestsAtOnce, perSecond: policy.requestsPerSecond, fullAt: door.fullAt
            ).usedShare(at: door.now)
        }.max() ?? 0
    }
}
