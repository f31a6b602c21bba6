/// What others are told of. The raw value is its name in events and in settings.
package enum AnnouncementTopic: String, Codable, CaseIterable, Sendable {
    case scanFinished = "scan_finished"
    /// Tasks became dead letters; many at once are told together.
    case tasksDied = "tasks_died"
    case workerLost = "worker_lost"
    case serviceUnreachable = "service_unreachable"

    /// True for what users do not see elsewhere either.
    package var isForAdmins: Bool { self == .serviceUnreachable }
}
