import Domain
import UseCases

extension Shape where Value == QueueStatus {
    static let queue = Shape.object("Queue") {
        Field("role", .choice) { $0.role }
        Field("paused", .flag) { $0.isPaused }
        Field("ready", .count) { $0.counts[.ready] ?? 0 }
        Field("running", .count) { $0.counts[.running] ?? 0 }
        Field("scheduled", .count) { $0.counts[.scheduled] ?? 0 }
        Field("parked", .count) { $0.counts[.parked] ?? 0 }
        Field("done", .count) { $0.counts[.done] ?? 0 }
        Field("dead", .count) { $0.counts[.dead] ?? 0 }
        Field("cancelled", .count) { $0.counts[.cancelled] ?? 0 }
        Field(optional: "oldest_ready_age_seconds", .number, "Null when nothing waits.") { $0.oldestReadyAgeSeconds }
    }
}
