import Domain
import UseCases

/// A queue and who works it off.
struct ServedQueue: Sendable {
    let status: QueueStatus
    /// Living workers that take tasks of its role.
    let workers: Int
}

extension Shape where Value == ServedQueue {
    static let queue = Shape.object("Queue") {
        Field("role", .choice) { $0.status.role }
        Field("paused", .flag) { $0.status.isPaused }
        Field("workers", .count, "Living workers that take tasks of this role.") { $0.workers }
        Field("served", .flag, "False: no such worker, so that tasks wait.") { $0.workers > 0 }
        Field("ready", .count) { $0.status.counts[.ready] ?? 0 }
        Field("ready_by_priority", Shape<[Priority: Int]>.byPriority) { $0.status.ready }
        Field("running", .count) { $0.status.counts[.running] ?? 0 }
        Field("scheduled", .count) { $0.status.counts[.scheduled] ?? 0 }
        Field("parked", .count) { $0.status.counts[.parked] ?? 0 }
        Field("done", .count, "Since the library was made.") { $0.status.counts[.done] ?? 0 }
        Field("dead", .count) { $0.status.counts[.dead] ?? 0 }
        Field("cancelled", .count, "Since the library was made, dismissed ones among them.") {
            $0.status.counts[.cancelled] ?? 0
        }
        Field(optional: "oldest_ready_age_seconds", .number, "Null when nothing waits.") {
            $0.status.oldestReadyAgeSeconds
        }
    }
}

extension Shape where Value == [Priority: Int] {
    static let byPriority = Shape.object("CountsByPriority") {
        Field("high", .count) { $0[.high] ?? 0 }
        Field("normal", .count) { $0[.normal] ?? 0 }
        Field("low", .count) { $0[.low] ?? 0 }
    }
}
