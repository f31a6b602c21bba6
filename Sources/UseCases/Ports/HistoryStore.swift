import Domain

/// What became of tasks, hour by hour, for a year.
package protocol HistoryStore: Sendable {
    func history(_ range: HistoryRange) async throws -> TaskHistory
}

/// The periods in which something happened, by their starts in hours since the epoch.
package struct TaskHistory: Hashable, Sendable {
    package let range: HistoryRange
    package var tasks: [TaskKind: [Int64: TaskTally]] = [:]
    package var queues: [Role: [Int64: DepthTally]] = [:]

    package init(_ range: HistoryRange) {
        self.range = range
    }
}
