/// Deletes tasks that ended long ago, with all their attempts and events, a bounded number at a time.
package struct HistoryPrune: Sendable {
    /// What may be deleted.
    package enum Ending: String, CaseIterable, Sendable {
        case done, cancelled, dead
    }

    private let database: any Database
    /// Tasks that go in one transaction.
    private static let batch = 500

    package init(database: any Database) {
        self.database = database
    }

    /// - Parameter before: microseconds since the epoch; what ended earlier goes.
    /// - Returns: how many tasks are gone.
    package func run(before: Int64, endings: Set<Ending>) async throws -> Int {
        var removed = 0
        for ending in Ending.allCases where endings.contains(ending) {
            var reached: Int64 = 0
            while true {
                let start = reached
                let ids = try await database.write { connection in
                    let ids = try connection.all(
                        Self.ended(ending, before: before, after: start, connection.dialect)
                    ) { $0.int(0) ?? 0 }
                    try Self.delete(ids, on: connection)
                    return ids
                }
                guard let last = ids.last else { break }
                reached = last
                removed += ids.count
            }
        }
        return removed
    }

    private static func ended(_ ending: Ending, before: Int64, after reached: Int64, _ dialect: Dialect) -> Query {
        if ending == .dead {
            // Locked, since somebody may just be trying one of them again.
            return """
                SELECT id FROM task_dead WHERE dead_at < \(before) AND id > \(reached) ORDER BY id LIMIT \(batch)
                """ + Query.forUpdate(dialect)
        }
        return """
            SELECT task_id FROM task_run
            WHERE ending = \(ending == .done ? "succeeded" : "cancelled") AND payload IS NOT NULL
                AND finished_at < \(before) AND task_id > \(reached) ORDER BY task_id LIMIT \(batch)
            """
    }

    private static func delete(_ ids: [Int64], on connection: any Connection) throws {
        guard !ids.isEmpty else { return }
        let list = Query.among(ids, connection.dialect)
        try connection.execute("DELETE FROM task_dead WHERE id \(list)")
        try connection.execute("DELETE FROM task_run WHERE task_id \(list)")
        try connection.execute("DELETE FROM task_event WHERE task_id \(list)")
    }
}
