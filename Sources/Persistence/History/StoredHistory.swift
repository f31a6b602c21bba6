import Domain

/// Rows of `task_period` and `queue_period`. The writer 0 is nobody: such rows are folded ones.
enum StoredHistory {
    typealias TaskPeriod = Period<TaskKind, TaskTally>
    typealias QueuePeriod = Period<Role, DepthTally>

    struct Period<Subject: RawRepresentable<String> & Hashable, Tally> {
        let start: Int64
        let subject: Subject
        let writer: Int64
        let tally: Tally
    }

    static func write(
        _ books: HistoryRecorder.Books, hour: Int64, writer: Int64, _ connection: any Connection
    ) throws {
        for (kind, tally) in books.tasks.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try put(tally, span: 1, hour, kind, writer: writer, connection)
        }
        for (role, tally) in books.queues.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try put(tally, span: 1, hour, role, writer: writer, connection)
        }
    }

    // MARK: Tasks

    /// - Parameter condition: what follows WHERE. Kinds that this build does not know are left out.
    static func tasks(_ condition: Query, _ connection: any Connection) throws -> [TaskPeriod] {
        let select: Query = """
            SELECT start, kind, writer, enqueued, succeeded, retried, died, lost, cancelled, released, run_ms, runs,
                wait_ms, waits FROM task_period WHERE\u{20}
            """
        return try connection.all(select + condition) { row in
            guard let kind = TaskKind(rawValue: row.text(1) ?? "") else { return nil }
            var tally = TaskTally()
            for (place, count) in TaskTally.counts.enumerated() { tally[keyPath: count] = row.number(place + 3) }
            tally.run = duration(row, 10)
            tally.wait = duration(row, 12)
            return TaskPeriod(start: row.int(0) ?? 0, subject: kind, writer: row.int(2) ?? 0, tally: tally)
        }.compactMap(\.self)
    }

    private static func duration(_ row: any Row, _ column: Int) -> DurationTally {
        DurationTally(
            milliseconds: row.int(column) ?? 0,
            histogram: DurationHistogram(counts: PackedCounts.counts(in: row.bytes(column + 1) ?? []) ?? []))
    }

    private static func put(
        _ tally: TaskTally, span: Int, _ start: Int64, _ kind: TaskKind, writer: Int64, _ connection: any Connection
    ) throws {
        let (runs, waits) = (packed(tally.run), packed(tally.wait))
        try connection.execute(
            """
            INSERT INTO task_period (span, start, kind, writer, enqueued, succeeded, retried, died, lost, cancelled,
                released, run_ms, runs, wait_ms, waits)
            VALUES (\(span), \(start), \(kind.rawValue), \(writer), \(tally.enqueued), \(tally.succeeded),
                \(tally.retried), \(tally.died), \(tally.lost), \(tally.cancelled), \(tally.released),
                \(tally.run.milliseconds), \(runs), \(tally.wait.milliseconds), \(waits))
            ON CONFLICT (span, start, kind, writer) DO UPDATE SET enqueued = excluded.enqueued,
                succeeded = excluded.succeeded, retried = excluded.retried, died = excluded.died, lost = excluded.lost,
                cancelled = excluded.cancelled, released = excluded.released, run_ms = excluded.run_ms,
                runs = excluded.runs, wait_ms = excluded.wait_ms, waits = excluded.waits
            """)
    }

    /// A histogram has fewer bins than any limit there is.
    private static func packed(_ tally: DurationTally) -> [UInt8] {
        PackedCounts.bytes(of: tally.histogram.counts) ?? []
    }

    static func fold(_ rows: [TaskPeriod], _ connection: any Connection) throws {
        try fold(rows) { rows, span, start, kind in
            let known = try tasks(
                "span = \(span) AND start = \(start) AND kind = \(kind.rawValue) AND writer = 0", connection)
            let sum = rows.reduce(into: known.first?.tally ?? TaskTally()) { $0 += $1.tally }
            try put(sum, span: span, start, kind, writer: 0, connection)
        }
        for row in rows {
            try connection.perform(
                """
                DELETE FROM task_period WHERE span = 1 AND start = \(row.start) AND kind = \(row.subject.rawValue)
                    AND writer = \(row.writer)
                """)
        }
    }

    // MARK: Queues

    static func queues(_ condition: Query, _ connection: any Connection) throws -> [QueuePeriod] {
        let select: Query =
            "SELECT start, role, writer, looks, ready_sum, ready_most, oldest_ms FROM queue_period WHERE "
        return try connection.all(select + condition) { row in
            Role(rawValue: row.text(1) ?? "").map { role in
                QueuePeriod(
                    start: row.int(0) ?? 0, subject: role, writer: row.int(2) ?? 0,
                    tally: DepthTally(
                        looks: row.number(3), sum: row.number(4), most: row.number(5), oldestMs: row.int(6) ?? 0))
            }
        }.compactMap(\.self)
    }

    private static func put(
        _ tally: DepthTally, span: Int, _ start: Int64, _ role: Role, writer: Int64, _ connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO queue_period (span, start, role, writer, looks, ready_sum, ready_most, oldest_ms)
            VALUES (\(span), \(start), \(role.rawValue), \(writer), \(tally.looks), \(tally.sum), \(tally.most),
                \(tally.oldestMs))
            ON CONFLICT (span, start, role, writer) DO UPDATE SET looks = excluded.looks,
                ready_sum = excluded.ready_sum, ready_most = excluded.ready_most, oldest_ms = excluded.oldest_ms
            """)
    }

    static func fold(_ rows: [QueuePeriod], _ connection: any Connection) throws {
        try fold(rows) { rows, span, start, role in
            let known = try queues(
                "span = \(span) AND start = \(start) AND role = \(role.rawValue) AND writer = 0", connection)
            let sum = rows.reduce(into: known.first?.tally ?? DepthTally()) { $0 += $1.tally }
            try put(sum, span: span, start, role, writer: 0, connection)
        }
        for row in rows {
            try connection.perform(
                """
                DELETE FROM queue_period WHERE span = 1 AND start = \(row.start) AND role = \(row.subject.rawValue)
                    AND writer = \(row.writer)
                """)
        }
    }

    // MARK: Both

    /// Calls `add` for each row of an hour and of a day that these belong to, in the same order every time. The caller
    /// deletes them then.
    private static func fold<Subject, Tally>(
        _ rows: [Period<Subject, Tally>],
        _ add: (_ rows: [Period<Subject, Tally>], _ span: Int, _ start: Int64, _ subject: Subject) throws -> Void
    ) throws {
        for (span, starts) in [(1, { $0 }), (24, HistoryRange.Resolution.day.start(of:))] as [(Int, (Int64) -> Int64)] {
            let groups = Dictionary(grouping: rows) { FoldedRow(start: starts($0.start), subject: $0.subject) }
            for (place, rows) in groups.sorted(by: { $0.key < $1.key }) {
                try add(rows, span, place.start, place.subject)
            }
        }
    }
}

/// Which row others are added to.
private struct FoldedRow<Subject: RawRepresentable<String> & Hashable>: Hashable, Comparable {
    let start: Int64
    let subject: Subject

    static func < (left: FoldedRow, right: FoldedRow) -> Bool {
        (left.start, left.subject.rawValue) < (right.start, right.subject.rawValue)
    }
}
