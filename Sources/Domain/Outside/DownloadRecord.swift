/// A download as people see it.
package struct DownloadRecord: Hashable, Sendable {
    package enum State: String, CaseIterable, Codable, Sendable {
        case waiting, searching, downloading, checking, done, failed, cancelled

        package var isOver: Bool { self == .done || self == .failed || self == .cancelled }
    }

    /// A lower-case UUID.
    package var id: String
    package var state: State
    package var question: DownloadQuestion
    package var preference: DownloadPreference
    package var taskID: Int64?
    package var plan: DownloadPlan
    package var receivedBytes: Int64
    package var sizeBytes: Int64?
    /// Why it failed, or what it waits for.
    package var message: String?
    /// Where the file is now.
    package var path: FilePath?
    /// Microseconds since the epoch.
    package var createdAt: Int64
    package var updatedAt: Int64

    package init(
        id: String, state: State, question: DownloadQuestion, preference: DownloadPreference, taskID: Int64?,
        plan: DownloadPlan, receivedBytes: Int64, sizeBytes: Int64?, message: String?, path: FilePath?,
        createdAt: Int64,
        updatedAt: Int64
    ) {
        self.id = id
        self.state = state
        self.question = question
        self.preference = preference
        self.taskID = taskID
        self.plan = plan
        self.receivedBytes = receivedBytes
        self.sizeBytes = sizeBytes
        self.message = message
        self.path = path
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
