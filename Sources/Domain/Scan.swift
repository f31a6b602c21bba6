/// One walk of a library root, or of a folder inside one.
package struct Scan: Hashable, Sendable {
    package enum Mode: String, Codable, CaseIterable, Sendable {
        /// Only what changed since the last scan.
        case quick
        /// Everything again: tags are re-read, analyses of an older version are redone.
        case full
    }

    /// How far along the chain the files of a scan go.
    package enum Stage: String, Codable, CaseIterable, Sendable, Comparable {
        case index, analysis, vector

        package static func < (left: Stage, right: Stage) -> Bool { left.order < right.order }
        private var order: Int { Stage.allCases.firstIndex(of: self)! }
    }

    /// Who wanted it.
    package enum Cause: String, Codable, CaseIterable, Sendable {
        /// A person or a program that asked.
        case request
        /// A watcher that saw changes.
        case watch
        /// The schedule of the library root.
        case schedule
    }

    package enum State: String, Codable, Sendable {
        case queued, running, finished, cancelled, failed
    }

    /// UUID, lower case.
    package let id: String
    package let path: FilePath
    package let mode: Mode
    package let priority: Priority
    package let until: Stage
    package let cause: Cause
    /// What is in the folders of its folder is left out.
    package var isShallow = false
    package var state: State
    /// The task that walks the folder.
    package var taskID: Int64?
    package var progress: ScanProgress
    /// What the user should know: "the root is absent, nothing was marked missing" …
    package var notice: String?
    /// Microseconds since the epoch.
    package var createdAt: Int64
    package var walkedAt: Int64?
    package var finishedAt: Int64?

    package init(
        id: String, path: FilePath, mode: Mode, priority: Priority, until: Stage, cause: Cause, state: State,
        progress: ScanProgress, createdAt: Int64
    ) {
        self.id = id
        self.path = path
        self.mode = mode
        self.priority = priority
        self.until = until
        self.cause = cause
        self.state = state
        self.progress = progress
        self.createdAt = createdAt
    }
}

/// The ledger of a scan, in files unless said otherwise.
package struct ScanProgress: Hashable, Codable, Sendable {
    package var folders = 0
    /// Audio files seen by the walk.
    package var found = 0
    package var unchanged = 0
    /// Files that were refused before and have not changed since, so that a quick scan does not try them again.
    package var refused = 0
    /// Tracks whose file was found at another place, by inode, by size and time, or by its content.
    package var moved = 0
    /// Tracks whose file this scan did not find, and nobody found elsewhere while it ran.
    package var missing = 0
    package var indexed = 0
    package var analyzed = 0
    package var vectorized = 0
    /// Files that needed no new analysis or vector because their content was known.
    package var cached = 0
    package var failed = 0
    /// Tasks of this scan that ever entered the queue, and those that left it.
    package var tasksQueued = 0
    package var tasksDone = 0

    package init() {}

    package var tasksLeft: Int { max(0, tasksQueued - tasksDone) }

    enum CodingKeys: String, CodingKey {
        case folders, found, unchanged, refused, moved, missing, indexed, analyzed, vectorized, cached, failed
        case tasksQueued = "tasks_queued"
        case tasksDone = "tasks_done"
    }
}
