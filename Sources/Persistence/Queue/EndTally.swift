import Domain
import UseCases

/// How many tasks of each kind one transaction ends; written once, at its end.
struct EndTally {
    private struct Counts {
        var done = 0
        var cancelled = 0
    }

    /// Rows per kind, so that few workers wait for each other's.
    private static let shards: Int64 = 16

    private var counts: [String: Counts] = [:]

    mutating func add(_ kindName: String, _ ending: TaskRun.End) {
        switch ending {
        case .succeeded: counts[kindName, default: Counts()].done += 1
        case .cancelled: counts[kindName, default: Counts()].cancelled += 1
        case .retried, .died, .released, .lost, .parked: break
        }
    }

    /// The last statements of a transaction, and in order of kind: who waits for a row waits for one commit.
    func write(worker: Int64, to connection: any Connection) throws {
        // Ids of workers are odd.
        let shard = (worker >> 1) & (Self.shards - 1)
        for (kind, count) in counts.sorted(by: { $0.key < $1.key }) {
            try connection.perform(
                """
                INSERT INTO task_ended (kind, shard, done, cancelled)
                VALUES (\(kind), \(shard), \(count.done), \(count.cancelled))
                ON CONFLICT (kind, shard) DO UPDATE SET done = task_ended.done + excluded.done,
                    cancelled = task_ended.cancelled + excluded.cancelled
                """)
        }
    }
}
