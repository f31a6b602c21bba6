import Domain
import UseCases

/// What became of tasks, hour by hour, for a year: see `HistoryRecorder` for who writes what.
///
/// Hours that are over are folded: the rows of all processes become one, which is added to the day's. Rows that are not
/// folded have a writer; so a day is its own row and the unfolded rows of its hours.
package struct DatabaseHistory: HistoryStore {
    let context: QueueContext
    /// Of this process.
    let writer: Int64

    /// Hours after their end in which a process may still write them.
    static let openHours: Int64 = 2
    /// Hours after their end when they are folded: later than anybody writes, whatever the transactions take.
    static let foldHours: Int64 = 4
    /// Rows that are folded in one transaction.
    static let foldBatch = 1000

    init(context: QueueContext) {
        self.context = context
        writer = context.randomID()
    }

    // MARK: Writing

    /// Looks at the queues, for the charts of what waits.
    package func look() async throws {
        let (now, queues) = try await context.database.read { [context] connection in
            let now = try context.times(on: connection).now
            return (now, try QueueOverview.queues(now: now, in: connection))
        }
        context.history.note(at: now) { books in
            for queue in queues {
                books.queues[queue.role, default: DepthTally()] += DepthTally(
                    ready: queue.counts[.ready] ?? 0, oldestSeconds: queue.oldestReadyAgeSeconds ?? 0)
            }
        }
    }

    /// Writes what is not written yet: a row for each kind that did something this hour.
    package func flush() async throws {
        let changed = context.history.takeChanged()
        guard !changed.isEmpty else { return }
        let writer = writer
        do {
            let oldest = try await context.write { transaction in
                let oldest = HistoryRange.hour(of: transaction.now) - Self.openHours
                for (hour, books) in changed where hour >= oldest {
                    try StoredHistory.write(books, hour: hour, writer: writer, transaction.connection)
                }
                return oldest
            }
            context.history.forget(before: oldest)
        } catch {
            context.history.putBack(changed.map(\.hour))
            throw error
        }
    }

    /// Makes one row of those of several processes, and the rows of days; answers how many rows went into others.
    /// What a newer build counted waits for that build.
    private static let kinds = Query.oneOf(TaskKind.allCases.map(\.rawValue))
    private static let roles = Query.oneOf(Role.allCases.map(\.rawValue))

    package func fold() async throws -> Int {
        try await context.write { transaction in
            let before = HistoryRange.hour(of: transaction.now) - Self.foldHours
            // Two at once would each add the same rows to the day.
            try transaction.connection.lock("history")
            let tasks = try StoredHistory.tasks(
                "writer <> 0 AND start < \(before) AND kind \(Self.kinds) ORDER BY start LIMIT \(Self.foldBatch)",
                transaction.connection)
            let queues = try StoredHistory.queues(
                "writer <> 0 AND start < \(before) AND role \(Self.roles) ORDER BY start LIMIT \(Self.foldBatch)",
                transaction.connection)
            try StoredHistory.fold(tasks, transaction.connection)
            try StoredHistory.fold(queues, transaction.connection)
            return tasks.count + queues.count
        }
    }

    // MARK: Reading

    package func history(_ range: HistoryRange) async throws -> TaskHistory {
        try await context.database.read { connection in
            var history = TaskHistory(range)
            let hours = range.hours
            let span = range.resolution == .hour ? 1 : 24
            var conditions: [Query] = [
                "span = \(span) AND start >= \(hours.lowerBound) AND start < \(hours.upperBound)"
            ]
            if span == 24 {
                conditions.append("writer <> 0 AND start >= \(hours.lowerBound) AND start < \(hours.upperBound)")
            }
            for condition in conditions {
                for row in try StoredHistory.tasks(condition, connection) {
                    let start = range.resolution.start(of: row.start)
                    history.tasks[row.subject, default: [:]][start, default: TaskTally()] += row.tally
                }
                for row in try StoredHistory.queues(condition, connection) {
                    let start = range.resolution.start(of: row.start)
                    history.queues[row.subject, default: [:]][start, default: DepthTally()] += row.tally
                }
            }
            return history
        }
    }
}
