import Domain

/// Something that others are told of: webhooks and those who listen to events. The data is JSON, described in
/// `common/schemas/event`.
package enum Announcement: Hashable, Sendable {
    case scanFinished(ScanFinished)
    case tasksDied(TasksDied)
    case workerLost(WorkerLost)
    case serviceUnreachable(ServiceUnreachable)

    package var topic: AnnouncementTopic {
        switch self {
        case .scanFinished: .scanFinished
        case .tasksDied: .tasksDied
        case .workerLost: .workerLost
        case .serviceUnreachable: .serviceUnreachable
        }
    }

    package var json: String {
        switch self {
        case .scanFinished(let data): ContractJSON.encode(data)
        case .tasksDied(let data): ContractJSON.encode(data)
        case .workerLost(let data): ContractJSON.encode(data)
        case .serviceUnreachable(let data): ContractJSON.encode(data)
        }
    }
}

/// A scan is over, one way or another.
package struct ScanFinished: Codable, Hashable, Sendable {
    package var scanID: String
    package var path: FilePath
    package var mode: Scan.Mode
    /// `finished`, `failed` or `cancelled`.
    package var state: Scan.State
    package var seconds: Double
    package var notice: String?
    package var progress: ScanProgress

    package init(_ scan: Scan) {
        scanID = scan.id
        path = scan.path
        mode = scan.mode
        state = scan.state
        seconds = Double((scan.finishedAt ?? scan.createdAt) - scan.createdAt) / 1_000_000
        notice = scan.notice
        progress = scan.progress
    }

    enum CodingKeys: String, CodingKey {
        case path, mode, state, seconds, notice, progress
        case scanID = "scan_id"
    }
}

/// Tasks used up their attempts, or failed for good.
package struct TasksDied: Codable, Hashable, Sendable {
    /// Tasks with one cause.
    package struct Cause: Codable, Hashable, Sendable {
        package var task: TaskKind
        package var reason: Failure.Reason
        /// Of one of them.
        package var message: String
        package var count: Int
        /// One of them.
        package var taskID: Int64

        package init(task: TaskKind, reason: Failure.Reason, message: String, count: Int, taskID: Int64) {
            self.task = task
            self.reason = reason
            self.message = message
            self.count = count
            self.taskID = taskID
        }

        enum CodingKeys: String, CodingKey {
            case task, reason, message, count
            case taskID = "task_id"
        }
    }

    /// Since the last time that this was told.
    package var count: Int
    /// The most frequent first, ten at most.
    package var causes: [Cause]

    package static let maxCauses = 10

    package init(_ causes: [Cause]) {
        count = causes.reduce(0) { $0 + $1.count }
        self.causes = Array(causes.sorted { ($0.count, $1.taskID) > ($1.count, $0.taskID) }.prefix(Self.maxCauses))
    }
}

/// A worker that said nothing any more; what it worked on runs again elsewhere.
package struct WorkerLost: Codable, Hashable, Sendable {
    package var host: String
    package var roles: [Role]
    /// Tasks that were put back.
    package var tasks: Int

    package init(host: String, roles: [Role], tasks: Int) {
        self.host = host
        self.roles = roles
        self.tasks = tasks
    }
}

/// A service outside failed so often that it is left alone for a while.
package struct ServiceUnreachable: Codable, Hashable, Sendable {
    package var service: String
    package var host: String
    package var reason: Failure.Reason?
    package var message: String?

    package init(service: String, host: String, reason: Failure.Reason?, message: String?) {
        self.service = service
        self.host = host
        self.reason = reason
        self.message = message
    }
}
