import Contracts
import Domain
import UseCases

/// The outbox: listens on their way to services outside.
///
/// For one account and one service there is one task at a time, which holds the oldest listens that wait. Whoever adds a
/// listen and whoever ends such a task hold the row of the connection first: so neither believes that the other will see
/// to what waits.
enum ListenOutbox {
    /// Bytes of the JSON of one task's listens.
    static let maxBatchBytes = 256 << 10
    /// Listens of one task, by what the service takes at once.
    static func batch(for target: ServiceID) -> Int { target == .lastfm ? 50 : 1000 }

    static func key(_ account: Int64, _ target: ServiceID) -> String { "submit_listens \(account) \(target.rawValue)" }

    /// Puts a listen into the outbox of each service that the account is connected to. Answers the tasks for those that
    /// have none.
    static func add(
        play: Play, account: Int64, now: Int64, _ connection: any Connection
    ) throws -> [NewTask] {
        var tasks: [NewTask] = []
        for target in ServiceID.listenTargets where try lock(account, target, connection) != nil {
            try connection.execute(
                """
                INSERT INTO listen (account_id, target, play_id, state, listened_at)
                VALUES (\(account), \(target.rawValue), \(play.id), 'waiting', \(play.startedAt)) ON CONFLICT DO NOTHING
                """)
            if let task = try wake(account, target, now: now, connection) { tasks.append(task) }
        }
        return tasks
    }

    /// A task for what waits, unless there is one; the caller holds the connection's row.
    static func wake(
        _ account: Int64, _ target: ServiceID, now: Int64, _ connection: any Connection
    ) throws -> NewTask? {
        let isAlive = try connection.first("SELECT 1 FROM task WHERE dedupe_key = \(key(account, target))") { _ in true
        }
        return isAlive == true ? nil : try next(account, target, now: now, connection)
    }

    /// The connection that may be used, with its row held; nil when there is none.
    /// - Returns: when it was made, and whether it waits for its owner.
    static func lock(
        _ account: Int64, _ target: ServiceID, _ connection: any Connection
    ) throws -> (connectedAt: Int64, isBroken: Bool)? {
        try connection.first(
            """
            SELECT connected_at, problem IS NOT NULL FROM service_connection
            WHERE account_id = \(account) AND service = \(target.rawValue)\(Query.forUpdate(connection.dialect))
            """
        ) { (connectedAt: $0.int(0) ?? 0, isBroken: $0.int(1) == 1) }
    }

    /// The oldest listens that wait, as a task; nil when none do, or the account has to be connected anew first.
    static func next(
        _ account: Int64, _ target: ServiceID, now: Int64, after seconds: Double? = nil, _ connection: any Connection
    ) throws -> NewTask? {
        guard let outside = try lock(account, target, connection), !outside.isBroken else { return nil }
        while true {
            let rows = try waiting(account, target, connection)
            if rows.isEmpty { return nil }
            let (batch, unsendable) = cut(rows)
            try refuse(unsendable, now: now, connection)
            guard !batch.isEmpty else { continue }
            try connection.execute(
                "UPDATE listen SET tries = tries + 1 WHERE id \(.among(batch.map(\.queued.id).sorted(), connection.dialect))"
            )
            let isInDoubt = batch.contains { $0.tries > 0 }
            let payload = SubmitListensPayload(
                accountID: account, target: target, listens: batch.map(\.queued), inDoubt: isInDoubt ? true : nil)
            return NewTask(
                payload: .submitListens(payload), priority: .normal,
                runAt: seconds.map { now + Int64(min(max(0, $0), RetryPolicy.maxRetryAfterSeconds) * 1_000_000) },
                dedupeKey: key(account, target))
        }
    }

    private struct Row {
        let id: Int64
        let tries: Int64
        /// Nil when the tags name no artist or no title.
        let listen: Listen?
    }

    private static func waiting(
        _ account: Int64, _ target: ServiceID, _ connection: any Connection
    ) throws -> [Row] {
        try connection.all(
            """
            SELECT listen.id, listen.tries, listen.listened_at, track.details, track.duration_ms
            FROM listen JOIN play ON play.id = listen.play_id JOIN track ON track.id = play.track_id
            WHERE listen.account_id = \(account) AND listen.target = \(target.rawValue) AND listen.state = 'waiting'
            ORDER BY listen.listened_at, listen.id LIMIT \(batch(for: target))
            """
        ) { row in
            let metadata: TrackMetadata
            do {
                metadata = try TrackDetails(json: row.text(3) ?? "").metadata
            } catch {
                return Row(id: row.int(0) ?? 0, tries: row.int(1) ?? 0, listen: nil)
            }
            let listen = Listen(
                metadata, durationMs: row.int(4).flatMap(Int.init(exactly:)), startedAt: (row.int(2) ?? 0) / 1_000_000)
            return Row(id: row.int(0) ?? 0, tries: row.int(1) ?? 0, listen: listen)
        }
    }

    private typealias Ready = (queued: QueuedListen, tries: Int64)

    /// From the first on, as many as there is room for; and those that no service takes.
    private static func cut(_ rows: [Row]) -> (batch: [Ready], unsendable: [Int64]) {
        var (batch, unsendable, bytes) = ([Ready](), [Int64](), 0)
        for row in rows {
            guard let listen = row.listen else {
                unsendable.append(row.id)
                continue
            }
            bytes += ContractJSON.encode(listen).utf8.count
            guard batch.isEmpty || bytes <= maxBatchBytes else { break }
            batch.append((QueuedListen(id: row.id, listen: listen), row.tries))
        }
        return (batch, unsendable)
    }

    private static func refuse(_ ids: [Int64], now: Int64, _ connection: any Connection) throws {
        guard !ids.isEmpty else { return }
        try connection.execute(
            """
            UPDATE listen SET state = 'refused', detail = 'the track has no artist or no title', settled_at = \(now)
            WHERE id \(.among(ids.sorted(), connection.dialect)) AND state = 'waiting'
            """)
    }
}

extension DatabaseCatalogue {
    /// `listens_submitted`: marks what became of the listens, and goes on with what waits.
    func applyListens(
        _ outcome: ListensSubmittedOutcome, _ completion: Completion, _ batch: inout CatalogueBatch
    ) throws -> Consequence {
        guard case .submitListens(let payload) = completion.payload else { return Consequence() }
        let (account, target, connection) = (payload.accountID, payload.target, batch.connection)
        let outside = try ListenOutbox.lock(account, target, connection)
        let known = Set(payload.listens.map(\.id))
        for verdict in outcome.verdicts where known.contains(verdict.id) {
            try connection.execute(
                """
                UPDATE listen SET state = \(verdict.state.rawValue), settled_at = \(batch.now),
                    detail = \(verdict.detail.map { NameKey.cut($0, toBytes: NameKey.maxNameBytes) })
                WHERE id = \(verdict.id) AND account_id = \(account) AND state = 'waiting'
                """)
        }
        // A connection that was made anew meanwhile is not the one that was turned away.
        if let why = outcome.signInAgain, let outside, outside.connectedAt == outcome.connectedAt {
            try connection.execute(
                """
                UPDATE service_connection SET problem = \(NameKey.cut(why, toBytes: NameKey.maxNameBytes)),
                    problem_at = \(batch.now) WHERE account_id = \(account) AND service = \(target.rawValue)
                """)
            return Consequence()
        }
        let next = try ListenOutbox.next(
            account, target, now: batch.now, after: outcome.retryAfterSeconds, connection)
        return Consequence(tasks: next.map { [$0] } ?? [])
    }
}
