import Domain

/// Finds what the outcome of a task put into the queue, by ranges of the indexes of scans, which hold the parents too.
struct TaskFollowers {
    let parent: Int64
    let kind: TaskKind
    /// The row of the scan of both.
    let scan: Int64

    /// A task gets its number when its parent ends: among those that came while the parent waited, however long the
    /// queue was. Beyond it nobody looks, so that a search for nothing ends.
    private static let reach: Int64 = 300_000
    /// A cancelled one and its heir, say.
    private static let limit = 4

    var query: Query {
        """
        SELECT id FROM (
            SELECT id FROM (SELECT id FROM task WHERE \(range("id")) LIMIT \(Self.limit)) AS living
            UNION ALL SELECT id FROM (SELECT id FROM task_dead WHERE \(range("id")) LIMIT \(Self.limit)) AS dead
            UNION ALL SELECT id FROM (\(ended("succeeded"))) AS done
            UNION ALL SELECT id FROM (\(ended("cancelled"))) AS cancelled) AS found
        """
    }

    private func ended(_ ending: String) -> Query {
        """
        SELECT task_id AS id FROM task_run
        WHERE payload IS NOT NULL AND ending = \(ending) AND \(range("task_id")) LIMIT \(Self.limit)
        """
    }

    private func range(_ id: StaticString) -> Query {
        """
        scan_id = \(scan) AND kind = \(kind.rawValue) AND \(raw: id) > \(parent)
            AND \(raw: id) <= \(parent + Self.reach) AND parent_id = \(parent)
        """
    }
}
