import Contracts
import Domain
import UseCases

extension DatabaseTaskStore {
    /// Tasks inserted in one transaction.
    private static let fillBatch = 5000

    /// Fills the queue with tasks that do nothing, as other tasks are queued, to measure how fast it drains.
    package func fillNoops(
        _ chain: NoopChain = NoopChain(followers: 0, note: nil), count: Int
    ) async throws {
        let task = Self.noop(chain, runAt: nil)
        try await inBatches(count) { transaction, batch in
            try transaction.enqueue(Array(repeating: task, count: batch))
        }
    }

    /// As `fillNoops`, the fastest way: for tasks that are only there to be in the way of those that are measured.
    ///
    /// - Parameter runAt: microseconds since the epoch; nil means now.
    package func loadNoops(
        _ chain: NoopChain = NoopChain(followers: 0, note: nil), count: Int, runAt: Int64? = nil
    ) async throws {
        let task = Self.noop(chain, runAt: runAt)
        try await inBatches(count) { transaction, batch in try transaction.load(task, count: batch) }
    }

    /// A queue as it is in the middle of a large scan, and the history of what ended before: to measure what looks at it.
    package func loadBusyQueue(live: Int, finished: Int) async throws {
        let waiting: [(kind: TaskKind, parts: Int, isLater: Bool)] = [
            (.indexFile, 50, false), (.analyzeAudio, 25, false), (.vectorizeTrack, 10, false), (.noop, 5, false),
            (.enrichTrack, 10, true),
        ]
        for (kind, parts, isLater) in waiting {
            try await inBatches(live * parts / 100) { transaction, batch in
                var task = NewTask(payload: .noop, priority: .normal, runAt: isLater ? .max / 2 : nil)
                task.raw = RawTask(kind: kind, version: kind.currentVersion, json: "{}")
                try transaction.load(EnqueuedTask(task, scanID: nil, parentID: nil), count: batch)
            }
        }
        try await inBatches(finished) { transaction, batch in try transaction.loadHistory(count: batch) }
    }

    private static func noop(_ chain: NoopChain, runAt: Int64?) -> EnqueuedTask {
        EnqueuedTask(
            NewTask(payload: .noopChain(chain), priority: .normal, runAt: runAt), scanID: nil, parentID: nil)
    }

    private func inBatches(
        _ count: Int, _ body: @Sendable @escaping (inout QueueTransaction, Int) throws -> Void
    ) async throws {
        var left = count
        while left > 0 {
            let batch = min(left, Self.fillBatch)
            try await context.write { try body(&$0, batch) }
            left -= batch
        }
    }
}

extension QueueTransaction {
    /// Tasks that ended well, with their tally.
    fileprivate mutating func loadHistory(count: Int) throws {
        let first = try connection.first("SELECT COALESCE(MAX(task_id), 0) FROM task_run") { $0.int(0) ?? 0 } ?? 0
        let kind = TaskKind.indexFile.rawValue
        let rows: [[SQLValue]] = (1...Int64(count)).map { number in
            [
                .integer(first + number), .integer(1), .text(TaskRun.End.succeeded.rawValue),
                .integer(1), .integer(now), .integer(now), .text(kind), .integer(1), .integer(2), .text("{}"),
                .integer(now), .integer(0), .integer(0),
            ]
        }
        try connection.load(
            rows, into: "task_run",
            columns: [
                "task_id", "run", "ending", "worker_id", "claimed_at", "finished_at", "kind", "version", "lane",
                "payload", "created_at", "failures", "crashes",
            ])
        for _ in rows { ended.add(kind, .succeeded) }
    }
}
