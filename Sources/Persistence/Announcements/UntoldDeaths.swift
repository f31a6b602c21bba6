import Contracts
import Domain
import UseCases

/// Dead letters of which nobody was told yet, by their causes: ten thousand of them are one row, and one event.
struct UntoldDeaths {
    private struct Cause: Hashable, Comparable {
        let kind: String
        let fingerprint: Int

        static func < (left: Cause, right: Cause) -> Bool {
            (left.kind, left.fingerprint) < (right.kind, right.fingerprint)
        }
    }

    private struct Deaths {
        let failure: Failure
        let task: Int64
        var count = 0
    }

    private var causes: [Cause: Deaths] = [:]

    /// Of a message, in bytes.
    private static let maxMessageBytes = 500

    mutating func add(_ row: TaskRow, _ failure: Failure) {
        let cause = Cause(kind: row.kindName, fingerprint: failure.fingerprint)
        causes[cause, default: Deaths(failure: failure, task: row.id)].count += 1
    }

    /// In one order, so that two transactions never wait for each other.
    func write(now: Int64, to connection: any Connection) throws {
        for (cause, deaths) in causes.sorted(by: { $0.key < $1.key }) {
            let message = NameKey.cut(deaths.failure.message, toBytes: Self.maxMessageBytes)
            try connection.perform(
                """
                INSERT INTO untold_death (kind, fingerprint, reason, message, task_id, count, since)
                VALUES (\(cause.kind), \(cause.fingerprint), \(deaths.failure.reason.rawValue), \(message),
                    \(deaths.task), \(deaths.count), \(now))
                ON CONFLICT (kind, fingerprint) DO UPDATE SET count = untold_death.count + excluded.count
                """)
        }
    }

    /// Whether it is time to tell of what is there.
    static func areDue(_ options: Housekeeper.Options, now: Int64, _ connection: any Connection) throws -> Bool {
        let since = try connection.first("SELECT MIN(since) FROM untold_death") { $0.int(0) } ?? nil
        guard let since, since <= now - options.untoldSeconds * 1_000_000 else { return false }
        let last = try connection.first(
            "SELECT at FROM announcement WHERE topic = \(AnnouncementTopic.tasksDied.rawValue) ORDER BY id DESC LIMIT 1"
        ) { $0.int(0) ?? 0 }
        // A time ahead of now was written before the clock was set back.
        guard let last, last <= now else { return true }
        return last <= now - options.tellEverySeconds * 1_000_000
    }
}

extension QueueTransaction {
    /// Tells of what nobody was told of, together. Whoever comes second finds nothing.
    mutating func tellOfDeaths(_ options: Housekeeper.Options) throws {
        // Before it is looked whether it is time: two at once would tell in quick succession.
        try connection.lock("untold_death")
        guard try UntoldDeaths.areDue(options, now: now, connection) else { return }
        let causes = try connection.all(
            "DELETE FROM untold_death RETURNING kind, reason, message, count, task_id"
        ) { row in
            TaskKind(rawValue: row.text(0) ?? "").map { kind in
                TasksDied.Cause(
                    task: kind, reason: Failure.Reason(rawValue: row.text(1) ?? "") ?? .internalError,
                    message: row.text(2) ?? "", count: row.number(3), taskID: row.int(4) ?? 0)
            }
        }.compactMap(\.self)
        if !causes.isEmpty { announcements.append(.tasksDied(TasksDied(causes))) }
    }
}
