import Domain
import UseCases

/// What is handed out before a ready task: better lanes of its role, and older tasks of its own.
enum TasksAhead {
    /// Each lane is a range of an index; no more than `limit` entries of it are counted.
    static func count(of id: Int64, limit: Int, in connection: any Connection) throws -> Int {
        let found = try connection.first("SELECT kind, lane FROM task WHERE id = \(id) AND state = 'ready'") {
            (kind: TaskKind(rawValue: $0.text(0) ?? ""), lane: $0.number(1))
        }
        guard let found, let role = found.kind?.role else { return 0 }
        var count = 0
        for kind in TaskKind.allCases where kind.role == role {
            for lane in Priority.lanes where lane <= found.lane && count < limit {
                count += try ahead(of: lane == found.lane ? id : Int64.max, kind, lane, limit: limit, in: connection)
            }
        }
        return min(count, limit)
    }

    private static func ahead(
        of id: Int64, _ kind: TaskKind, _ lane: Int, limit: Int, in connection: any Connection
    ) throws -> Int {
        try connection.first(
            """
            SELECT count(*) FROM (SELECT id FROM task
                WHERE state = 'ready' AND kind = \(kind.rawValue) AND lane = \(lane) AND id < \(id)
                LIMIT \(limit)) AS before
            """
        ) { $0.number(0) } ?? 0
    }
}
