import Domain
import UseCases

/// Dead letters by cause.
enum DeadGroups {
    /// What one message of a group and its kind say: the newest one's.
    private struct Newest {
        var count = 0
        let task: Int64
        let at: Int64
        let kind: TaskKind
        let failure: Failure
    }

    /// Reads an index by time from its end; `limit` rows at most.
    static func newest(since: Int64, limit: Int, in connection: any Connection) throws -> [DeadGroup] {
        var groups: [Int: Newest] = [:]
        try connection.forEach(
            """
            SELECT fingerprint, id, dead_at, kind, failure_reason, failure_message FROM task_dead
            WHERE dead_at >= \(since) ORDER BY dead_at DESC LIMIT \(limit)
            """
        ) { row in
            let fingerprint = row.number(0)
            if groups[fingerprint] == nil {
                guard let kind = TaskKind(rawValue: row.text(3) ?? ""), let failure = row.failure(4) else { return }
                groups[fingerprint] = Newest(task: row.int(1) ?? 0, at: row.int(2) ?? 0, kind: kind, failure: failure)
            }
            groups[fingerprint]?.count += 1
        }
        return groups.map { fingerprint, newest in
            DeadGroup(
                fingerprint: fingerprint, count: newest.count, failure: newest.failure, kind: newest.kind,
                newestTask: newest.task, newestAt: newest.at)
        }.sorted { ($0.count, $0.newestAt, $0.newestTask) > ($1.count, $1.newestAt, $1.newestTask) }
    }
}
